"""What parties plug into the application: words, letters, an invariant."""

from collections.abc import Iterator

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from core.db import db
from core.health import checks
from core.outbox.worker import writes
from registrations.models import Registration
from registrations.parties import letters, queries
from registrations.parties.models import Party, PartyMember
from registrations.parties.rules import may_hand_over


def init_app(app: Flask) -> None:
    """Plug in."""
    app.jinja_env.globals.update(may_hand_over=_may_hand_over, party_of=_party_of)
    for kind, writer in letters.WRITERS.items():
        writes(app, kind, writer)
    checks(app, _strangers)


def _may_hand_over(registration: Registration) -> bool:
    may = may_hand_over(registration.status, protected=registration.protected)
    return may and not registration.unproven


def _party_of(registration: Registration) -> Party | None:
    return queries.party_of(db.session, registration.id)


def _strangers(session: Session) -> Iterator[str]:
    """Nobody is of a party at another event than their own."""
    for id_ in session.scalars(
        sa.select(PartyMember.id)
        .join(Party, Party.id == PartyMember.party_id)
        .join(Registration, Registration.id == PartyMember.registration_id)
        .where(Registration.event_id != Party.event_id)
    ):
        yield f"gruppmedlem {id_}: anmäld till ett annat evenemang än gruppen"
