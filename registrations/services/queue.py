"""The queue: who waits gets the place that becomes free, in the order they came."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts.services import record
from events.models import Event
from events.rules import State
from registrations import seats
from registrations.models import ItemChoice, Registration
from registrations.queries.public import queue
from registrations.rules import Status
from registrations.services.telling import tell


def promote(session: Session, event: Event, *, now: datetime) -> list[Registration]:
    """Give free places to those who wait for them, mode by mode, with a letter each.

    Of the items they had wished for they get those that have a seat left; the letter names the
    others. Nobody is promoted once the event has begun, or while it is called off.
    """
    if event.state is not State.PUBLISHED or event.starts <= now:
        return []
    promoted = []
    pools = seats.of_event(session, event.id, lock=True)
    of_items = {pool.item_id: pool.id for pool in pools if pool.item_id}
    for pool in pools:
        if pool.mode is None or pool.left == 0:
            continue
        limit = 10_000 if pool.left is None else pool.left
        for person in queue(session, event.id, pool.mode, limit):
            if seats.take(session, [pool.id]) is not None:
                break
            _promote(session, person, of_items, now)
            promoted.append(person)
    return promoted


def capacity_grew(session: Session, event: Event, now: datetime) -> None:
    """Seats may have become free: those who wait get them."""
    promote(session, event, now=now)


def _promote(
    session: Session, person: Registration, of_items: dict[int, int], now: datetime
) -> None:
    person.status, person.updated = Status.CONFIRMED, now
    person.sequence += 1
    wished = session.scalars(
        sa.select(ItemChoice)
        .where(ItemChoice.registration_id == person.id)
        .order_by(ItemChoice.item_id)
    ).all()
    lost = []
    for choice in wished:
        pool_id = of_items.get(choice.item_id)
        if pool_id is None or seats.take(session, [pool_id]) is not None:
            lost.append(choice.item_id)
            session.delete(choice)
    session.flush()
    record(
        session, by=None, action="registration.promoted", subject=person, now=now,
        authority_id=person.event.authority_id, event_id=person.event_id,
        details={"lost_items": lost} if lost else None,
    )  # fmt: skip
    tell(session, person, "promoted", now=now, lost=lost)
