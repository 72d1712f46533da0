"""How the seats of a slot are given; and somebody moved by hand."""

from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import record
from core.errors import Refusal
from events import services as event_services
from events.models import Event, Pool, ProgrammeItem
from events.rules import Part
from registrations import seats
from registrations.models import ItemChoice, Registration
from registrations.placement.models import OnlineSeminar, Placement, SeminarSlot
from registrations.placement.rules import How, Outcome
from registrations.rules import Status


def set_slots(
    session: Session,
    event: Event,
    *,
    how: Mapping[str, How],
    online: Collection[int],
    by: User | None,
    now: datetime,
) -> bool:
    """Say how each slot is given and which seminars are for those online too; whether it is new.

    Seats that have been taken stay whatever is said; the form of the event follows at once.
    """
    changed = _set_how(session, event, how)
    changed |= _set_online(session, event, set(online))
    if changed:
        event_services.touch(session, event, now=now)
        record(
            session, by=by, action="placement.settings", subject=event, now=now, event_id=event.id,
            details={"how": {group: value.value for group, value in how.items()}},
        )  # fmt: skip
    return changed


def copy_slots(
    session: Session,
    event: Event,
    copy: Event,
    parts: Collection[Part],
    by: User | None,
    now: datetime,
) -> None:
    """A copy of a programme gives its seats in the same way (hook `event_copied`)."""
    if Part.PROGRAMME not in parts:
        return
    how = {
        row.group: row.how
        for row in session.scalars(sa.select(SeminarSlot).filter_by(event_id=event.id))
    }
    online = {
        (item.group, item.title)
        for item in session.scalars(
            sa.select(ProgrammeItem)
            .join(OnlineSeminar, OnlineSeminar.item_id == ProgrammeItem.id)
            .where(ProgrammeItem.event_id == event.id)
        )
    }
    same = [item.id for item in copy.items if (item.group, item.title) in online]
    if how or same:
        set_slots(session, copy, how=how, online=same, by=by, now=now)


def _set_how(session: Session, event: Event, how: Mapping[str, How]) -> bool:
    there = {
        row.group: row
        for row in session.scalars(sa.select(SeminarSlot).filter_by(event_id=event.id))
    }
    changed = False
    for group, value in how.items():
        row = there.get(group)
        before = row.how if row else How.FIRST_COME
        if before is value:
            continue
        changed = True
        if row is None:
            session.add(SeminarSlot(event_id=event.id, group=group, how=value))
        else:
            row.how = value
    session.flush()
    return changed


def _set_online(session: Session, event: Event, wanted: set[int]) -> bool:
    items = set(
        session.scalars(
            sa.select(ProgrammeItem.id).where(
                ProgrammeItem.event_id == event.id, ProgrammeItem.group != ""
            )
        )
    )
    had = set(
        session.scalars(sa.select(OnlineSeminar.item_id).where(OnlineSeminar.item_id.in_(items)))
    )
    wanted &= items
    if had == wanted:
        return False
    session.execute(sa.delete(OnlineSeminar).where(OnlineSeminar.item_id.in_(had - wanted)))
    session.add_all(OnlineSeminar(item_id=id_) for id_ in wanted - had)
    session.flush()
    return True


def move(
    session: Session,
    registration: Registration,
    *,
    group: str,
    to: int | None,
    reason: str,
    by: User,
    now: datetime,
) -> None:
    """Give somebody a seat in another item of a slot, or (`to` None) in none of it.

    Raises `Refusal` where the person has no place, the item is not in the slot or is full, or
    the person has a seat in something else at that time.
    """
    pools = {
        pool.item_id: pool.id
        for pool in seats.of_event(session, registration.event_id, lock=True)
        if pool.item_id
    }
    session.refresh(registration)
    if registration.status is not Status.CONFIRMED:
        raise Refusal(_("Bara den som har en plats på evenemanget kan få en plats här."))
    mine = session.scalars(
        sa.select(ProgrammeItem)
        .join(ItemChoice, ItemChoice.item_id == ProgrammeItem.id)
        .where(ItemChoice.registration_id == registration.id)
    ).all()
    held = next((item for item in mine if item.group == group), None)
    target = None if to is None else session.get(ProgrammeItem, to)
    if target is held:
        raise Refusal(_("Personen har redan den platsen. Välj en annan."), "to")
    if target is not None:
        _take(session, registration, target, group, pools)
        _refuse_clash(target, [item for item in mine if item is not held])
        session.add(ItemChoice(registration_id=registration.id, item_id=target.id))
    if held is not None:
        seats.give_back(session, [pools[held.id]])
        session.execute(
            sa.delete(ItemChoice).filter_by(registration_id=registration.id, item_id=held.id)
        )
    _note(session, registration, group, target, now)
    record(
        session, by=by, action="placement.moved", subject=registration, now=now,
        details={
            "reason": reason, "from": held.id if held else None,
            "to": target.id if target else None,
        },
    )  # fmt: skip


def _take(
    session: Session,
    registration: Registration,
    target: ProgrammeItem,
    group: str,
    pools: Mapping[int, int],
) -> None:
    if target.event_id != registration.event_id or target.group != group or target.id not in pools:
        raise Refusal(_("Programmet har ändrats. Välj om bland programpunkterna."), "to")
    if seats.take(session, [pools[target.id]]) is None:
        return
    capacity = session.scalar(sa.select(Pool.capacity).filter_by(item_id=target.id))
    raise Refusal(
        _(
            "”%(title)s” är fullt: %(seats)s av %(seats)s platser är tagna. Höj antalet platser "
            "först, eller flytta någon därifrån.",
            title=target.title,
            seats=capacity,
        ),
        "to",
    )


def _refuse_clash(target: ProgrammeItem, others: Collection[ProgrammeItem]) -> None:
    for item in others:
        if item.starts < target.ends and target.starts < item.ends:
            raise Refusal(
                _("Personen har redan en plats på ”%(title)s” samtidigt.", title=item.title), "to"
            )


def _note(
    session: Session,
    registration: Registration,
    group: str,
    target: ProgrammeItem | None,
    now: datetime,
) -> None:
    """Write down that the seat was given by hand; a placement leaves it as it is."""
    row = session.scalar(
        sa.select(Placement).filter_by(registration_id=registration.id, group=group)
    )
    if row is None:
        row = Placement(registration_id=registration.id, group=group, why={})
        session.add(row)
    row.run_id, row.item_id, row.at, row.why = None, target.id if target else None, now, {}
    row.outcome = Outcome.BY_HAND if target else Outcome.NONE
    registration.updated = now
    registration.sequence += 1
    session.flush()
