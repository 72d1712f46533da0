"""What whoever registers must know first: how the event stands, and who is there already."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from events.models import Event
from events.rules import Mode, State
from registrations.models import Registration


class At(NamedTuple):
    """What a registration must know of its event.

    `usual_mode` is that of who says nothing of it, `known` who has that address and name there.
    """

    state: State
    opens: datetime | None
    closes: datetime | None
    ends: datetime
    paused: bool
    invited_only: bool
    approval: bool
    authority_id: int
    usual_mode: Mode | None
    known: int | None


_TABLES = Event.metadata.tables
_AT_EVENT = sa.select(
    *(
        _TABLES["event"].c[name]
        for name in (
            "state", "registration_opens", "registration_closes", "ends", "registration_paused",
            "invited_only", "approval", "authority_id",
        )
    ),
    sa.select(_TABLES["pool"].c.mode)
    .where(
        _TABLES["pool"].c.event_id == sa.bindparam("event"), _TABLES["pool"].c.mode.is_not(None)
    )
    .order_by(_TABLES["pool"].c.id)
    .limit(1)
    .scalar_subquery(),
    sa.select(_TABLES["registration"].c.id)
    .where(
        _TABLES["registration"].c.event_id == sa.bindparam("event"),
        _TABLES["registration"].c.email_key == sa.bindparam("email"),
        _TABLES["registration"].c.name_key == sa.bindparam("name"),
    )
    .scalar_subquery(),
).where(_TABLES["event"].c.id == sa.bindparam("event"))  # fmt: skip


def at_event(session: Session, event_id: int, email_key: str, name_key: str) -> At:
    """What a registration of that address and name must know, in one question."""
    values = {"event": event_id, "email": email_key, "name": name_key}
    return At._make(session.connection().execute(_AT_EVENT, values).one())


def known_person(
    session: Session, event_id: int, email_key: str, name_key: str
) -> Registration | None:
    """The registration of that address and name at an event, whatever its status."""
    known = at_event(session, event_id, email_key, name_key).known
    return None if known is None else session.get(Registration, known)
