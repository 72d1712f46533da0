"""Seats: rows that must be written to be taken (rule 3 of the design).

A conditional update decides, in the transaction of whoever asks. Pools are always met in one
order, so that two who want the same seats cannot stop each other for good: the mode's, the others
by id, the organisation's own. Which others there are was read before: whoever changes the limits
of an event holds the mode's first, and leaves it with another `revision`.
"""

import time
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from core.reference import Sector
from events.models import Pool
from events.rules import Mode
from events.services.seats import hold
from registrations.organisation_seats import MOST, take_for


class Seats(NamedTuple):
    """What a pool is for, and how it stood when it was read. `capacity` None: no limit."""

    id: int
    mode: Mode | None
    item_id: int | None
    capacity: int | None
    taken: int
    others_mode: Mode | None = None
    others_than: str | None = None
    revision: int = 0

    @property
    def left(self) -> int | None:
        """Seats left; None where there is no limit."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)

    def keeps_out(self, mode: Mode, sector: Sector) -> bool:
        """Whether it counts those of that mode and sector, as seats are kept for other sectors."""
        return self.others_mode is mode and sector.value not in (self.others_than or "").split("+")


# Put together once: every registration asks these.
_POOL = Pool.metadata.tables["pool"]
PARTS = (
    _POOL.c.id, _POOL.c.mode, _POOL.c.item_id, _POOL.c.capacity, _POOL.c.taken,
    _POOL.c.others_mode, _POOL.c.others_than, _POOL.c.revision,
)  # fmt: skip
SHARED = _POOL.c.organisation_key.is_(None)  # pools that concern more than one organisation
IN_ORDER = (_POOL.c.mode.is_(None), _POOL.c.id)
_OF_EVENT = (
    sa.select(*PARTS).where(_POOL.c.event_id == sa.bindparam("event"), SHARED).order_by(*IN_ORDER)
)
_OF_EVENT_AND_MOST = (
    sa.select(*PARTS, MOST.scalar_subquery())
    .where(_POOL.c.event_id == sa.bindparam("event"), SHARED)
    .order_by(*IN_ORDER)
)
_IT = _POOL.c.id == sa.bindparam("pool")
_FREE = sa.or_(_POOL.c.capacity.is_(None), _POOL.c.taken < _POOL.c.capacity)
_HOLD = (
    sa.select(_POOL.c.id, _FREE)
    .where(_POOL.c.id.in_(sa.bindparam("pools", expanding=True)))
    .order_by(*IN_ORDER)
    .with_for_update()
)
# The rows are locked in their order first: a plain UPDATE of several meets them in any.
_LOCKED = _HOLD.with_only_columns(_POOL.c.id).cte("locked")
_TAKE = (
    sa.update(_POOL)
    .where(_POOL.c.id.in_(sa.select(_LOCKED.c.id)), _FREE)
    .values(taken=_POOL.c.taken + 1)
    .returning(_POOL.c.id, _POOL.c.revision)
)
_GIVE_BACK = sa.update(_POOL).where(_IT).values(taken=_POOL.c.taken - 1)
_TAKE_BLINDLY = (
    sa.update(_POOL)
    .where(_IT)
    .values(
        taken=sa.case((_POOL.c.taken == _POOL.c.capacity, _POOL.c.taken), else_=_POOL.c.taken + 1)
    )
)


def of_event(session: Session, event_id: int, *, lock: bool = False) -> list[Seats]:
    """The shared pools of an event, by id. With `lock` nobody else takes or returns seats.

    (On SQLite the write transaction itself is that lock.)
    """
    held = hold(session, event_id) if lock else set()
    statement = _OF_EVENT.with_for_update() if lock else _OF_EVENT
    rows = session.connection().execute(statement, {"event": event_id})
    pools = [Seats(*row) for row in rows]
    if lock and {pool.id for pool in pools if pool.mode} != held:
        return of_event(session, event_id, lock=True)  # a mode was added while we waited
    return pools


def wanted(
    pools: Sequence[Seats], *, mode: Mode, sector: Sector, items: Collection[int]
) -> list[int]:
    """The ids of the pools in which a person of that mode, sector and choice of items sits."""
    return [
        pool.id
        for pool in pools
        if pool.mode is mode or pool.item_id in items or pool.keeps_out(mode, sector)
    ]


def of_items(pools: Sequence[Seats]) -> set[int]:
    """The ids of the pools of programme items."""
    return {pool.id for pool in pools if pool.item_id is not None}


class Outcome(NamedTuple):
    """What became of somebody who wanted to sit down: all of these None where they have seats.

    `full` is the pool without a seat left, `most` the number that the organisation has used up;
    `gone`: an item can no longer be chosen.
    """

    full: Seats | None = None
    most: int | None = None
    gone: bool = False


def sit(
    session: Session,
    event_id: int,
    *,
    read: Sequence[Seats],
    most: int | None,
    mode: Mode,
    sector: Sector,
    items: Collection[int],
    organisation: str,
) -> Outcome | None:
    """Take a seat in every pool that concerns a person, or in none. None: no such mode here.

    `read` are the pools as they were read a moment ago, `most` how many of one organisation might
    have seats then. A full pool stays locked until the transaction ends: whoever returns a seat in
    it sees the one who has been put in its queue meanwhile.
    """
    if current_app.config["UNSAFE_SEATS"]:
        return _sit_without_lock(session, event_id, mode, sector, items)
    pools = read
    while True:
        of_mode = next((pool for pool in pools if pool.mode is mode), None)
        if of_mode is None:
            return None
        if not set(items) <= {pool.item_id for pool in pools}:
            return Outcome(gone=True)
        ids = wanted(pools, mode=mode, sector=sector, items=items)
        took, full = _take_all(session, ids)
        if not full and took[of_mode.id] == of_mode.revision:
            break  # nobody has held the limits since, and now nobody else can
        rows = session.connection().execute(_OF_EVENT_AND_MOST, {"event": event_id}).all()
        pools, most = [Seats(*row[:-1]) for row in rows], rows[0][-1]
        if ids == wanted(pools, mode=mode, sector=sector, items=items):
            break  # as was read; and now that the mode's is held, nobody changes it
        give_back(session, () if full else ids)
    if full:
        return Outcome(full=next(pool for pool in pools if pool.id in full))
    if not take_for(session, event_id, organisation, most):
        give_back(session, ids)
        return Outcome(most=most)
    return Outcome()


def take(session: Session, pool_ids: Iterable[int]) -> int | None:
    """Take one seat in each pool, or in none: then the id of the pool that is full.

    For who holds the pool of the mode already (`of_event(lock=True)`, or a seat just taken).
    """
    _took, full = _take_all(session, pool_ids)
    return min(full, default=None)


def _take_all(session: Session, pool_ids: Iterable[int]) -> tuple[dict[int, int], set[int]]:
    """Take one seat in each pool, or in none: then the ids of those that are full, held still.

    Before them the revision of each pool, by id, in which a seat was taken.
    """
    connection, full = session.connection(), set(pool_ids)
    took: dict[int, int] = {}
    while full:
        rows = connection.execute(_TAKE, {"pools": sorted(full)}).all()
        took |= {row[0]: row[1] for row in rows}
        full -= took.keys()
        # PostgreSQL locks nothing where it finds no free pool at all; and a seat that was returned
        # while we waited for the lock is seen only now.
        if full and not any(
            free for _id, free in connection.execute(_HOLD, {"pools": sorted(full)})
        ):
            break
    if full:
        give_back(session, took)
    return took, full


def give_back(session: Session, pool_ids: Iterable[int]) -> None:
    """Return one seat in each pool."""
    for id_ in sorted(set(pool_ids)):
        _done(session, _GIVE_BACK, id_)


def _done(session: Session, change: sa.Update, id_: int) -> bool:
    """Whether `change` found the pool as it wanted it."""
    return bool(session.connection().execute(change, {"pool": id_}).rowcount)


def _sit_without_lock(
    session: Session, event_id: int, mode: Mode, sector: Sector, items: Collection[int]
) -> Outcome | None:
    """How it must not be done: look, let go, and take what was free a moment ago.

    Only with the setting UNSAFE_SEATS, which production refuses. It shows that the tests of
    concurrency see a race where there is one (case A2). `taken` stops at the capacity, as the
    CHECK behind it would else turn the race into an error.
    """
    session.commit()
    pools = of_event(session, event_id)
    ids = wanted(pools, mode=mode, sector=sector, items=items)
    full = next((pool for pool in pools if pool.id in ids and pool.left == 0), None)
    session.commit()
    time.sleep(0.05)
    if full is None:
        for id_ in ids:
            _done(session, _TAKE_BLINDLY, id_)
    return Outcome(full=full)
