"""What invitations plug into the application: words, letters, hooks, an invariant."""

from collections.abc import Iterator

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from core.clock import now
from core.db import db
from core.health import checks
from core.outbox.worker import writes
from events import hooks
from events.models import Event
from events.rules import PUBLIC_STATES
from registrations import words
from registrations.invitations import letters, services
from registrations.invitations.models import Representative
from registrations.invitations.queries import councils
from registrations.invitations.rules import Invited
from registrations.models import Invitation, Registration
from registrations.rules import ACTIVE


def init_app(app: Flask) -> None:
    """Plug in."""
    app.jinja_env.globals.update(answer_words=words.ANSWER, invited=_invited)
    for name in ("sent", "reminder", "accepted", "news"):
        writes(app, f"invitation.{name}", getattr(letters, name))
    hooks.state_changed.fill(services.state_changed)
    hooks.event_changed.fill(services.event_moved)
    checks(app, _over_seats)
    checks(app, _strangers)


def _invited(event_id: int) -> list[Invited]:
    """For the public page of an event: who has been asked, and why; nobody where it is a draft."""
    event = db.session.get(Event, event_id)
    if event is None or event.state not in PUBLIC_STATES:
        return []
    return councils.invited_to(db.session, event, now())


def _over_seats(session: Session) -> Iterator[str]:
    """No organisation has more people registered than it was given seats."""
    number = sa.func.count(Registration.id)
    for invitation_id, people, seats in session.execute(
        sa.select(Invitation.id, number, Invitation.seats)
        .join(Registration, Registration.invitation_id == Invitation.id)
        .where(Registration.status.in_(ACTIVE))
        .group_by(Invitation.id, Invitation.seats)
        .having(number > Invitation.seats)
    ):
        yield f"inbjudan {invitation_id}: {people} anmälda på {seats} platser"


def _strangers(session: Session) -> Iterator[str]:
    """Nobody is named to another event than their own."""
    for id_ in session.scalars(
        sa.select(Representative.id)
        .join(Invitation, Invitation.id == Representative.invitation_id)
        .join(Registration, Registration.id == Representative.registration_id)
        .where(Registration.event_id != Invitation.event_id)
    ):
        yield f"representant {id_}: anmäld till ett annat evenemang än inbjudan"
