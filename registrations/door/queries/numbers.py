"""How many are expected, have come and have left: counts only, never persons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.reference import Sector
from events.rules import Mode
from registrations.door.queries.posts import Post
from registrations.models import ItemChoice, Registration
from registrations.queries.presence import present, present_in_items
from registrations.rules import Status

Share = tuple[int, int]  # how many came, of how many expected


@dataclass(frozen=True)
class Counts:
    """The numbers of one door: `left` of those who `came` have gone. Shares are (came, expected).

    Who came without a place is counted among those who came.
    """

    came: int = 0
    expected: int = 0
    left: int = 0
    by_mode: Mapping[Mode, Share] = field(default_factory=dict)
    by_sector: Mapping[Sector, Share] = field(default_factory=dict)


def counts(session: Session, post: Post) -> Counts:
    """The numbers of a door in one query; of an item with seats those with a seat are expected."""
    there = present(post.event_id, post.item_id)
    place = sa.case((Registration.status == Status.CONFIRMED, 1), else_=0)
    mine = sa.select(Registration).where(Registration.event_id == post.event_id)
    if post.has_seats:
        place = sa.case((sa.and_(place == 1, ItemChoice.id.is_not(None)), 1), else_=0)
    rows = mine.with_only_columns(
        Registration.mode,
        Registration.sector,
        sa.func.sum(place).label("expected"),
        sa.func.count(there.c.registration_id).label("came"),
        sa.func.count(there.c.left).label("left"),
    ).outerjoin(there, there.c.registration_id == Registration.id)
    if post.has_seats:
        seat = sa.and_(
            ItemChoice.registration_id == Registration.id, ItemChoice.item_id == post.item_id
        )
        rows = rows.outerjoin(ItemChoice, seat)
    found = session.execute(rows.group_by(Registration.mode, Registration.sector)).all()
    by_mode = {mode: _share(found, "mode", mode) for mode in Mode}
    by_sector = {sector: _share(found, "sector", sector) for sector in Sector}
    return Counts(
        came=sum(row.came for row in found),
        expected=sum(row.expected for row in found),
        left=sum(row.left for row in found),
        by_mode={mode: share for mode, share in by_mode.items() if any(share)},
        by_sector={sector: share for sector, share in by_sector.items() if any(share)},
    )


def item_counts(session: Session, event_id: int) -> dict[int, Share]:
    """(came, chosen) of the items of an event where either is more than nothing. Two queries."""
    there = present_in_items(event_id)
    came = session.execute(sa.select(there.c.item_id, sa.func.count()).group_by(there.c.item_id))
    seats = session.execute(
        sa.select(ItemChoice.item_id, sa.func.count())
        .join(Registration, Registration.id == ItemChoice.registration_id)
        .where(Registration.event_id == event_id, Registration.status == Status.CONFIRMED)
        .group_by(ItemChoice.item_id)
    )
    arrived, chosen = ({row[0]: row[1] for row in rows} for rows in (came, seats))
    return {
        item_id: (arrived.get(item_id, 0), chosen.get(item_id, 0))
        for item_id in arrived.keys() | chosen.keys()
    }


def _share(rows: Sequence[Any], column: str, value: object) -> Share:
    mine = [row for row in rows if getattr(row, column) == value]
    return sum(row.came for row in mine), sum(row.expected for row in mine)
