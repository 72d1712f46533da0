"""Seats that are kept, and an offer that waits for its answer."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.reference import Sector
from events.models import Event
from events.rules import Mode
from registrations import services
from registrations.models import Registration
from registrations.places.rules import Kept
from registrations.places.services import RULES, set_limits
from registrations.rules import Status

KEEPING = "mottagande-och-etablering-i-jonkopings-lan"
OFFERING = "utbildning-samtal-som-haller"


def add_limits(session: Session, *, now: datetime) -> None:
    """Keep seats for civil society at one event; let a place be offered at another. Once."""
    event = session.scalar(sa.select(Event).filter_by(slug=KEEPING))
    if event is not None and not event.quotas:
        kept = Kept(Mode.ROOM, Sector.CIVIL_SOCIETY, 20, event.starts - timedelta(days=30))
        rules = {name: getattr(event, name) for name in RULES}
        set_limits(
            session, event, kept=[kept], most=12, rules=rules, version=None, by=None, now=now
        )
    offering = session.scalar(sa.select(Event.id).filter_by(slug=OFFERING))
    of_event = sa.select(Registration).filter_by(event_id=offering)
    if offering is None or session.scalar(of_event.filter_by(status=Status.CANCELLED).limit(1)):
        return
    first = session.scalars(
        of_event.filter_by(status=Status.CONFIRMED).order_by(Registration.id).limit(1)
    ).first()
    if first is not None:
        services.cancel(session, first, now=now, notify=False)
