"""Who is on the list of a series."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from core.db import db
from events.models import Event
from events.series.queries import MOST
from registrations.circles.models import SeriesInvitation
from registrations.models import Invitation, Organisation


def find_asked(asked_id: int) -> SeriesInvitation | None:
    """The line of that id, whosesoever it is (the gate asks)."""
    return db.session.get(SeriesInvitation, asked_id)


def with_lists(session: Session, series_id: int) -> Sequence[Event]:
    """The meetings of the series that have somebody on their list, the latest first."""
    invited = sa.select(Invitation.id).where(Invitation.event_id == Event.id)
    return session.scalars(
        sa.select(Event)
        .where(Event.series_id == series_id, invited.exists())
        .order_by(Event.starts.desc(), Event.id.desc())
        .limit(MOST)
    ).all()


def asked(session: Session, series_id: int) -> Sequence[SeriesInvitation]:
    """The list, by name."""
    return session.scalars(
        sa.select(SeriesInvitation)
        .join(SeriesInvitation.organisation)
        .options(contains_eager(SeriesInvitation.organisation))
        .where(SeriesInvitation.series_id == series_id)
        .order_by(Organisation.sort_key, SeriesInvitation.id)
    ).all()
