"""The queue: who waits gets the place that becomes free, in the order they came."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from core.reference import Sector
from events.models import Event
from events.rules import Mode, State, WaitingRule
from registrations import seats
from registrations.models import Registration
from registrations.queries.waiting import queue
from registrations.rules import Status, offered_until
from registrations.seats import Seats
from registrations.services.sitting import note, seat, seat_in_items
from registrations.services.telling import tell

CHUNK = 200  # people of the queue looked at in one question


def promote(session: Session, event: Event, *, now: datetime) -> list[Registration]:
    """Give or offer free places to those who wait for them, mode by mode, with a letter each.

    In the order of time; past those only for whom no seat is kept, or whose organisation has
    taken all it may. Of the items they had wished for they get those that have a seat left; the
    letter names the others. Nobody is promoted once the event has begun, or while it is called
    off.
    """
    if event.state is not State.PUBLISHED or event.starts <= now:
        return []
    promoted: list[Registration] = []
    pools = seats.of_event(session, event.id, lock=True)
    for pool in pools:
        if pool.mode is None or pool.left == 0:
            continue
        left = pool.left
        for person in _waiting(session, event.id, pool.mode, pools):
            if seat(session, person, pools):
                _promote(session, event, person, pools, now)
                promoted.append(person)
                left = None if left is None else left - 1
            if left == 0:
                break
    return promoted


def capacity_grew(session: Session, event: Event, now: datetime) -> None:
    """Seats may have become free: those who wait get them."""
    promote(session, event, now=now)


def _waiting(
    session: Session, event_id: int, mode: Mode, pools: Sequence[Seats]
) -> Iterator[Registration]:
    """Those who wait in that mode and for whom there are seats, in order of time."""
    full = [pool for pool in pools if pool.others_mode is mode and pool.left == 0]
    welcome = [one for one in Sector if not any(pool.keeps_out(mode, one) for pool in full)]
    last: Registration | None = None
    while True:
        chunk = queue(session, event_id, mode, CHUNK, sectors=welcome, after=last)
        yield from chunk
        if len(chunk) < CHUNK:
            return
        last = chunk[-1]


def _promote(
    session: Session, event: Event, person: Registration, pools: Sequence[Seats], now: datetime
) -> None:
    person.updated = now
    person.sequence += 1
    lost = seat_in_items(session, person, pools)
    offered = event.waiting_rule is WaitingRule.OFFERED
    if offered:
        person.status = Status.OFFERED
        person.offered_until = offered_until(now=now, hours=event.offer_hours, starts=event.starts)
    else:
        person.status = Status.CONFIRMED
    what = "offered" if offered else "promoted"
    note(session, person, what, by=None, now=now, details={"lost_items": lost} if lost else None)
    tell(session, person, what, now=now, lost=lost)
