"""Hold a registration until its address is confirmed; confirm it; let the seat go on."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.errors import Refusal
from events.models import Event
from registrations import seats
from registrations.bots.rules import ASKED_WITHIN, LATE, held_until
from registrations.models import Registration
from registrations.rules import UNPROVEN, Status
from registrations.services.queue import promote
from registrations.services.sitting import leave_seats, note, seat, seat_in_items
from registrations.services.telling import receipt_time, tell


def hold(session: Session, person: Registration, *, now: datetime) -> None:
    """Have somebody who registered just now, untold, confirm by mail; until then a seat is held.

    The half hour begins when the letter may go (see `receipt_time`). Where none may go to that
    address for a long time, nobody can confirm and the seat goes on.
    """
    sent = receipt_time(session, person.email, now=now, wait=ASKED_WITHIN)
    if person.status is Status.CONFIRMED:
        person.status = Status.UNPROVEN
    person.offered_until = held_until(now=sent or now, starts=person.event.starts)
    if person.status is not Status.UNPROVEN:
        person.offered_until += LATE  # no seat is held up by who waits
    note(session, person, "held", by=None, now=now)
    if sent:
        tell(session, person, "unproven", now=now, at=sent)


def hold_all(session: Session, ids: Sequence[int], *, now: datetime) -> None:
    """`hold` each of a party that registered just now."""
    for id_ in ids:
        hold(session, session.get_one(Registration, id_), now=now)


def prove(session: Session, person: Registration, *, now: datetime) -> None:
    """Take it that the address is the person's own. Twice changes nothing.

    Whoever comes when the seat has gone on gets another if there is one, else their place in the
    queue. Raises `Refusal` where the registration is cancelled or the event over.
    """
    if person.status is Status.CANCELLED or person.event.ends <= now:
        raise Refusal(_("Det är för sent att bekräfta. Anmäl dig på nytt."))
    if not person.unproven:
        return
    if person.status is Status.UNPROVEN:
        person.status = Status.CONFIRMED
    elif person.status is Status.WAITING:
        pools = seats.of_event(session, person.event_id, lock=True)
        if seat(session, person, pools):
            person.status = Status.CONFIRMED
            seat_in_items(session, person, pools)
    person.offered_until, person.updated = None, now
    person.sequence += 1
    note(session, person, "proved", by=None, now=now, details={"status": person.status.value})
    tell(session, person, "receipt", now=now)


def end_holds(session: Session, event: Event, *, now: datetime) -> int:
    """Let seats go on whose holders have not confirmed in time; how many registrations changed.

    They can still confirm for a day, for what there is then; after that they are cancelled. No
    letter: the address may be somebody else's.
    """
    late = session.scalars(
        sa.select(Registration).where(
            Registration.event_id == event.id,
            Registration.status.in_(UNPROVEN),
            Registration.offered_until <= now,
        )
    ).all()
    freed = False
    for person in late:
        if person.status is Status.UNPROVEN:
            leave_seats(session, person)
            freed = True
            person.status, person.offered_until = Status.WAITING, now + LATE
        else:
            person.status, person.cancelled, person.offered_until = Status.CANCELLED, now, None
            person.cancel_reason = _("Bekräftade inte via mejl.")
        person.updated = now
        note(session, person, "hold_ended", by=None, now=now)
    if freed:
        promote(session, event, now=now)
    return len(late)
