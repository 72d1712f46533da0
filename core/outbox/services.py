"""Put a mail in the outbox, lease what is due, write down what became of it."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session, aliased

from core.outbox.models import Outbox
from core.outbox.rules import LEASE, PAUSE, State, next_try

LEASING = 1_871_204  # any number that no other lock of this kind has
_TABLE = Outbox.metadata.tables["outbox"]
_PUT = sa.insert(_TABLE).returning(_TABLE.c.id)
_SUPERSEDE = (
    sa.update(_TABLE)
    .where(_TABLE.c.thread == sa.bindparam("of_thread"), _TABLE.c.state == State.WAITING)
    .values(state=State.SUPERSEDED)
)


def enqueue(
    session: Session,
    *,
    kind: str,
    to: str,
    payload: dict[str, Any],
    now: datetime,
    dedupe_key: str | None = None,
    thread: str | None = None,
    authority_id: int | None = None,
    about: str = "",
    language: str = "sv",
    at: datetime | None = None,
    first: bool = False,
) -> int:
    """Add a mail of a registered `kind` to the caller's transaction; the number of its row.

    `dedupe_key` is unique for ever: a second mail with it is refused by the database. An unsent
    mail of the same `thread` is superseded: only the newest of a thread goes out (`first`: there
    can be none, so none is looked for). `at` puts it off.
    """
    connection = session.connection()
    if thread and not first:
        connection.execute(_SUPERSEDE, {"of_thread": thread})
    row = _row(
        kind=kind, to=to, payload=payload, now=now, dedupe_key=dedupe_key, thread=thread,
        authority_id=authority_id, about=about, language=language, at=at,
    )  # fmt: skip
    return int(connection.execute(_PUT, row).scalar_one())


def enqueue_all(session: Session, letters: Sequence[dict[str, Any]], *, now: datetime) -> None:
    """Add many mails in one statement, each with the arguments of `enqueue`.

    None is superseded: of their threads nothing may wait.
    """
    if letters:
        session.connection().execute(
            sa.insert(_TABLE), [_row(now=now, **letter) for letter in letters]
        )


def _row(
    *,
    kind: str,
    to: str,
    payload: dict[str, Any],
    now: datetime,
    dedupe_key: str | None = None,
    thread: str | None = None,
    authority_id: int | None = None,
    about: str = "",
    language: str = "sv",
    at: datetime | None = None,
) -> dict[str, Any]:
    unique = uuid.uuid4().hex
    return {
        "kind": kind, "payload": payload, "recipient": to, "language": language,
        "dedupe_key": dedupe_key or f"{kind}:{unique}", "thread": thread,
        "authority_id": authority_id, "about": about, "message_id": f"<{unique}@{_host()}>",
        "subject": "", "calendar": "", "state": State.WAITING, "tries": 0, "error": "",
        "created": now, "next_try": at or now,
    }  # fmt: skip


def _host() -> str:
    return urlsplit(current_app.config["BASE_URL"]).hostname or "localhost"


def anything_due(session: Session, *, now: datetime) -> bool:
    """Whether there is a mail to send; asked before the write lock is taken for it."""
    due = sa.select(Outbox.id).where(Outbox.state == State.WAITING, Outbox.next_try <= now)
    return session.scalar(due.limit(1)) is not None


def lease(session: Session, *, now: datetime, limit: int = 20) -> list[int]:
    """Take up to `limit` due mails for five minutes; two workers never get the same.

    What is about something of which another worker is just sending an older mail waits for that:
    a slow relay would else deliver the older one last. So that it is seen, one worker leases at a
    time (on SQLite the write transaction sees to that).
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(LEASING)))
    older = aliased(Outbox)
    on_the_way = (
        sa.exists()
        .where(older.about == Outbox.about, older.about != "")
        .where(older.id < Outbox.id, older.leased_until > now)
    )
    due = (
        sa.select(Outbox.id)
        .where(
            Outbox.state == State.WAITING,
            Outbox.next_try <= now,
            sa.or_(Outbox.leased_until.is_(None), Outbox.leased_until <= now),
            ~on_the_way,
        )
        .order_by(Outbox.next_try, Outbox.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Outbox)
    )
    ids = list(session.scalars(due))
    if ids:
        session.execute(
            sa.update(Outbox).where(Outbox.id.in_(ids)).values(leased_until=now + LEASE)
        )
    return ids


