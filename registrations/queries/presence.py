"""Who is there: the latest line of the door's log about each person."""

import sqlalchemy as sa

from registrations.models import CheckIn
from registrations.rules import Tick


def present(event_id: int, item_id: int | None = None) -> sa.Subquery:
    """A table `registration_id, at` of those who are ticked in, at the event or in one item."""
    latest = (
        sa.select(sa.func.max(CheckIn.id))
        .where(
            CheckIn.event_id == event_id,
            CheckIn.item_id.is_(None) if item_id is None else CheckIn.item_id == item_id,
        )
        .group_by(CheckIn.registration_id)
    )
    return (
        sa.select(CheckIn.registration_id, CheckIn.at)
        .where(CheckIn.id.in_(latest), CheckIn.tick == Tick.IN)
        .subquery("present")
    )
