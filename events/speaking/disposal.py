"""What of speakers is erased by a disposal decision: what they needed, and how they are reached.

Their names, texts and what they consented to belong to the programme and stay. With the address
goes the link: whoever then wants to take a consent back tells the authority, which does it.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from events.models import Appearance, Event, ProgrammeItem, Speaker
from events.speaking.models import Engagement

Pairs = set[tuple[int, int]]


def needs_counts(session: Session, *, now: datetime) -> dict[int, int]:
    """How many speakers have told what they need, or left a message, at each event over."""
    rows = session.execute(
        sa.select(Engagement.event_id, sa.func.count())
        .join(Event, Event.id == Engagement.event_id)
        .where(Event.ends <= now, _told())
        .group_by(Engagement.event_id)
    )
    return {row[0]: row[1] for row in rows}


def erase_needs(session: Session, event_id: int) -> int:
    """Erase needs and messages at an event; of how many."""
    return _rows(
        session,
        sa.update(Engagement)
        .where(Engagement.event_id == event_id, _told())
        .values(needs=None, message=""),
    )


def contact_counts(session: Session, *, now: datetime) -> dict[int, int]:
    """How many speakers have an address or a link that only this event, which is over, needs."""
    found: dict[int, int] = {}
    for event_id, _speaker_id in _linked(session, now=now) | _reached(session, now=now):
        found[event_id] = found.get(event_id, 0) + 1
    return found


def erase_contact(session: Session, event_id: int, *, now: datetime) -> int:
    """Erase links, and addresses that no later event needs; of how many."""
    linked = {pair for pair in _linked(session, now=now) if pair[0] == event_id}
    reached = {pair for pair in _reached(session, now=now) if pair[0] == event_id}
    _rows(
        session,
        sa.update(Engagement).where(Engagement.event_id == event_id).values(token_hash=None),
    )
    ids = [speaker_id for _event_id, speaker_id in reached]
    _rows(session, sa.update(Speaker).where(Speaker.id.in_(ids)).values(email=""))
    return len(linked | reached)


def _told() -> sa.ColumnElement[bool]:
    return sa.or_(Engagement.needs.is_not(None), Engagement.message != "")


def _linked(session: Session, *, now: datetime) -> Pairs:
    """(event, speaker) where the link still opens the page."""
    rows = session.execute(
        sa.select(Engagement.event_id, Engagement.speaker_id)
        .join(Event, Event.id == Engagement.event_id)
        .where(Event.ends <= now, Engagement.token_hash.is_not(None))
    )
    return {(event_id, speaker_id) for event_id, speaker_id in rows}


def _reached(session: Session, *, now: datetime) -> Pairs:
    """(event, speaker) where there is an address and this was the speaker's last event."""
    part = sa.union(
        sa.select(Engagement.event_id, Engagement.speaker_id),
        sa.select(ProgrammeItem.event_id, Appearance.speaker_id).join(
            Appearance, Appearance.item_id == ProgrammeItem.id
        ),
    ).subquery()
    last = (
        sa.select(part.c.speaker_id, sa.func.max(Event.ends).label("ends"))
        .join(Event, Event.id == part.c.event_id)
        .group_by(part.c.speaker_id)
        .subquery()
    )
    rows = session.execute(
        sa.select(part.c.event_id, part.c.speaker_id)
        .join(Event, Event.id == part.c.event_id)
        .join(last, sa.and_(last.c.speaker_id == part.c.speaker_id, last.c.ends == Event.ends))
        .join(Speaker, Speaker.id == part.c.speaker_id)
        .where(Event.ends <= now, Speaker.email != "")
    )
    return {(event_id, speaker_id) for event_id, speaker_id in rows}


def _rows(session: Session, statement: Any) -> int:
    result = session.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)  # type: ignore[attr-defined]
