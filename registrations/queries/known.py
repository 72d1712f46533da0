"""What whoever registers must know first: how the event stands, and who is there already."""

from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from events.models import Event
from events.rules import Mode, State
from registrations.models import Registration
from registrations.seats import IN_ORDER, PARTS, SHARED, Seats


class At(NamedTuple):
    """What a registration must know of its event.

    `known` is who has that address and name there; `pools` are the seats that concern more than
    one organisation, the modes' first, and `slots` the slot of each item that can be chosen.
    """

    state: State
    opens: datetime | None
    closes: datetime | None
    ends: datetime
    paused: bool
    invited_only: bool
    approval: bool
    max_per_organisation: int | None
    authority_id: int
    known: int | None
    pools: tuple[Seats, ...]
    slots: dict[int, str]

    @property
    def usual_mode(self) -> Mode | None:
        """How somebody takes part who says nothing of it."""
        return next((pool.mode for pool in self.pools), None)


_TABLES = Event.metadata.tables
_EVENT, _PERSON, _ITEM = (_TABLES[name].c for name in ("event", "registration", "programme_item"))
_KNOWN = sa.select(_PERSON.id).where(
    _PERSON.event_id == sa.bindparam("event"),
    _PERSON.email_key == sa.bindparam("email"),
    _PERSON.name_key == sa.bindparam("name"),
)
_OF_EVENT = (
    "state", "registration_opens", "registration_closes", "ends", "registration_paused",
    "invited_only", "approval", "max_per_organisation", "authority_id",
)  # fmt: skip
_AT_EVENT = (
    sa.select(
        *(_EVENT[name] for name in _OF_EVENT), _KNOWN.scalar_subquery(), _ITEM.choice_group, *PARTS
    )
    .select_from(
        _TABLES["event"]
        .outerjoin(_TABLES["pool"], sa.and_(_TABLES["pool"].c.event_id == _EVENT.id, SHARED))
        .outerjoin(_TABLES["programme_item"])
    )
    .where(_EVENT.id == sa.bindparam("event"))
    .order_by(*IN_ORDER)
)


def at_event(session: Session, event_id: int, email_key: str, name_key: str) -> At:
    """What a registration of that address and name must know, in one question."""
    values = {"event": event_id, "email": email_key, "name": name_key}
    rows = session.connection().execute(_AT_EVENT, values).all()
    facts: list[Any] = list(rows[0][: len(_OF_EVENT) + 1])
    there = [(row[len(facts)], Seats(*row[len(facts) + 1 :])) for row in rows]
    pools = tuple(pool for _slot, pool in there if pool.id is not None)
    slots = {pool.item_id: slot for slot, pool in there if pool.item_id is not None and slot}
    return At._make([*facts, pools, slots])


def known_person(
    session: Session, event_id: int, email_key: str, name_key: str
) -> Registration | None:
    """The registration of that address and name at an event, whatever its status."""
    values = {"event": event_id, "email": email_key, "name": name_key}
    known = session.connection().execute(_KNOWN, values).scalar()
    return None if known is None else session.get(Registration, known)
