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
from registrations.rules import SEATLESS, Status

Share = tuple[int, int]  # how many came, of how many expected


@dataclass(frozen=True)
class Counts:
    """The numbers of one door: `left` of those who `came` have gone. Shares are (came, expected).

    Who came without a place is counted among those who came, and apart as `unseated`.
    """

    came: int = 0
    expected: int = 0
    left: int = 0
    unseated: int = 0
    by_mode: Mapping[Mode, Share] = field(default_factory=dict)
    by_sector: Mapping[Sector, Share] = field(default_factory=dict)


def counts(session: Session, post: Post) -> Counts:
    """The numbers of a door in two queries; of an item with seats those with a seat are expected.

    From the log to the people, not the other way: that costs what has come, not what may.
    """
    kinds = (Registration.mode, Registration.sector)
    places = sa.select(*kinds, sa.func.count().label("number")).where(
        Registration.event_id == post.event_id, Registration.status == Status.CONFIRMED
    )
    if post.has_seats:
        places = places.join(ItemChoice).where(ItemChoice.item_id == post.item_id)
    there = present(post.event_id, post.item_id)
    arrivals = (
        sa.select(
            *kinds,
            sa.func.count().label("number"),
            sa.func.count(there.c.left).label("left"),
            sa.func.count(sa.case((Registration.status.in_(SEATLESS), 1))).label("unseated"),
        )
        .select_from(there)
        .join(Registration, Registration.id == there.c.registration_id)
    )
    expected = session.execute(places.group_by(*kinds)).all()
    came = session.execute(arrivals.group_by(*kinds)).all()
    by_mode = {mode: _share(came, expected, "mode", mode) for mode in Mode}
    by_sector = {sector: _share(came, expected, "sector", sector) for sector in Sector}
    return Counts(
        came=sum(row.number for row in came),
        expected=sum(row.number for row in expected),
        left=sum(row.left for row in came),
        unseated=sum(row.unseated for row in came),
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


def _share(came: Sequence[Any], expected: Sequence[Any], column: str, value: object) -> Share:
    arrived, awaited = (
        sum(row.number for row in rows if getattr(row, column) == value)
        for rows in (came, expected)
    )
    return arrived, awaited
