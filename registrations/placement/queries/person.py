"""What one person wishes, has and was given."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from events.models import ProgrammeItem
from registrations.models import ItemChoice
from registrations.placement.models import Placement, Wish


def wishes_of(session: Session, registration_id: int) -> dict[str, tuple[int | None, int | None]]:
    """Somebody's first and second choice by slot."""
    rows = session.execute(
        sa.select(ProgrammeItem.group, Wish.item_id)
        .join(Wish, Wish.item_id == ProgrammeItem.id)
        .where(Wish.registration_id == registration_id)
        .order_by(ProgrammeItem.starts, Wish.rank, Wish.id)
    )
    return ranked((group, item_id) for group, item_id in rows)


def ranked(rows: Iterable[tuple[str, int]]) -> dict[str, tuple[int | None, int | None]]:
    """Items in the order they are wished for, by slot: one that was removed moves the next up."""
    listed: dict[str, list[int]] = {}
    for group, item_id in rows:
        listed.setdefault(group, []).append(item_id)
    return {group: (ids[0], ids[1] if len(ids) > 1 else None) for group, ids in listed.items()}


def placements_of(session: Session, registration_id: int) -> Sequence[Placement]:
    """What somebody was given in each slot, the last time."""
    return session.scalars(
        sa.select(Placement).filter_by(registration_id=registration_id).order_by(Placement.group)
    ).all()


def seats_of(session: Session, registration_id: int) -> dict[str, int]:
    """The item in which somebody has a seat, by slot."""
    rows = session.execute(
        sa.select(ProgrammeItem.group, ItemChoice.item_id)
        .join(ItemChoice, ItemChoice.item_id == ProgrammeItem.id)
        .where(ItemChoice.registration_id == registration_id, ProgrammeItem.group != "")
    )
    return {row[0]: row[1] for row in rows}
