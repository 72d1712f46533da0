"""How many registered and came, by sector and mode: counts only, never persons."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.reference import Sector
from events.rules import Mode
from registrations.models import Registration
from registrations.queries.presence import present, present_at
from registrations.rules import SEATLESS, Status


@dataclass(frozen=True)
class SectorFigure:
    """How many of one sector have a place, and how many of that sector came."""

    sector: Sector
    registered: int
    came: int


@dataclass(frozen=True)
class Figures:
    """The numbers of one event.

    `registered` have a place; who came is counted whatever place they had, for the door may
    let somebody in from the waiting list. `waiting` are in the queue, `pending` are yet to be
    answered, both without the `unseated`, who came all the same; `offered` and `unproven` hold a
    place and have not answered, or not confirmed. Municipalities are those of people with a place.
    """

    registered: int = 0
    waiting: int = 0
    pending: int = 0
    offered: int = 0
    unproven: int = 0
    cancelled: int = 0
    came: int = 0
    unseated: int = 0
    by_sector: list[SectorFigure] = field(default_factory=list)
    by_mode: dict[Mode, int] = field(default_factory=dict)
    came_by_mode: dict[Mode, int] = field(default_factory=dict)
    municipalities: int = 0


def figures(session: Session, event_id: int) -> Figures:
    """The numbers of an event in three queries, whatever its size; most registered sector first."""
    rows = session.execute(
        sa.select(Registration.status, Registration.sector, Registration.mode, sa.func.count())
        .where(Registration.event_id == event_id)
        .group_by(Registration.status, Registration.sector, Registration.mode)
    ).all()
    places, arrivals = dict.fromkeys(Sector, 0), dict.fromkeys(Sector, 0)
    by_status = dict.fromkeys(Status, 0)
    by_mode, came_by_mode = dict.fromkeys(Mode, 0), dict.fromkeys(Mode, 0)
    for status, sector, mode, number in rows:
        by_status[status] += number
        if status is Status.CONFIRMED:
            places[sector] += number
            by_mode[mode] += number
    came_by_status = dict.fromkeys(Status, 0)
    for sector, mode, status, came in _arrivals(session, event_id):
        arrivals[sector] += came
        came_by_mode[mode] += came
        came_by_status[status] += came
    ranked = sorted(Sector, key=lambda sector: (-places[sector], -arrivals[sector], sector))
    return Figures(
        registered=by_status[Status.CONFIRMED],
        waiting=by_status[Status.WAITING] - came_by_status[Status.WAITING],
        pending=by_status[Status.PENDING] - came_by_status[Status.PENDING],
        offered=by_status[Status.OFFERED],
        unproven=by_status[Status.UNPROVEN],
        unseated=sum(came_by_status[one] for one in SEATLESS),
        cancelled=by_status[Status.CANCELLED],
        came=sum(arrivals.values()),
        by_sector=[
            SectorFigure(sector, places[sector], arrivals[sector])
            for sector in ranked
            if places[sector] or arrivals[sector]
        ],
        by_mode={mode: number for mode, number in by_mode.items() if number},
        came_by_mode={mode: number for mode, number in came_by_mode.items() if number},
        municipalities=_municipalities(session, event_id),
    )


def _arrivals(session: Session, event_id: int) -> Sequence[Any]:
    """How many came, by sector and mode: from the door's log to the people, not the other way."""
    there = present(event_id)
    return session.execute(
        sa.select(Registration.sector, Registration.mode, Registration.status, sa.func.count())
        .select_from(there)
        .join(Registration, Registration.id == there.c.registration_id)
        .group_by(Registration.sector, Registration.mode, Registration.status)
    ).all()


def _municipalities(session: Session, event_id: int) -> int:
    return (
        session.scalar(
            sa.select(sa.func.count(sa.distinct(Registration.municipality))).where(
                Registration.event_id == event_id, Registration.status == Status.CONFIRMED
            )
        )
        or 0
    )


def came_among(session: Session, event_ids: Sequence[int]) -> dict[int, int]:
    """How many came to each of these events, where anybody did. One question."""
    if not event_ids:
        return {}
    there = present_at(event_ids)
    rows = session.execute(
        sa.select(Registration.event_id, sa.func.count())
        .select_from(there)
        .join(Registration, Registration.id == there.c.registration_id)
        .group_by(Registration.event_id)
    )
    return dict(iter(rows))
