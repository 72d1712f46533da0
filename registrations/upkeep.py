"""What becomes due by itself: offers that nobody answered, seats that were kept for somebody."""

from datetime import datetime
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.db import write
from events.models import Event, Quota
from registrations import services
from registrations.models import Registration
from registrations.places.services import release
from registrations.rules import Status


def upkeep(session: Session, *, now: datetime) -> None:
    """Look for what is due, and do it event by event, each in a transaction of its own."""
    late = sa.select(Registration.event_id).where(
        Registration.status == Status.OFFERED, Registration.offered_until <= now
    )
    for event_id in session.scalars(late.distinct()).all():
        write(partial(_end_offers, session, event_id, now))
    due = sa.select(Quota.event_id).where(Quota.released.is_(None), Quota.opens <= now)
    for event_id in session.scalars(due.distinct()).all():
        write(partial(_release, session, event_id, now))


def _end_offers(session: Session, event_id: int, now: datetime) -> None:
    services.end_offers(session, session.get_one(Event, event_id), now=now)


def _release(session: Session, event_id: int, now: datetime) -> None:
    release(session, session.get_one(Event, event_id), now=now)
