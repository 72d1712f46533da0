"""Yes and no: the organiser's to a registration, the participant's to a place that is held."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from core.errors import Refusal
from events.models import Event
from registrations import seats
from registrations.models import Registration
from registrations.rules import Status
from registrations.services.queue import promote
from registrations.services.sitting import leave_seats, note, seat, seat_in_items
from registrations.services.telling import tell


def approve(session: Session, person: Registration, *, by: User, now: datetime) -> Status:
    """Let in somebody who waits for the organiser's yes: a place, or one in the queue.

    Raises `Refusal` where the person waits for no answer.
    """
    if person.status is not Status.PENDING:
        raise Refusal(_("Den här anmälan väntar inte på svar längre."))
    pools = seats.of_event(session, person.event_id, lock=True)
    person.queued = person.updated = now
    person.status, person.offered_until = Status.WAITING, None
    if seat(session, person, pools):
        person.status = Status.CONFIRMED
        person.sequence += 1
        seat_in_items(session, person, pools)
    details = {"status": person.status.value}
    note(session, person, "approved", by=by, now=now, details=details)
    tell(session, person, "approved", now=now)
    return person.status


def decline(
    session: Session, person: Registration, *, reason: str, by: User, now: datetime
) -> None:
    """Answer no to somebody who waits for the organiser's yes; the reason stands in the letter.

    Raises `Refusal` where the person waits for no answer.
    """
    if person.status is not Status.PENDING:
        raise Refusal(_("Den här anmälan väntar inte på svar längre."))
    person.status, person.updated = Status.DECLINED, now
    person.cancel_reason = reason[:500]
    note(session, person, "declined", by=by, now=now, details={"reason": reason})
    tell(session, person, "declined", now=now)


def accept_offer(session: Session, person: Registration, *, now: datetime) -> None:
    """Say yes to a place that is held. Twice changes nothing. Raises `Refusal` when it is gone."""
    if person.status is Status.CONFIRMED:
        return
    if person.status is not Status.OFFERED or _is_over(person, now):
        raise Refusal(_("Platsen hölls bara en tid och har gått vidare till nästa i kön."))
    person.status, person.offered_until, person.updated = Status.CONFIRMED, None, now
    person.sequence += 1
    note(session, person, "offer_accepted", by=None, now=now)
    tell(session, person, "receipt", now=now, accepted=True)


def end_offers(session: Session, event: Event, *, now: datetime) -> int:
    """Take back the places that were offered and not answered in time; how many.

    Who did not answer leaves the queue, with a letter: else the same offer would come again and
    again. The places go to the next.
    """
    late = session.scalars(
        sa.select(Registration).where(
            Registration.event_id == event.id,
            Registration.status == Status.OFFERED,
            Registration.offered_until <= now,
        )
    ).all()
    for person in late:
        leave_seats(session, person)
        person.status, person.cancelled, person.updated = Status.CANCELLED, now, now
        person.offered_until = None
        person.cancel_reason = _("Svarade inte i tid på erbjudandet om plats.")
        note(session, person, "offer_ended", by=None, now=now)
        tell(session, person, "offer_ended", now=now)
    if late:
        promote(session, event, now=now)
    return len(late)


def _is_over(person: Registration, now: datetime) -> bool:
    return person.offered_until is not None and person.offered_until <= now
