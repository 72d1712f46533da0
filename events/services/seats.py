"""The capacity side of the pools: how many seats there are. Registrations say who sits."""

from typing import Any

import sqlalchemy as sa
from flask_babel import ngettext
from sqlalchemy.orm import Session

from core.errors import Refusal
from events.models import Event, Pool, ProgrammeItem
from events.rules import Mode


def set_modes(
    session: Session, event: Event, capacity: dict[Mode, int | None]
) -> tuple[bool, bool]:
    """Offer exactly the modes in `capacity`, each with its seats (None: no limit).

    Gives whether anything changed and whether seats may have become free. Raises `Refusal` with
    the number taken where it is more than the new capacity, or where a mode in use is taken away.
    """
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
                changed = True
                grew |= after is None or (before is not None and after > before)
        elif mode in pools:
            close(session, pools[mode], field)
            session.expire(event, ["pools"])
            changed = True
    session.flush()
    return changed, grew


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
