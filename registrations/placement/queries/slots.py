"""What can be chosen, and how its seats are given."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from events.models import Pool, ProgrammeItem
from events.rules import Mode
from registrations.models import Registration
from registrations.placement.models import OnlineSeminar, SeminarSlot, Wish
from registrations.placement.rules import How
from registrations.queries.public import Group, groups
from registrations.rules import Status


@dataclass(frozen=True)
class Choosable:
    """A programme item of a slot. `seats` None: no limit; `free`: what nobody has yet."""

    id: int
    title: str
    room: str
    group: str
    starts: datetime
    ends: datetime
    seats: int | None
    taken: int
    online: bool

    @property
    def free(self) -> int | None:
        """Seats left; None where there is no limit."""
        return None if self.seats is None else max(0, self.seats - self.taken)


@dataclass(frozen=True)
class Wishes:
    """How many have something as their first and as their second choice."""

    first: int = 0
    second: int = 0


def offered(session: Session, event_id: int, release: int) -> tuple[Group, ...]:
    """The groups of a form, with those whose seats are placed after the last day."""
    found = groups(session, event_id, release)
    if not found:
        return found
    placed = placed_groups(session, event_id)
    if not placed:
        return found
    online = _online(session, event_id)
    made = []
    for group in found:
        ids = {option.id for option in group.options}
        in_room = frozenset() if online is None else frozenset(ids - online)
        is_placed = group.name in placed
        made.append(replace(group, placed=True, in_room=in_room) if is_placed else group)
    return tuple(made)


def settled(groups: tuple[Group, ...], held: Iterable[int]) -> tuple[Group, ...]:
    """The groups of somebody's own form: where they have (`held`) a seat it is no longer a wish."""
    mine = set(held)
    return tuple(
        replace(group, placed=False, in_room=frozenset())
        if group.placed and any(option.id in mine for option in group.options)
        else group
        for group in groups
    )


def placed_groups(session: Session, event_id: int) -> set[str]:
    """The names of the slots whose seats are placed after the last day."""
    return set(
        session.scalars(sa.select(SeminarSlot.group).filter_by(event_id=event_id, how=How.PLACED))
    )


def _online(session: Session, event_id: int) -> set[int] | None:
    """The items that are for those online too; None where everything is, for want of a room."""
    if session.scalar(sa.select(Pool.id).filter_by(event_id=event_id, mode=Mode.ROOM)) is None:
        return None
    return set(
        session.scalars(
            sa.select(OnlineSeminar.item_id)
            .join(ProgrammeItem, ProgrammeItem.id == OnlineSeminar.item_id)
            .where(ProgrammeItem.event_id == event_id)
        )
    )


def choosable(session: Session, event_id: int) -> list[Choosable]:
    """The items that can be chosen in the draft, by time, with their seats. Two queries."""
    online = _online(session, event_id)
    rows = session.execute(
        sa.select(
            ProgrammeItem.id, ProgrammeItem.title, ProgrammeItem.room, ProgrammeItem.group,
            ProgrammeItem.starts, ProgrammeItem.ends, Pool.capacity, Pool.taken,
        )
        .join(Pool, Pool.item_id == ProgrammeItem.id)
        .where(ProgrammeItem.event_id == event_id, ProgrammeItem.group != "")
        .order_by(ProgrammeItem.starts, ProgrammeItem.group, ProgrammeItem.id)
    )  # fmt: skip
    return [Choosable(*row, online is None or row[0] in online) for row in rows]


def by_group(items: Iterable[Choosable]) -> dict[str, list[Choosable]]:
    """The items of each slot, the slots in the order of the day."""
    found: dict[str, list[Choosable]] = {}
    for item in items:
        found.setdefault(item.group, []).append(item)
    return found


def wishes(session: Session, event_id: int) -> dict[int, Wishes]:
    """How many of those with a place wish for each item; items nobody wishes for are left out."""
    rows = session.execute(
        sa.select(
            Wish.item_id,
            sa.func.count().filter(Wish.rank == 1),
            sa.func.count().filter(Wish.rank == 2),
        )
        .join(Registration, Registration.id == Wish.registration_id)
        .where(Registration.event_id == event_id, Registration.status == Status.CONFIRMED)
        .group_by(Wish.item_id)
    )
    return {row[0]: Wishes(row[1], row[2]) for row in rows}
