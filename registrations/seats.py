"""Seats: rows that must be written to be taken (rule 3 of the design).

A conditional update decides, in the transaction of whoever asks; pools are always met in the
order of their ids, so that two who want the same seats cannot stop each other for good.
"""

import time
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from events.models import Pool
from events.rules import Mode


class Seats(NamedTuple):
    """What a pool is for, and how it stood when it was read. `capacity` None: no limit."""

    id: int
    mode: Mode | None
    item_id: int | None
    capacity: int | None
    taken: int

    @property
    def left(self) -> int | None:
        """Seats left; None where there is no limit."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)


# Put together once: every registration asks these.
_POOL = Pool.metadata.tables["pool"]
_OF_EVENT = (
    sa.select(_POOL.c.id, _POOL.c.mode, _POOL.c.item_id, _POOL.c.capacity, _POOL.c.taken)
    .where(_POOL.c.event_id == sa.bindparam("event"))
    .order_by(_POOL.c.id)
)
_IT = _POOL.c.id == sa.bindparam("pool")
_FREE = sa.or_(_POOL.c.capacity.is_(None), _POOL.c.taken < _POOL.c.capacity)
_TAKE = sa.update(_POOL).where(_IT, _FREE).values(taken=_POOL.c.taken + 1)
_HOLD = sa.update(_POOL).where(_IT).values(taken=_POOL.c.taken)
_GIVE_BACK = sa.update(_POOL).where(_IT).values(taken=_POOL.c.taken - 1)
_TAKE_BLINDLY = (
    sa.update(_POOL)
    .where(_IT)
    .values(
        taken=sa.case((_POOL.c.taken == _POOL.c.capacity, _POOL.c.taken), else_=_POOL.c.taken + 1)
    )
)


def of_event(session: Session, event_id: int, *, lock: bool = False) -> list[Seats]:
    """The pools of an event, by id. With `lock` nobody else takes or returns seats meanwhile.

    (On SQLite the write transaction itself is that lock.)
    """
    statement = _OF_EVENT.with_for_update() if lock else _OF_EVENT
    return [Seats(*row) for row in session.execute(statement, {"event": event_id})]


def take(session: Session, pool_ids: Iterable[int]) -> int | None:
    """Take one seat in each pool, or in none: then the id of the pool that is full.

    A full pool stays locked until the transaction ends: whoever returns a seat in it sees the
    one who has been put in its queue meanwhile.
    """
    ids = sorted(set(pool_ids))
    if current_app.config["UNSAFE_SEATS"]:
        return _take_without_lock(session, ids)
    for place, id_ in enumerate(ids):
        if not _done(session, _TAKE, id_) and not (
            _done(session, _HOLD, id_) and _done(session, _TAKE, id_)
        ):
            give_back(session, ids[:place])
            return id_
    return None


def give_back(session: Session, pool_ids: Iterable[int]) -> None:
    """Return one seat in each pool."""
    for id_ in sorted(set(pool_ids)):
        _done(session, _GIVE_BACK, id_)


def _done(session: Session, change: sa.Update, id_: int) -> bool:
    """Whether `change` found the pool as it wanted it."""
    return bool(session.execute(change, {"pool": id_}).rowcount)  # type: ignore[attr-defined]


def _take_without_lock(session: Session, ids: Sequence[int]) -> int | None:
    """How it must not be done: look, let go, and take what was free a moment ago.

    Only with the setting UNSAFE_SEATS, which production refuses. It shows that the tests of
    concurrency see a race where there is one (case A2). `taken` stops at the capacity, as the
    CHECK behind it would else turn the race into an error.
    """
    session.commit()
    wanted = sa.select(_POOL.c.id, _POOL.c.capacity, _POOL.c.taken).where(_POOL.c.id.in_(ids))
    rows = session.execute(wanted)
    full: list[int] = [
        id_ for id_, capacity, taken in rows if capacity is not None and taken >= capacity
    ]
    session.commit()
    time.sleep(0.05)
    if full:
        return min(full)
    for id_ in ids:
        _done(session, _TAKE_BLINDLY, id_)
    return None
