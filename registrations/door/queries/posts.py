"""What a door may be for: the whole event, or one item of its programme."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from events.models import ProgrammeItem
from events.rules import PAUSES


@dataclass(frozen=True)
class Post:
    """Where one stands. `item` is None at the door of the whole event."""

    event_id: int
    item: ProgrammeItem | None = None

    @property
    def item_id(self) -> int | None:
        """The number of the item, if it is one."""
        return self.item.id if self.item else None

    @property
    def has_seats(self) -> bool:
        """Whether the item is chosen beforehand, so that some have a seat there and some not."""
        return bool(self.item and (self.item.group or self.item.capacity is not None))


def posts(session: Session, event_id: int) -> Sequence[ProgrammeItem]:
    """The items that can have a door of their own, in the order of the day."""
    return session.scalars(
        sa.select(ProgrammeItem)
        .where(ProgrammeItem.event_id == event_id, ProgrammeItem.kind.not_in(PAUSES))
        .order_by(ProgrammeItem.starts, ProgrammeItem.ends, ProgrammeItem.id)
    ).all()


def find_post(session: Session, event_id: int, item_id: int) -> Post | None:
    """The door of that item, where it belongs to the event."""
    item = session.get(ProgrammeItem, item_id)
    return Post(event_id, item) if item is not None and item.event_id == event_id else None
