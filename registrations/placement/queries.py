"""What can be wished for, who wishes what, and who is to be placed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from core.jobs.models import Job
from core.jobs.rules import UNDER_WAY
from events.models import Event, Pool, ProgrammeItem, Release
from events.rules import Mode
from registrations.models import ItemChoice, Registration
from registrations.placement.models import (
    OnlineSeminar,
    Placement,
    PlacementRun,
    SeminarSlot,
    Wish,
)
from registrations.placement.rules import How, Person, RunState, Seminar, Slot
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


@dataclass(frozen=True)
class Situation:
    """What a placement goes by. `people` have a place; the rows of `persons` tell who they are.

    `returned`: (person, slot) of the seats that are taken back for a whole new placement.
    """

    slots: list[Slot]
    people: list[Person]
    items: dict[int, Choosable]
    persons: dict[int, Any]
    returned: frozenset[tuple[int, str]] = frozenset()


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


def wishes_of(session: Session, registration_id: int) -> dict[str, tuple[int | None, int | None]]:
    """Somebody's first and second choice by slot."""
    rows = session.execute(
        sa.select(ProgrammeItem.group, Wish.item_id)
        .join(Wish, Wish.item_id == ProgrammeItem.id)
        .where(Wish.registration_id == registration_id)
        .order_by(ProgrammeItem.starts, Wish.rank, Wish.id)
    )
    return _ranked((group, item_id) for group, item_id in rows)


def _ranked(rows: Iterable[tuple[str, int]]) -> dict[str, tuple[int | None, int | None]]:
    """Items in the order they are wished for, by slot: one that was removed moves the next up."""
    listed: dict[str, list[int]] = {}
    for group, item_id in rows:
        listed.setdefault(group, []).append(item_id)
    return {group: (ids[0], ids[1] if len(ids) > 1 else None) for group, ids in listed.items()}


def situation(session: Session, event_id: int, *, anew: bool) -> Situation:
    """What is to be placed, in a bounded number of queries.

    Only what the public programme shows, in slots that are placed. `anew`: seats that an earlier
    placement gave are free again; what was given by hand or taken before stays.
    """
    placed, public = placed_groups(session, event_id), _released(session, event_id)
    items = [
        item for item in choosable(session, event_id) if item.group in placed and item.id in public
    ]
    again = {row.placement: row for row in session.execute(placed_seats(event_id))} if anew else {}
    returned = Counter(row.item_id for row in again.values())
    slots = [
        Slot(
            name,
            tuple(
                Seminar(
                    one.id, one.starts, one.ends,
                    None if one.free is None else one.free + returned[one.id], one.online,
                )
                for one in of_slot
            ),
        )
        for name, of_slot in by_group(items).items()
    ]  # fmt: skip
    persons = {row.id: row for row in _with_a_place(session, event_id)}
    wished = _everybodys_wishes(session, event_id)
    held = _everybodys_seats(session, event_id)
    people = []
    for id_, row in persons.items():
        mine = [seat for seat in held.get(id_, []) if seat.placement not in again]
        people.append(
            Person(
                id_, (row.queued, id_), row.mode is Mode.ONLINE, wished.get(id_, {}),
                frozenset(seat.group for seat in mine),
                tuple((seat.starts, seat.ends) for seat in mine),
            )
        )  # fmt: skip
    return Situation(
        slots, people, {item.id: item for item in items}, persons,
        frozenset((row.registration_id, row.group) for row in again.values()),
    )  # fmt: skip


def _released(session: Session, event_id: int) -> set[int]:
    content = session.scalar(
        sa.select(Release.content)
        .filter_by(event_id=event_id)
        .order_by(Release.number.desc())
        .limit(1)
    )
    return {item["id"] for item in (content or {}).get("items", [])}


def _with_a_place(session: Session, event_id: int) -> Sequence[Any]:
    return session.execute(
        sa.select(
            Registration.id, Registration.queued, Registration.mode, Registration.first_name,
            Registration.last_name, Registration.organisation, Registration.municipality,
            Registration.email, Registration.phone, Registration.protected,
        )
        .where(Registration.event_id == event_id, Registration.status == Status.CONFIRMED)
        .order_by(Registration.queued, Registration.id)
    ).all()  # fmt: skip


def _everybodys_wishes(
    session: Session, event_id: int
) -> dict[int, dict[str, tuple[int | None, int | None]]]:
    rows = session.execute(
        sa.select(Wish.registration_id, ProgrammeItem.group, Wish.item_id)
        .join(ProgrammeItem, ProgrammeItem.id == Wish.item_id)
        .where(ProgrammeItem.event_id == event_id)
        .order_by(Wish.registration_id, Wish.rank, Wish.id)
    )
    listed: dict[int, list[tuple[str, int]]] = {}
    for id_, group, item_id in rows:
        listed.setdefault(id_, []).append((group, item_id))
    return {id_: _ranked(mine) for id_, mine in listed.items()}


