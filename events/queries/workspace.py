"""The list of events that the workspace begins with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.paging import page_count
from events.models import Event, Pool, ProgrammeItem
from events.rules import State, Step, next_step, search_text

PAGE = 25  # rows of a list
TO_FINISH, COMING, DRAFTS, PAST = range(4)  # the groups of the workspace, in their order


@dataclass(frozen=True)
class Row:
    """An event in the workspace. `capacity` is None where some mode has no limit."""

    event: Event
    group: int
    items: int
    taken: int
    capacity: int | None
    step: Step | None

    @property
    def over(self) -> bool:
        """Whether it is no longer about seats."""
        return self.group in {TO_FINISH, PAST}


@dataclass(frozen=True)
class Listing:
    """One page of the workspace."""

    rows: Sequence[Row]
    page: int
    pages: int
    total: int


def listing(
    session: Session,
    authority_ids: Sequence[int],
    *,
    doors: Sequence[int] = (),
    searched: str,
    page: int,
    now: datetime,
) -> Listing:
    """The authorities' events: over but not marked so, to come (the next first), drafts, past
    (the latest first).

    Of the authorities `doors` what is no draft: one only stands at their doors. Four queries,
    however many events there are.
    """
    group = sa.case(
        (Event.state == State.DRAFT, DRAFTS),
        (Event.state.in_([State.CANCELLED, State.HELD, State.CLOSED]), PAST),
        (sa.and_(Event.state == State.PUBLISHED, Event.ends <= now), TO_FINISH),
        else_=COMING,
    )
    at_a_door = sa.and_(Event.authority_id.in_(doors), Event.state != State.DRAFT)
    mine = sa.select(Event, group).where(sa.or_(Event.authority_id.in_(authority_ids), at_a_door))
    for word in search_text(searched).split():
        mine = mine.where(Event.search.contains(word, autoescape=True))
    total = session.scalar(sa.select(sa.func.count()).select_from(mine.subquery())) or 0
    pages = page_count(total, PAGE)
    found = session.execute(
        mine.order_by(group, sa.case((group != PAST, Event.starts)), Event.starts.desc(), Event.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    ids = [event.id for event, _group in found]
    seats = _seats(session, ids)
    items = _counted(session, ids)
    rows = []
    for event, rank in found:
        count = items.get(event.id, 0)
        step = next_step(state=event.state, ends=event.ends, items=count, now=now)
        rows.append(Row(event, rank, count, *seats.get(event.id, (0, 0)), step))
    return Listing(rows, page, pages, total)


def _seats(session: Session, ids: Sequence[int]) -> dict[int, tuple[int, int | None]]:
    seats: dict[int, tuple[int, int | None]] = {}
    for pool in session.scalars(
        sa.select(Pool).where(Pool.event_id.in_(ids), Pool.mode.is_not(None))
    ):
        taken, capacity = seats.get(pool.event_id, (0, 0))
        more = None if capacity is None or pool.capacity is None else capacity + pool.capacity
        seats[pool.event_id] = (taken + pool.taken, more)
    return seats


def _counted(session: Session, ids: Sequence[int]) -> dict[int, int]:
    found = session.execute(
        sa.select(ProgrammeItem.event_id, sa.func.count())
        .where(ProgrammeItem.event_id.in_(ids))
        .group_by(ProgrammeItem.event_id)
    )
    return dict(iter(found))
