"""Seats: rows that must be written to be taken (rule 3 of the design).

A conditional update decides, in the transaction of whoever asks; pools are always met in the
order of their ids, so that two who want the same seats cannot stop each other for good.
"""

import time
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

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


def of_event(session: Session, event_id: int, *, lock: bool = False) -> list[Seats]:
    """The pools of an event, by id. With `lock` nobody else takes or returns seats meanwhile.

    (On SQLite the write transaction itself is that lock.)
    """
    statement = (
        sa.select(Pool.id, Pool.mode, Pool.item_id, Pool.capacity, Pool.taken)
        .where(Pool.event_id == event_id)
        .order_by(Pool.id)
    )
    if lock:
        statement = statement.with_for_update()
    return [Seats(*row) for row in session.execute(statement)]


def take(session: Session, pool_ids: Iterable[int]) -> int | None:
    """Take one seat in each pool, or in none: then the id of the pool that is full.

    A full pool stays locked until the transaction ends: whoever returns a seat in it sees the
    one who has been put in its queue meanwhile.
    """
    ids = sorted(set(pool_ids))
    if current_app.config["UNSAFE_SEATS"]:
        return _take_without_lock(session, ids)
    for place, id_ in enumerate(ids):
        if not _take(session, id_) and not (_hold(session, id_) and _take(session, id_)):
            give_back(session, ids[:place])
            return id_
    return None


def give_back(session: Session, pool_ids: Iterable[int]) -> None:
    """Return one seat in each pool."""
    for id_ in sorted(set(pool_ids)):
        session.execute(_change(id_, Pool.taken - 1))


def _take(session: Session, id_: int) -> bool:
    free = sa.or_(Pool.capacity.is_(None), Pool.taken < Pool.capacity)
    result = session.execute(_change(id_, Pool.taken + 1).where(free))
    return bool(result.rowcount)  # type: ignore[attr-defined]


def _hold(session: Session, id_: int) -> bool:
    result = session.execute(_change(id_, Pool.taken))
    return bool(result.rowcount)  # type: ignore[attr-defined]


def _change(id_: int, taken: Any) -> sa.Update:
    return (
        sa.update(Pool)
        .where(Pool.id == id_)
        .values(taken=taken)
        .execution_options(synchronize_session=False)
    )


def _take_without_lock(session: Session, ids: Sequence[int]) -> int | None:
    """How it must not be done: look, let go, and take what was free a moment ago.

    Only with the setting UNSAFE_SEATS, which production refuses. It shows that the tests of
    concurrency see a race where there is one (case A2). `taken` stops at the capacity, as the
    CHECK behind it would else turn the race into an error.
    """
    session.commit()
    rows = session.execute(sa.select(Pool.id, Pool.capacity, Pool.taken).where(Pool.id.in_(ids)))
    full = [id_ for id_, capacity, taken in rows if capacity is not None and taken >= capacity]
    session.commit()
    time.sleep(0.05)
    if full:
        return min(full)
    for id_ in ids:
        at_most = sa.case((Pool.taken == Pool.capacity, Pool.taken), else_=Pool.taken + 1)
        session.execute(_change(id_, at_most))
    return None