def _everybodys_seats(session: Session, event_id: int) -> dict[int, list[Any]]:
    rows = session.execute(
        sa.select(
            ItemChoice.registration_id, ItemChoice.item_id, ProgrammeItem.group,
            ProgrammeItem.starts, ProgrammeItem.ends,
            Placement.id.label("placement"),
        )
        .join(ProgrammeItem, ProgrammeItem.id == ItemChoice.item_id)
        .outerjoin(
            Placement,
            sa.and_(
                Placement.registration_id == ItemChoice.registration_id,
                Placement.item_id == ItemChoice.item_id,
            ),
        )
        .where(ProgrammeItem.event_id == event_id)
    )  # fmt: skip
    held: dict[int, list[Any]] = {}
    for row in rows:
        held.setdefault(row.registration_id, []).append(row)
    return held


def placed_seats(event_id: int) -> Any:
    """The seats that earlier placements gave and people with a place still have."""
    placed = sa.select(SeminarSlot.group).filter_by(event_id=event_id, how=How.PLACED)
    seats: Any = (
        sa.select(
            ItemChoice.id.label("choice"), ItemChoice.item_id, ItemChoice.registration_id,
            Placement.id.label("placement"), ProgrammeItem.group,
        )
        .join(
            Placement,
            sa.and_(
                Placement.registration_id == ItemChoice.registration_id,
                Placement.item_id == ItemChoice.item_id,
                Placement.run_id.is_not(None),
            ),
        )
        .join(Registration, Registration.id == ItemChoice.registration_id)
        .join(ProgrammeItem, ProgrammeItem.id == ItemChoice.item_id)
        .where(
            Registration.event_id == event_id,
            Registration.status == Status.CONFIRMED,
            ProgrammeItem.group.in_(placed),
        )
    )  # fmt: skip
    return seats


def runs(session: Session, event_id: int, limit: int = 20) -> Sequence[PlacementRun]:
    """The placements of an event, the latest first."""
    return session.scalars(
        sa.select(PlacementRun)
        .options(joinedload(PlacementRun.by))
        .filter_by(event_id=event_id)
        .order_by(PlacementRun.id.desc())
        .limit(limit)
    ).all()


def under_way(session: Session, event_id: int) -> PlacementRun | None:
    """The placement of the event that is being carried out; one that was stopped is none."""
    return session.scalar(
        sa.select(PlacementRun)
        .outerjoin(Job, Job.id == PlacementRun.job_id)
        .where(
            PlacementRun.event_id == event_id,
            PlacementRun.state == RunState.RUNNING,
            sa.or_(PlacementRun.job_id.is_(None), Job.state.in_(UNDER_WAY)),
        )
        .limit(1)
    )


def changed_since(session: Session, event_id: int, since: datetime) -> dict[str, int]:
    """How many registered, cancelled and changed something after an instant."""
    counted = session.execute(
        sa.select(
            sa.func.count().filter(
                Registration.queued > since, Registration.status == Status.CONFIRMED
            ),
            sa.func.count().filter(Registration.cancelled > since),
            sa.func.count().filter(
                Registration.updated > since,
                Registration.queued <= since,
                Registration.status == Status.CONFIRMED,
            ),
        ).where(Registration.event_id == event_id)
    ).one()
    return {"new": counted[0], "cancelled": counted[1], "changed": counted[2]}


def placements_of(session: Session, registration_id: int) -> Sequence[Placement]:
    """What somebody was given in each slot, the last time."""
    return session.scalars(
        sa.select(Placement).filter_by(registration_id=registration_id).order_by(Placement.group)
    ).all()


def seats_of(session: Session, registration_id: int) -> dict[str, int]:
    """The item in which somebody has a seat, by slot."""
    rows = session.execute(
        sa.select(ProgrammeItem.group, ItemChoice.item_id)
        .join(ItemChoice, ItemChoice.item_id == ProgrammeItem.id)
        .where(ItemChoice.registration_id == registration_id, ProgrammeItem.group != "")
    )
    return {row[0]: row[1] for row in rows}


def has_slots(session: Session, event: Event) -> bool:
    """Whether something in the programme of the event can be chosen."""
    return (
        session.scalar(
            sa.select(Pool.id).where(Pool.event_id == event.id, Pool.item_id.is_not(None)).limit(1)
        )
        is not None
    )


def waiting_for_placement(session: Session, event_id: int) -> int:
    """How many people with a place wish for something in a placed slot where they have no seat."""
    placed = sa.select(SeminarSlot.group).filter_by(event_id=event_id, how=How.PLACED)
    held = sa.orm.aliased(ProgrammeItem)
    has_seat = (
        sa.select(ItemChoice.id)
        .join(held, held.id == ItemChoice.item_id)
        .where(
            ItemChoice.registration_id == Wish.registration_id, held.group == ProgrammeItem.group
        )
        .exists()
    )
    return (
        session.scalar(
            sa.select(sa.func.count(sa.distinct(Wish.registration_id)))
            .join(ProgrammeItem, ProgrammeItem.id == Wish.item_id)
            .join(Registration, Registration.id == Wish.registration_id)
            .where(
                Registration.event_id == event_id,
                Registration.status == Status.CONFIRMED,
                ProgrammeItem.group.in_(placed),
                ~has_seat,
            )
        )
        or 0
    )
