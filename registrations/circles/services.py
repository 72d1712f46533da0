"""Keep the list of a series, and begin its meetings with it."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import record
from core.errors import Refusal
from events.models import Event
from events.rules import State
from events.series.models import EventSeries
from registrations.circles import queries
from registrations.circles.models import SeriesInvitation
from registrations.invitations import services as invitation_services
from registrations.invitations.rules import MOST_INVITED
from registrations.models import Invitation

FACTS = ("seats", "criterion", "reason", "email")


def take_over(
    session: Session, series: EventSeries, event: Event, *, by: User | None, now: datetime
) -> int:
    """Put everybody on the list of a meeting on that of its series, as it says there; how many.

    Raises `Refusal` for an event that is no meeting of the series, and for an empty list.
    """
    if event.series_id != series.id:
        raise Refusal(_("Välj ett av seriens möten."))
    known = {one.organisation_id: one for one in queries.asked(session, series.id)}
    lines = session.scalars(
        sa.select(Invitation).filter_by(event_id=event.id).order_by(Invitation.id)
    ).all()
    if not lines:
        raise Refusal(_("Mötet har ingen på sin lista."))
    for line in lines[:MOST_INVITED]:
        one = known.get(line.organisation_id)
        if one is None:
            one = SeriesInvitation(series_id=series.id, organisation_id=line.organisation_id)
            session.add(one)
        for name in FACTS:
            setattr(one, name, getattr(line, name))
    session.flush()
    record(
        session, by=by, action="series.list_taken", subject=series, now=now,
        details={"from": event.id, "number": len(lines)},
    )  # fmt: skip
    return len(lines)


def remove(session: Session, asked: SeriesInvitation, *, by: User | None, now: datetime) -> None:
    """Take an organisation off the list. Meetings that have begun with it keep it."""
    record(
        session, by=by, action="series.asked_removed", subject=asked.series, now=now,
        details={"organisation": asked.organisation.name[:120]},
    )  # fmt: skip
    session.delete(asked)
    session.flush()


def begin_with(
    session: Session, event: Event, series: EventSeries, by: User | None, now: datetime
) -> None:
    """A draft that becomes a meeting of the series begins with those on its list, unsent."""
    if event.state is not State.DRAFT:
        return
    there = set(session.scalars(sa.select(Invitation.organisation_id).filter_by(event_id=event.id)))
    for one in queries.asked(session, series.id):
        if one.organisation_id not in there:
            invitation_services.invite(
                session, event, organisation=one.organisation, by=by, now=now,
                facts={name: getattr(one, name) for name in FACTS},
            )  # fmt: skip
