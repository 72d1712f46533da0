"""Put a mail in the outbox, lease what is due, write down what became of it."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from core.outbox.models import Outbox
from core.outbox.rules import LEASE, PAUSE, State, next_try


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
) -> Outbox:
    """Add a mail of a registered `kind` to the caller's transaction.

    `dedupe_key` is unique for ever: a second mail with it is refused by the database. An unsent
    mail of the same `thread` is superseded: only the newest of a thread goes out. `at` puts it
    off.
    """
    if thread:
        session.execute(
            sa.update(Outbox)
            .where(Outbox.thread == thread, Outbox.state == State.WAITING)
            .values(state=State.SUPERSEDED)
            .execution_options(synchronize_session=False)
        )
    unique = uuid.uuid4().hex
    host = urlsplit(current_app.config["BASE_URL"]).hostname or "localhost"
    row = Outbox(
        kind=kind,
        payload=payload,
        recipient=to,
        language=language,
        dedupe_key=dedupe_key or f"{kind}:{unique}",
        thread=thread,
        authority_id=authority_id,
        about=about,
        message_id=f"<{unique}@{host}>",
        created=now,
        next_try=at or now,
    )
    session.add(row)
    return row


def lease(session: Session, *, now: datetime, limit: int = 20) -> list[int]:
    """Take up to `limit` due mails for five minutes; two workers never get the same."""
    due = (
        sa.select(Outbox.id)
        .where(
            Outbox.state == State.WAITING,
            Outbox.next_try <= now,
            sa.or_(Outbox.leased_until.is_(None), Outbox.leased_until <= now),
        )
        .order_by(Outbox.next_try, Outbox.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(session.scalars(due))
    if ids:
        session.execute(
            sa.update(Outbox).where(Outbox.id.in_(ids)).values(leased_until=now + LEASE)
        )
    return ids


def settle_sent(session: Session, ids: Sequence[int], *, subjects: dict[int, str], now: datetime) -> None:
    """The relay has taken them."""
    for row in session.scalars(sa.select(Outbox).where(Outbox.id.in_(ids))):
        row.state, row.sent, row.leased_until, row.error = State.SENT, now, None, ""
        row.tries += 1
        row.subject = subjects.get(row.id, "")[:300]


def settle_failed(session: Session, id_: int, *, error: str, final: bool, now: datetime) -> None:
    """It did not go: stop where `final`, else try again later, for five days."""
    row = session.get_one(Outbox, id_)
    row.tries += 1
    row.error, row.leased_until = error[:500], None
    later = None if final else next_try(row.tries, row.created, now)
    if later is None:
        row.state = State.FAILED
    else:
        row.next_try = later


def settle_superseded(session: Session, id_: int) -> None:
    """What it would have told is no longer so."""
    row = session.get_one(Outbox, id_)
    row.state, row.leased_until = State.SUPERSEDED, None


def pause(session: Session, *, error: str, now: datetime) -> None:
    """The relay refuses us altogether: everything due waits a while, nothing counts as tried."""
    session.execute(
        sa.update(Outbox)
        .where(Outbox.state == State.WAITING, Outbox.next_try <= now + PAUSE)
        .values(next_try=now + PAUSE, leased_until=None, error=error[:500])
        .execution_options(synchronize_session=False)
    )


def correct_address(session: Session, row: Outbox, *, to: str, now: datetime) -> None:
    """Send a failed mail again, to a corrected address."""
    row.recipient, row.state, row.tries, row.error = to, State.WAITING, 0, ""
    row.next_try = row.created = now
