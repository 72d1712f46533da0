"""Change and cancel what somebody has registered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import changes, record
from core.errors import Refusal
from events.models import ProgrammeItem
from events.rules import may_cancel_place
from registrations import needs as sensitive
from registrations import organisation_seats, seats
from registrations.models import ItemChoice, Registration
from registrations.queries.public import chosen
from registrations.rules import ACTIVE, SEATED, Status, seated
from registrations.services.people import (
    Item,
    chosen_items,
    give_link,
    keys,
    mode_pool,
    refuse_full,
    refuse_organisation,
    search_text,
    tidy,
)
from registrations.services.queue import promote
from registrations.services.sitting import leave_seats
from registrations.services.telling import readdress, tell

# What may stand in the log when it changes: it outlives the registration's own disposal.
OPEN = frozenset({"mode", "sector", "role_kind", "municipality", "list_consent"})


def change(
    session: Session,
    registration: Registration,
    *,
    facts: dict[str, Any],
    choices: Sequence[int] | None = None,
    needs: dict[str, str] | None = None,
    version: int | None = None,
    by: User | None = None,
    now: datetime,
    notify: bool = True,
) -> set[str]:
    """Save what is new; the names of what changed ("choices" and "needs" among them).

    None for `choices` or `needs` leaves them. Another mode or item needs a seat there: where it
    is full nothing changes, and `Refusal` says so. Somebody who waits and changes to a mode
    with a free seat gets it. A new address gets a new link, and the old link dies.

    Raises `Stale` for another `version`, `Refusal` after the last day (for the participant),
    for a cancelled registration and where somebody of that name and address is registered.
    """
    registration.refuse_older(version)
    _refuse_unless_changeable(registration, by, now)
    facts = tidy(facts)
    _refuse_double(session, registration, facts)
    items = None if choices is None else chosen_items(session, registration.event_id, choices)
    sat = seated(registration.status)
    moved = _move(session, registration, facts, items, now)
    if sat:  # after the pools, as everywhere: see registrations.seats
        _change_organisation(session, registration, facts)
    changed = changes(registration, facts)
    if items is not None and _choose(session, registration, items):
        changed["choices"] = [None, None]
    if needs is not None:
        sensitive.keep(session, registration.id, needs)
        changed |= {"needs": [None, None]} if needs else {}
    if not changed:
        return set()
    _settle(session, registration, changed, by, now)
    record(
        session, by=by, action="registration.changed", subject=registration, now=now,
        details={"changed": sorted(changed), "status": registration.status.value}
        | _telling(registration, changed),
    )  # fmt: skip
    if notify:
        tell(session, registration, "changed", now=now, bounded=by is None)
    if moved:
        promote(session, registration.event, now=now)
    return set(changed)


def _telling(person: Registration, changed: dict[str, Any]) -> dict[str, Any]:
    """From what to what, for the history: nothing by which a person is named or reached."""
    told = {name: values for name, values in changed.items() if name in OPEN}
    return {"values": told} if told and not person.protected else {}


def cancel(
    session: Session,
    registration: Registration,
    *,
    reason: str = "",
    by: User | None = None,
    now: datetime,
    notify: bool = True,
) -> None:
    """Give the place back; the next in the queue gets it. Cancelling twice changes nothing.

    Raises `Refusal` where the participant asks after the last day.
    """
    seats.of_event(session, registration.event_id, lock=True)
    session.refresh(registration)  # the queue may have moved them until now
    if registration.status not in ACTIVE:
        return
    # One may always say no to an offer, or to what somebody else did in one's name.
    if registration.status is not Status.OFFERED and not registration.unproven:
        _refuse_unless_changeable(registration, by, now)
    had_seat = seated(registration.status)
    leave_seats(session, registration)
    registration.status, registration.cancelled = Status.CANCELLED, now
    registration.offered_until = None
    registration.cancel_reason = reason[:500]
    registration.updated = now
    registration.sequence += 1
    session.flush()
    record(session, by=by, action="registration.cancelled", subject=registration, now=now)
    if notify:
        tell(session, registration, "cancelled", now=now, bounded=by is None, had_seat=had_seat)
    if had_seat:
        promote(session, registration.event, now=now)


def _move(
    session: Session,
    person: Registration,
    facts: dict[str, Any],
    items: Sequence[Item] | None,
    now: datetime,
) -> bool:
    """Take the new seats and return the old; whether a seat has become free for the queue."""
    mode, sector = facts.get("mode") or person.mode, facts.get("sector") or person.sector
    if mode is person.mode and sector is person.sector and items is None:
        return False
    pools = seats.of_event(session, person.event_id, lock=True)
    held_items = set(chosen(session, person.id))
    items_then = held_items if items is None else {item.id for item in items}
    new = mode_pool(pools, mode)
    then = set(seats.wanted(pools, mode=mode, sector=sector, items=items_then))
    held: set[int] = set()
    if seated(person.status):
        held = set(seats.wanted(pools, mode=person.mode, sector=person.sector, items=held_items))
    elif mode is person.mode or person.status is not Status.WAITING:
        return False
    full = seats.take(session, then - held)
    if full is None:
        seats.give_back(session, held - then)
        if not held and not _take_for(session, person, facts):
            seats.give_back(session, then)
            person.queued = now
            return False
        person.status = Status.CONFIRMED if person.status is Status.WAITING else person.status
        return bool((held - then) - seats.of_items(pools))
    if full in seats.of_items(pools):
        item_id = next(pool.item_id for pool in pools if pool.id == full)
        raise refuse_full(session, item_id or 0)
    if seated(person.status):
        what = "mode" if full == new.id else "sector"
        raise Refusal(_("Det är fullt där. Du behåller den plats du har."), what)
    person.queued = now
    return False


def _take_for(session: Session, person: Registration, facts: dict[str, Any]) -> bool:
    organisation = facts.get("organisation", person.organisation)
    most = organisation_seats.most_per_organisation(session, person.event_id)
    return organisation_seats.take_for(session, person.event_id, organisation, most)


def _change_organisation(session: Session, person: Registration, facts: dict[str, Any]) -> None:
    """Who has a seat and changes organisation takes one of the new one's."""
    before = organisation_seats.organisation_key(person.organisation)
    after = organisation_seats.organisation_key(facts.get("organisation", person.organisation))
    if before == after:
        return
    seats.of_event(session, person.event_id, lock=True)
    most = organisation_seats.most_per_organisation(session, person.event_id)
    if most is None:
        return
    if not _take_for(session, person, facts):
        raise refuse_organisation(facts["organisation"], most)
    organisation_seats.give_back_for(session, person.event_id, person.organisation, most)


