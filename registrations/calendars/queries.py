"""What has been sent to calendars, and what has come back."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.outbox.models import Outbox
from registrations.models import Registration


def last_sent(session: Session, person: Registration) -> str:
    """The method of the last calendar object that went to the person; "" where none has."""
    found = session.scalar(
        sa.select(Outbox.calendar)
        .where(
            Outbox.about == f"registration:{person.id}",
            Outbox.calendar != "",
            Outbox.sent.is_not(None),
        )
        .order_by(Outbox.sent.desc(), Outbox.id.desc())
        .limit(1)
    )
    return found or ""