def overtaken(session: Session, row: Outbox) -> bool:
    """Whether a newer mail about the same, with a calendar object, has gone to the same address.

    An older one must not come after it: it would stand last in the reader's mailbox, and put back
    what their calendar shows.
    """
    newer = sa.select(Outbox.id).where(
        Outbox.about == row.about,
        Outbox.recipient == row.recipient,
        Outbox.id > row.id,
        Outbox.state == State.SENT,
        Outbox.calendar != "",
    )
    return bool(row.about) and session.scalar(newer.limit(1)) is not None


def renew(session: Session, id_: int, *, now: datetime) -> bool:
    """Take five more minutes for a leased mail; False where it is no longer ours to send.

    Called before a mail whose lease is getting old, so that it cannot run out while the relay
    is slow and another worker send the same mail.
    """
    taken = session.execute(
        sa.update(Outbox)
        .where(Outbox.id == id_, Outbox.state == State.WAITING, Outbox.leased_until > now)
        .values(leased_until=now + LEASE)
        .execution_options(synchronize_session=False)
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def settle_sent(
    session: Session,
    ids: Sequence[int],
    *,
    subjects: dict[int, str],
    now: datetime,
    calendars: dict[int, str] | None = None,
) -> None:
    """The relay has taken them, with these subjects and the methods of their calendar objects."""
    for row in session.scalars(sa.select(Outbox).where(Outbox.id.in_(ids))):
        row.state, row.sent, row.leased_until, row.error = State.SENT, now, None, ""
        row.tries += 1
        row.subject = subjects.get(row.id, "")[:300]
        row.calendar = (calendars or {}).get(row.id, "")


def settle_failed(session: Session, id_: int, *, error: str, final: bool, now: datetime) -> None:
    """It did not go: stop where `final`, else try again later, for five days."""
    row = session.get_one(Outbox, id_)
    row.tries += 1
    row.error, row.leased_until = error[:500], None
    if row.state is not State.WAITING:
        return
    later = None if final else next_try(row.tries, row.created, now)
    if later is None:
        row.state = State.FAILED
    else:
        row.next_try = later


def settle_bounced(
    session: Session, message_id: str, *, recipients: Collection[str], error: str
) -> bool:
    """A mail that the relay had taken came back; whether there was one to mark.

    None of `recipients` (small letters) is the mail's: it has been sent to another since, and
    what comes back is the old one.
    """
    row = session.scalar(sa.select(Outbox).where(Outbox.message_id == message_id).with_for_update())
    if row is None or row.state is not State.SENT or row.recipient.casefold() not in recipients:
        return False
    row.state, row.error = State.FAILED, error[:500]
    return True


def settle_superseded(session: Session, id_: int) -> None:
    """What it would have told is no longer so."""
    row = session.get_one(Outbox, id_)
    row.state, row.leased_until = State.SUPERSEDED, None


def pause(session: Session, ids: Sequence[int], *, error: str, now: datetime) -> None:
    """No mail can go just now: everything due waits a while, nothing counts as tried.

    `ids` are those the caller has leased; what other workers hold is left to them.
    """
    session.execute(
        sa.update(Outbox)
        .where(
            Outbox.state == State.WAITING,
            Outbox.next_try <= now + PAUSE,
            sa.or_(Outbox.id.in_(ids), Outbox.leased_until.is_(None), Outbox.leased_until <= now),
        )
        .values(next_try=now + PAUSE, leased_until=None, error=error[:500])
        .execution_options(synchronize_session=False)
    )


def correct_address(session: Session, id_: int, *, to: str, now: datetime) -> None:
    """Send a failed mail again, to a corrected address. Does nothing to one that has not failed."""
    row = session.get_one(Outbox, id_, with_for_update=True)
    if row.state is State.FAILED:
        row.recipient, row.state, row.tries, row.error = to, State.WAITING, 0, ""
        row.next_try = row.created = now
