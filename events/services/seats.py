"""The capacity side of the pools: how many seats there are. Registrations say who sits."""

from typing import Any

import sqlalchemy as sa
from flask_babel import ngettext
from sqlalchemy.orm import Session

from core.errors import Refusal
from events.models import Event, Pool, ProgrammeItem, Quota
from events.rules import Mode

_POOL = Pool.metadata.tables["pool"]
# Locked in their order first: a plain UPDATE of several rows meets them in any.
_MODES = (
    sa.select(_POOL.c.id)
    .where(_POOL.c.event_id == sa.bindparam("event"), _POOL.c.mode.is_not(None))
    .order_by(_POOL.c.id)
    .with_for_update()
    .cte("modes")
)
_HOLD = (
    sa.update(_POOL)
    .where(_POOL.c.id.in_(sa.select(_MODES.c.id)))
    .values(revision=_POOL.c.revision + 1)
    .returning(_POOL.c.id)
)


def hold(session: Session, event_id: int) -> set[int]:
    """Nobody else changes the limits of the event, or takes or returns seats, until the commit.

    Gives the ids of the pools that are held, those of the modes.

    What was read of them before is to be read again, in a question after this one: who had to
    wait sees nothing in it of what was added meanwhile. Whoever has read them and takes a seat
    later finds another `revision`.
    """
    return set(session.connection().execute(_HOLD, {"event": event_id}).scalars())


def set_modes(
    session: Session, event: Event, capacity: dict[Mode, int | None]
) -> tuple[bool, bool]:
    """Offer exactly the modes in `capacity`, each with its seats (None: no limit).

    Gives whether anything changed and whether seats may have become free. Raises `Refusal` with
    the number taken where it is more than the new capacity, or where a mode in use is taken away.
    """
    _hold_anew(session, event)
    pools = {pool.mode: pool for pool in event.pools if pool.mode is not None}
    changed = grew = False
    for mode in Mode:
        field = f"capacity_{mode.value}"
        if mode in capacity and mode not in pools:
            event.pools.append(Pool(mode=mode, capacity=capacity[mode], taken=0))
            changed = True
        elif mode in capacity:
            before, after = pools[mode].capacity, capacity[mode]
            if before != after:
                resize(session, pools[mode], after, field)
                _resize_others(session, event, mode, after)
                changed = True
                grew |= after is None or (before is not None and after > before)
        elif mode in pools:
            close(session, pools[mode], field)
            _forget_others(session, event, mode)
            session.expire(event, ["pools"])
            changed = True
    session.flush()
    return changed, grew


def _hold_anew(session: Session, event: Event) -> None:
    """`hold`, and what was read of the limits is read anew."""
    session.flush()
    hold(session, event.id)
    session.expire(event, ["pools", "quotas"])
    for pool in session.scalars(sa.select(Pool).filter_by(event_id=event.id)):
        session.refresh(pool)


def resize(session: Session, pool: Pool, capacity: int | None, field: str) -> None:
    """Set the capacity of a pool, by a conditional update. Raises `Refusal` below what is taken."""
    fits: Any = sa.true() if capacity is None else Pool.taken <= capacity
    done = session.execute(
        sa.update(Pool)
        .where(Pool.id == pool.id, fits)
        .values(capacity=capacity)
        .execution_options(synchronize_session=False)
    )
    session.refresh(pool)
    if not done.rowcount:  # type: ignore[attr-defined]
        raise Refusal(_below(pool.taken), field)


def _resize_others(session: Session, event: Event, mode: Mode, capacity: int | None) -> None:
    """What is left to the sectors that no seats are kept for follows the seats of the mode."""
    kept = {quota.sector.value: quota.seats for quota in event.quotas if quota.keeps(mode)}
    for pool in event.pools:
        if pool.others_mode is mode:
            seats = sum(kept.get(sector, 0) for sector in (pool.others_than or "").split("+"))
            left = None if capacity is None else capacity - seats
            if left is not None and left < pool.taken:
                raise Refusal(_below(pool.taken + seats), f"capacity_{mode.value}")
            resize(session, pool, left, f"capacity_{mode.value}")


def _forget_others(session: Session, event: Event, mode: Mode) -> None:
    for table, column in ((Pool, Pool.others_mode), (Quota, Quota.mode)):
        session.execute(
            sa.delete(table)
            .where(table.event_id == event.id, column == mode)
            .execution_options(synchronize_session=False)
        )
    session.expire(event, ["pools", "quotas"])


def close(session: Session, pool: Pool, field: str) -> None:
    """Take a pool away. Raises `Refusal` where somebody has a seat in it."""
    done = session.execute(
        sa.delete(Pool)
        .where(Pool.id == pool.id, Pool.taken == 0)
        .execution_options(synchronize_session=False)
    )
    if not done.rowcount:  # type: ignore[attr-defined]
        session.refresh(pool)
        raise Refusal(_in_use(pool.taken), field)
    session.expunge(pool)


def set_item_pool(session: Session, item: ProgrammeItem) -> None:
    """Give an item of a choice group its pool, and one without none. Raises `Refusal` as above."""
    pool = session.scalar(sa.select(Pool).filter_by(item_id=item.id))
    if item.group and pool is None:
        session.add(Pool(event_id=item.event_id, item_id=item.id, capacity=item.capacity, taken=0))
    elif item.group and pool is not None and pool.capacity != item.capacity:
        resize(session, pool, item.capacity, "capacity")
    elif not item.group and pool is not None:
        close(session, pool, "group")
    session.flush()


def _below(taken: int) -> str:
    sentence: str = ngettext(
        "%(num)s plats är redan tagen. Sätt antalet till minst %(num)s, eller stäng anmälan "
        "om ingen fler ska få plats.",
        "%(num)s platser är redan tagna. Sätt antalet till minst %(num)s, eller stäng anmälan "
        "om ingen fler ska få plats.",
        taken,
    )
    return sentence


def _in_use(taken: int) -> str:
    sentence: str = ngettext(
        "%(num)s person har plats här. Flytta eller avboka den först.",
        "%(num)s personer har plats här. Flytta eller avboka dem först.",
        taken,
    )
    return sentence
