"""What invited organisations are told when an event is cancelled or moved, once it is quiet."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.outbox.services import enqueue
from events.models import Event
from events.rules import State
from registrations.invitations.queries.invited import concerned
from registrations.news.rules import QUIET

MOVING = frozenset({"starts", "ends", "venue_name", "venue_address", "municipality"})
TOLD_OF = frozenset({State.CANCELLED, State.POSTPONED})


def state_changed(session: Session, event: Event, before: State, now: datetime) -> None:
    """Tell those concerned when the event is cancelled or postponed, or takes place after all."""
    if event.state in TOLD_OF or (event.state is State.PUBLISHED and before in TOLD_OF):
        _tell(session, event, now)


def event_moved(session: Session, event: Event, changed: dict[str, Any], now: datetime) -> None:
    """Tell those concerned when a coming event has got another time or place."""
    if changed.keys() & MOVING and event.state in {State.PUBLISHED, State.POSTPONED}:
        _tell(session, event, now)


def _tell(session: Session, event: Event, now: datetime) -> None:
    for invitation in concerned(session, event.id):
        enqueue(
            session,
            kind="invitation.news",
            to=invitation.email,
            payload={"invitation": invitation.id, "token_version": invitation.token_version},
            now=now,
            at=now + QUIET,
            thread=f"invitation:{invitation.id}:news",
            authority_id=event.authority_id,
            about=f"invitation:{invitation.id}",
        )