def _choose(session: Session, person: Registration, items: Sequence[Item]) -> bool:
    had, wanted = set(chosen(session, person.id)), {item.id for item in items}
    if had == wanted:
        return False
    session.execute(
        sa.delete(ItemChoice).where(
            ItemChoice.registration_id == person.id, ItemChoice.item_id.in_(had - wanted)
        )
    )
    session.add_all(ItemChoice(registration_id=person.id, item_id=id_) for id_ in wanted - had)
    session.expire(person, ["choices"])
    return True


def _settle(
    session: Session,
    person: Registration,
    changed: dict[str, Any],
    by: User | None,
    now: datetime,
) -> None:
    for name, value in keys(person.first_name, person.last_name, person.email).items():
        setattr(person, name, value)
    person.search = search_text(person)
    person.updated = now
    if changed.keys() & {"mode", "choices"}:  # their calendar entry tells of both
        person.sequence += 1
    if "email" in changed:
        person.token_version += 1
        give_link(person)
        readdress(session, person, by=by)
    session.flush()


def _refuse_unless_changeable(person: Registration, by: User | None, now: datetime) -> None:
    if person.status not in ACTIVE:
        raise Refusal(_("Anmälan är avanmäld och kan inte ändras. Anmäl dig på nytt."))
    event = person.event
    if by is None and not may_cancel_place(cancel_by=event.cancel_by, starts=event.starts, now=now):
        raise Refusal(_("Tiden för ändringar har gått ut. Ring kontaktpersonen i stället."))


def _refuse_double(session: Session, person: Registration, facts: dict[str, Any]) -> None:
    known_by = keys(
        facts.get("first_name", person.first_name),
        facts.get("last_name", person.last_name),
        facts.get("email", person.email),
    )
    other = session.scalar(
        sa.select(Registration.id).where(
            Registration.event_id == person.event_id,
            Registration.email_key == known_by["email_key"],
            Registration.name_key == known_by["name_key"],
            Registration.id != person.id,
        )
    )
    if other is not None:
        raise Refusal(_("Det finns redan en anmälan med det namnet och den adressen."), "email")


def forget_item(session: Session, item: ProgrammeItem, now: datetime) -> None:
    """An item is about to be removed: whoever only wished for it, wishes no longer.

    Raises `Refusal` where somebody has a seat in it. (`now` is what every hook is given.)
    """
    del now
    if session.scalar(
        sa.select(ItemChoice.id)
        .join(Registration)
        .where(ItemChoice.item_id == item.id, Registration.status.in_(SEATED))
        .limit(1)
    ):
        raise Refusal(_("Några har valt programpunkten. Flytta dem till en annan först."))
    session.execute(sa.delete(ItemChoice).where(ItemChoice.item_id == item.id))
