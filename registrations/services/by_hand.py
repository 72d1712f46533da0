"""What only the organiser does: let somebody on the waiting list pass the others."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import record
from core.errors import Refusal
from registrations.models import Registration
from registrations.rules import Status
from registrations.services.queue import promote


def put_first(
    session: Session, registration: Registration, *, reason: str, by: User, now: datetime
) -> bool:
    """Move somebody to the head of the waiting list; whether there was a place at once.

    Raises `Refusal` where the person does not wait.
    """
    if registration.status is not Status.WAITING:
        raise Refusal(_("Personen står inte på reservlistan längre."))
    first = session.scalar(
        sa.select(sa.func.min(Registration.queued)).where(
            Registration.event_id == registration.event_id,
            Registration.mode == registration.mode,
            Registration.status == Status.WAITING,
        )
    )
    registration.queued = (first or now) - timedelta(seconds=1)
    registration.updated = now
    session.flush()
    record(
        session, by=by, action="registration.put_first", subject=registration, now=now,
        details={"reason": reason},
    )  # fmt: skip
    return registration in promote(session, registration.event, now=now)
