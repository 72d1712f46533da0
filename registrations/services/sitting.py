"""Sit down and get up: the seats of one person, all of them or none."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import record
from registrations import organisation_seats, seats
from registrations.models import ItemChoice, Registration
from registrations.queries.public import chosen
from registrations.rules import seated
from registrations.seats import Seats


def leave_seats(session: Session, person: Registration) -> None:
    """Give back every seat that somebody holds. The pools stay locked: the queue is looked at."""
    pools = seats.of_event(session, person.event_id, lock=True)
    if not seated(person.status):
        return
    items = set(chosen(session, person.id))
    seats.give_back(
        session, seats.wanted(pools, mode=person.mode, sector=person.sector, items=items)
    )
    most = organisation_seats.most_per_organisation(session, person.event_id)
    organisation_seats.give_back_for(session, person.event_id, person.organisation, most)


def seat(session: Session, person: Registration, pools: Sequence[Seats]) -> bool:
    """Take a seat of the mode for somebody who has none; the items come afterwards."""
    wanted = seats.wanted(pools, mode=person.mode, sector=person.sector, items=())
    if seats.take(session, wanted) is not None:
        return False
    most = organisation_seats.most_per_organisation(session, person.event_id)
    if organisation_seats.take_for(session, person.event_id, person.organisation, most):
        return True
    seats.give_back(session, wanted)
    return False


def seat_in_items(session: Session, person: Registration, pools: Sequence[Seats]) -> list[int]:
    """Take seats in the items that were wished for; the ids of those that are full."""
    of_items = {pool.item_id: pool.id for pool in pools if pool.item_id}
    lost = [
        item_id
        for item_id in chosen(session, person.id)
        if item_id not in of_items or seats.take(session, [of_items[item_id]]) is not None
    ]
    if lost:
        session.execute(
            sa.delete(ItemChoice).where(
                ItemChoice.registration_id == person.id, ItemChoice.item_id.in_(lost)
            )
        )
        session.expire(person, ["choices"])
    return lost


def note(
    session: Session,
    person: Registration,
    what: str,
    *,
    by: User | None,
    now: datetime,
    details: dict[str, Any] | None = None,
) -> None:
    """Save the person and write the line `registration.{what}` in the log."""
    session.flush()
    record(session, by=by, action=f"registration.{what}", subject=person, now=now, details=details)
