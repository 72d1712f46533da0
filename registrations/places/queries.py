"""How the seats of an event stand."""

from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.reference import Sector
from events.models import Event, Pool, Quota
from events.rules import Mode
from registrations.models import Registration
from registrations.rules import SEATED, Status


@dataclass(frozen=True)
class Standing:
    """The seats of one mode: how many there are, are taken (offers among them), are waited for."""

    mode: Mode
    capacity: int | None
    taken: int
    offered: int
    waiting: int
    quotas: list[tuple[Quota, int]]

    @property
    def left(self) -> int | None:
        """Seats left; None where there is no limit."""
        return None if self.capacity is None else self.capacity - self.taken


def standings(session: Session, event: Event) -> list[Standing]:
    """How each mode stands, with each quota and how many of its sector have a seat."""
    rows = session.execute(
        sa.select(Registration.mode, Registration.status, Registration.sector, sa.func.count())
        .where(Registration.event_id == event.id)
        .group_by(Registration.mode, Registration.status, Registration.sector)
    ).all()
    by_status: Counter[tuple[Mode, Status]] = Counter()
    sitting: Counter[tuple[Mode, Sector]] = Counter()
    for mode, status, sector, number in rows:
        by_status[mode, status] += number
        if status in SEATED:
            sitting[mode, sector] += number
    return [
        Standing(
            pool.mode, pool.capacity, pool.taken, by_status[pool.mode, Status.OFFERED],
            by_status[pool.mode, Status.WAITING],
            [(q, sitting[q.mode, q.sector]) for q in event.quotas if q.mode is pool.mode],
        )
        for pool in event.pools
        if pool.mode is not None
    ]  # fmt: skip


def organisations(session: Session, event_id: int, limit: int = 10) -> list[tuple[str, int]]:
    """The organisations with most people who have seats, most first."""
    number = sa.func.count()
    rows = session.execute(
        sa.select(Registration.organisation, number)
        .where(
            Registration.event_id == event_id,
            Registration.status.in_(SEATED),
            Registration.organisation != "",
            Registration.protected.is_(False),
        )
        .group_by(Registration.organisation)
        .order_by(number.desc(), Registration.organisation)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]


def pending(session: Session, event_id: int) -> int:
    """How many wait for the organiser's yes or no."""
    question = sa.select(sa.func.count()).where(
        Registration.event_id == event_id, Registration.status == Status.PENDING
    )
    return session.scalar(question) or 0


def items(session: Session, event_id: int) -> list[Pool]:
    """The pools of the programme items that have seats of their own."""
    question = sa.select(Pool).where(Pool.event_id == event_id, Pool.item_id.is_not(None))
    return list(session.scalars(question.order_by(Pool.id)))
