"""Everything that a placement goes by."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from events.models import ProgrammeItem, Release
from events.rules import Mode
from registrations.models import ItemChoice, Registration
from registrations.placement.models import Placement, SeminarSlot, Wish
from registrations.placement.queries.person import ranked
from registrations.placement.queries.slots import Choosable, by_group, choosable, placed_groups
from registrations.placement.rules import How, Person, Seminar, Slot
from registrations.rules import Status


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
    return {id_: ranked(mine) for id_, mine in listed.items()}


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
