"""Who was there: what the lines of the door's log add up to.

What stands after a person's last `undo` counts. Corrections by hand are lines too, so whatever
is counted from here holds them.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registrations.models import CheckIn
from registrations.rules import Tick


def present(
    event_id: int, item_id: int | None = None, registration_ids: Sequence[int] | None = None
) -> sa.Subquery:
    """A table of those who came, to the event or to one item, whether or not they have left.

    `registration_id`, `at` (when they came first), `left` (when they went; None while they are
    there) and `line` (the number of the last line about them). Of `registration_ids` only, if
    they are given.
    """
    conditions = [
        CheckIn.event_id == event_id,
        CheckIn.item_id.is_(None) if item_id is None else CheckIn.item_id == item_id,
    ]
    if registration_ids is not None:
        conditions.append(CheckIn.registration_id.in_(registration_ids))
    return _standing(conditions).subquery("present")


def arrivals(session: Session, event_id: int, item_id: int | None = None) -> dict[int, datetime]:
    """When those who came came first, by registration.

    For whole lists: SQLite takes seconds to join `present` to ten thousand people.
    """
    there = present(event_id, item_id)
    rows = session.execute(sa.select(there.c.registration_id, there.c.at))
    return {row.registration_id: row.at for row in rows}


def present_at(event_ids: Iterable[int]) -> sa.Subquery:
    """As `present`, at several events at once."""
    conditions = [CheckIn.event_id.in_(list(event_ids)), CheckIn.item_id.is_(None)]
    return _standing(conditions).subquery("present_at")


def present_in_items(event_id: int) -> sa.Subquery:
    """As `present`, in all items of an event at once; also `item_id`."""
    conditions = [CheckIn.event_id == event_id, CheckIn.item_id.is_not(None)]
    return _standing(conditions, by_item=True).subquery("present_in_items")


def _standing(
    conditions: Sequence[sa.ColumnElement[bool]], *, by_item: bool = False
) -> sa.Select[Any]:
    keys: list[Any] = [CheckIn.registration_id, *([CheckIn.item_id] if by_item else [])]
    void = (
        sa.select(*keys, sa.func.max(CheckIn.id).label("id"))
        .where(*conditions, CheckIn.tick == Tick.UNDO)
        .group_by(*keys)
        .subquery("void")
    )
    same = sa.and_(*(void.c[key.key] == key for key in keys))
    came = sa.func.max(sa.case((CheckIn.tick == Tick.IN, CheckIn.id)))
    went = sa.func.max(sa.case((CheckIn.tick == Tick.OUT, CheckIn.id)))
    when = sa.func.max(sa.case((CheckIn.tick == Tick.OUT, CheckIn.at)))
    return (
        sa.select(
            *keys,
            sa.func.min(CheckIn.at).label("at"),
            sa.case((went > came, when)).label("left"),
            sa.func.max(CheckIn.id).label("line"),
        )
        .select_from(sa.outerjoin(CheckIn, void, same))
        .where(*conditions, sa.or_(void.c.id.is_(None), CheckIn.id > void.c.id))
        .group_by(*keys)
    )
