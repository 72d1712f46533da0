"""Seats that are held for a confirmation which has not come."""

from datetime import datetime
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.db import write
from events.models import Event
from registrations.bots import services
from registrations.models import Registration
from registrations.rules import UNPROVEN


def upkeep(session: Session, *, now: datetime) -> None:
    """Look for what is due, and do it event by event, each in a transaction of its own."""
    late = sa.select(Registration.event_id).where(
        Registration.status.in_(UNPROVEN), Registration.offered_until <= now
    )
    for event_id in session.scalars(late.distinct()).all():
        write(partial(_end_holds, session, event_id, now))


def _end_holds(session: Session, event_id: int, now: datetime) -> None:
    services.end_holds(session, session.get_one(Event, event_id), now=now)
