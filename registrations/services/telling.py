"""Which letters are put in the outbox, in the transaction that they tell of."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import record
from core import crypto, throttle
from core.outbox.models import Outbox
from core.outbox.rules import State as MailState
from core.outbox.services import enqueue
from core.text import clean_line
from registrations.models import Registration
from registrations.parties.queries import of_address
from registrations.queries.public import active_of_address
from registrations.rules import ADDRESS_UNPROVEN, MAIL_PER_DAY, MAIL_PER_HOUR, REPEAT_AFTER

# What the queue says by itself, though somebody unknown may have set it going.
BY_QUEUE = frozenset({"promoted", "offered"})
PUT_OFF = timedelta(hours=26)  # a day with its ten letters, and somewhat more
PUT_OFF_PLACE = timedelta(days=3)  # a place must be told of, if it takes days
BOUNDS = (
    throttle.Bound(MAIL_PER_HOUR, timedelta(hours=1)),
    throttle.Bound(MAIL_PER_DAY, timedelta(days=1)),
)


def within_bounds(session: Session, email: str, *, now: datetime) -> bool:
    """Count a letter that somebody unknown has us send to `email`; whether it may go.

    The answer to them is the same when it may not (decision 21). What is refused is not counted,
    so that nobody can use up somebody else's day in a minute.
    """
    return receipt_time(session, email, now=now, wait=timedelta(0)) is not None


def receipt_time(
    session: Session, email: str, *, now: datetime, wait: timedelta = PUT_OFF
) -> datetime | None:
    """When a letter may go to `email`: now or as soon as there is room; None where none is.

    Colleagues who share a mailbox all get theirs, and nobody's mailbox is filled.
    """
    return throttle.take_turn(session, _counted(email), BOUNDS, now=now, wait=wait)


def _counted(email: str) -> str:
    """What letters to an address are counted under: one box for all its tags."""
    name, _at, domain = clean_line(email).casefold().rpartition("@")
    address = crypto.digest(f"{name.partition('+')[0]}@{domain}")[:32]
    return f"mail:{address}"


def tell(
    session: Session,
    person: Registration,
    kind: str,
    *,
    now: datetime,
    at: datetime | None = None,
    bounded: bool = False,
    **more: Any,
) -> None:
    """Put a letter about somebody's own registration in the outbox.

    An older one that has not gone yet is superseded: the newest says how things stand. Whoever
    was entered without an address gets none. `bounded`: somebody unknown has asked for it, so it
    counts and may have to wait (see `receipt_time`); what the queue says does so too.
    """
    if not person.email:
        return
    queued = kind in BY_QUEUE and person.source in ADDRESS_UNPROVEN
    if bounded or queued:
        wait = PUT_OFF_PLACE if queued else PUT_OFF
        at = receipt_time(session, person.email, now=now, wait=wait)
        if at is None:
            note_untold(session, person, now=now)
            return
    enqueue(
        session,
        kind=f"registration.{kind}",
        to=person.email,
        payload={"registration": person.id, **more},
        now=now,
        at=at,
        thread=_thread(person),
        authority_id=person.event.authority_id,
        about=_about(person),
        language=person.language,
    )


def tell_in_turn(
    session: Session, person: Registration, kind: str, *, now: datetime, **more: Any
) -> datetime | None:
    """Put a letter that another than the person has us send in the outbox; when it goes.

    It waits where the mailbox has had its letters. None where there is no turn for days, or no
    address: then the log says that the person is not told.
    """
    at = None
    if person.email:
        at = receipt_time(session, person.email, now=now, wait=PUT_OFF_PLACE)
    if at is None:
        note_untold(session, person, now=now)
    else:
        tell(session, person, kind, now=now, at=at, **more)
    return at


def readdress(session: Session, person: Registration, *, by: User | None) -> None:
    """Have the letters about somebody that have not gone yet go to the address they have now.

    They are written when they are sent, with the new link: that must not reach the old address.
    Nor must a stranger move letters to somebody's: unless those who work here asked for it, the
    letters go nowhere, and the one that tells of the change is counted as any other.
    """
    moves = bool(person.email and by)
    now_to = {"recipient": person.email} if moves else {"state": MailState.SUPERSEDED}
    session.execute(
        sa.update(Outbox)
        .where(Outbox.about == _about(person), Outbox.state == MailState.WAITING)
        .values(**now_to)
        .execution_options(synchronize_session=False)
    )


def note_untold(session: Session, person: Registration, *, now: datetime) -> None:
    """Write in the log that a letter could not be sent, so that it is not lost unseen."""
    record(session, by=None, action="registration.untold", subject=person, now=now)


def tell_first(
    session: Session,
    person: Registration,
    *,
    authority_id: int,
    now: datetime,
    at: datetime | None = None,
) -> None:
    """Put the receipt of a new registration in the outbox: nothing older can be waiting."""
    if not person.email:
        return
    enqueue(
        session, kind="registration.receipt", to=person.email, now=now, at=at,
        payload={"registration": person.id}, thread=_thread(person), first=True,
        authority_id=authority_id, about=_about(person), language=person.language,
    )  # fmt: skip


def tell_already(session: Session, person: Registration, *, now: datetime) -> None:
    """Put "you are already registered" in the outbox, at most once an hour."""
    _at_intervals(
        session, kind="registration.already", to=person.email, about=_about(person),
        now=now, at=now, payload={"registration": person.id}, language=person.language,
        authority_id=person.event.authority_id,
    )  # fmt: skip


def address_digest(email: str) -> str:
    """What a letter to all of an address's registrations is known by."""
    return crypto.digest(clean_line(email).casefold())[:32]


def send_links(
    session: Session, email: str, *, language: str, now: datetime, at: datetime | None = None
) -> None:
    """Send the links of an address's registrations again, if it has any; at most once an hour.

    `at`: not before then.
    """
    people, parties = active_of_address(session, email, now), of_address(session, email, now)
    if not people and not parties:
        return
    address = address_digest(email)
    _at_intervals(
        session, kind="registration.links", about=f"address:{address}", now=now, at=at or now,
        to=people[0].email if people else parties[0].contact_email, language=language,
        payload={
            "registrations": [p.id for p in people], "parties": [p.id for p in parties],
            "address": address,
        },
    )  # fmt: skip


def _at_intervals(
    session: Session,
    *,
    kind: str,
    to: str,
    about: str,
    now: datetime,
    at: datetime,
    payload: dict[str, Any],
    language: str,
    authority_id: int | None = None,
) -> None:
    lately = session.scalar(
        sa.select(Outbox.id)
        .where(Outbox.about == about, Outbox.kind == kind, Outbox.created > now - REPEAT_AFTER)
        .limit(1)
    )
    if lately is None and to and within_bounds(session, to, now=at):
        # Two who ask at the same instant make the same key: the database lets one in.
        enqueue(
            session, kind=kind, to=to, payload=payload, now=now, at=at, about=about,
            language=language,
            dedupe_key=f"{kind}:{about}:{now:%Y%m%d%H%M}", authority_id=authority_id,
        )  # fmt: skip


def _thread(person: Registration) -> str:
    return f"registration:{person.id}"


def _about(person: Registration) -> str:
    return f"registration:{person.id}"
