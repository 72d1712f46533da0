"""What has been sent to calendars, and what has come back."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from core import crypto
from core.outbox.models import Outbox
from events.models import Event
from events.queries.feeds import MOST_IN_FEED
from events.rules import State
from registrations.calendars.models import CalendarReply, OwnFeed
from registrations.calendars.rules import BACK, Standing
from registrations.models import ItemChoice, Registration
from registrations.rules import Status


def last_sent(session: Session, person: Registration) -> str:
    """The method of the last calendar object that went to the person; "" where none has."""
    found = session.scalar(
        sa.select(Outbox.calendar)
        .where(
            Outbox.about == f"registration:{person.id}",
            Outbox.calendar != "",
            Outbox.sent.is_not(None),
        )
        .order_by(Outbox.sent.desc(), Outbox.id.desc())
        .limit(1)
    )
    return found or ""


def feed_of(session: Session, person: Registration) -> OwnFeed | None:
    """The calendar of the person's address, if there is one."""
    return session.scalar(sa.select(OwnFeed).filter_by(email_key=person.email_key))


def feed_by_token(session: Session, token: str) -> OwnFeed | None:
    """The calendar at a secret address."""
    return session.scalar(sa.select(OwnFeed).filter_by(token_hash=crypto.digest(token)))


def token_of(link_key: str) -> str:
    """The secret part of a calendar's address."""
    return crypto.derived_token("own-feed", link_key)


def registered(session: Session, feed: OwnFeed, *, now: datetime) -> Sequence[Registration]:
    """The places of an address, a year back and all that come."""
    return session.scalars(
        sa.select(Registration)
        .join(Registration.event)
        .options(contains_eager(Registration.event))
        .where(
            Registration.email_key == feed.email_key,
            Registration.status == Status.CONFIRMED,
            Event.state != State.DRAFT,
            Event.ends > now - BACK,
        )
        .order_by(Event.starts.desc(), Registration.id)
        .limit(MOST_IN_FEED)
    ).all()


def choices_of(session: Session, ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """The items that each of these registrations has chosen."""
    found: dict[int, set[int]] = {}
    for registration_id, item_id in session.execute(
        sa.select(ItemChoice.registration_id, ItemChoice.item_id).where(
            ItemChoice.registration_id.in_(list(ids))
        )
    ):
        found.setdefault(registration_id, set()).add(item_id)
    return {registration_id: frozenset(items) for registration_id, items in found.items()}


def answer_of(session: Session, person: Registration) -> CalendarReply | None:
    """The last answer to the invitation that counts."""
    return session.scalar(
        sa.select(CalendarReply)
        .filter_by(registration_id=person.id, standing=Standing.COUNTS)
        .order_by(CalendarReply.sequence.desc(), CalendarReply.stamped.desc())
        .limit(1)
    )


def replies_to(session: Session, event_id: int) -> Sequence[CalendarReply]:
    """What has come back about an event, the latest first, without the mails."""
    return session.scalars(
        sa.select(CalendarReply)
        .join(CalendarReply.registration)
        .options(contains_eager(CalendarReply.registration))
        .where(Registration.event_id == event_id)
        .order_by(CalendarReply.id.desc())
        .limit(MOST_IN_FEED)
    ).all()


def find_reply(session: Session, reply_id: int) -> CalendarReply | None:
    """The answer of that number, whosesoever it is (the gate asks)."""
    return session.get(CalendarReply, reply_id, options=[joinedload(CalendarReply.registration)])


def invited_as(session: Session, uid: str, own_part: Callable[[str], str]) -> Registration | None:
    """Whose entry has that UID."""
    event_uid, _dot, own = uid.rpartition(".")
    rows = session.execute(
        sa.select(Registration.id, Registration.link_key)
        .join(Registration.event)
        .where(Event.uid == event_uid)
    )
    found = next((row.id for row in rows if crypto.same(own_part(row.link_key), own)), None)
    return session.get(Registration, found) if found else None


def number_of_replies(session: Session, registration_id: int) -> int:
    """How many mails are kept about one registration."""
    return (
        session.scalar(
            sa.select(sa.func.count(CalendarReply.id)).filter_by(registration_id=registration_id)
        )
        or 0
    )


def known_reply(session: Session, registration_id: int, body_hash: str) -> CalendarReply | None:
    """The same mail, if it has been taken in before."""
    return session.scalar(
        sa.select(CalendarReply).filter_by(registration_id=registration_id, body_hash=body_hash)
    )
