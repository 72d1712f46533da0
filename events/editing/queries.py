"""What the editor asks of the database."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.text import name_key, swedish_order
from events.editing.models import Room
from events.editing.rules import Placed
from events.models import Pool, ProgrammeItem, Speaker


def rooms(session: Session, event_id: int) -> list[Room]:
    """The rooms of an event, by name."""
    found = session.scalars(sa.select(Room).filter_by(event_id=event_id))
    return sorted(found, key=lambda room: swedish_order(room.name))


def room_seats(found: Sequence[Room]) -> dict[str, int | None]:
    """How many each room seats, by its name."""
    return {room.name: room.seats for room in found}


def placed(items: Sequence[ProgrammeItem], pools: dict[int, Pool]) -> list[Placed]:
    """Items of the draft as the checks see them."""
    return [
        Placed(
            item.id, item.title, item.starts, item.ends, item.room, item.group, item.track,
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
