"""What the editor asks of the database."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.text import name_key, swedish_order
from events.editing.models import Room
from events.editing.rules import Placed
from events.models import Event, Pool, ProgrammeItem, Speaker
from events.times import wall


def rooms(session: Session, event_id: int) -> list[Room]:
    """The rooms of an event, by name."""
    found = session.scalars(sa.select(Room).filter_by(event_id=event_id))
    return sorted(found, key=lambda room: swedish_order(room.name))


def room_seats(found: Sequence[Room]) -> dict[str, int | None]:
    """How many each room seats, by its name."""
    return {room.name: room.seats for room in found}


Times = Mapping[int, tuple[datetime, datetime]]


def placed(
    items: Sequence[ProgrammeItem], pools: Mapping[int, Pool], times: Times | None = None
) -> list[Placed]:
    """Items of the draft as the checks see them; at `times`, by item id, if given."""
    return [
        Placed(
            item.id, item.title, *(times[item.id] if times else (item.starts, item.ends)),
            item.room, item.group, item.track,
            tuple((a.speaker_id, a.speaker.name, a.role) for a in item.appearances),
            item.capacity, pools[item.id].taken if item.id in pools else 0,
        )
        for item in items
    ]  # fmt: skip


def by_name(session: Session, authority_id: int) -> dict[str, list[Speaker]]:
    """The speakers of the register by what spellings of their name have in common."""
    found: dict[str, list[Speaker]] = {}
    for speaker in session.scalars(
        sa.select(Speaker).filter_by(authority_id=authority_id).order_by(Speaker.id)
    ):
        found.setdefault(name_key(speaker.name), []).append(speaker)
    return found


def days_of(event: Event) -> list[date]:
    """The days of the event."""
    first, last = wall(event.starts).date(), wall(event.ends).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
