"""How much room there is for somebody, whoever they are: asked where an answer must not tell."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.reference import Sector
from events.models import Pool
from events.rules import Mode
from registrations import organisation_seats, seats

Person = dict[str, Any]


def mode_of(session: Session, event_id: int, person: Person) -> Mode | None:
    """How a person takes part: as was said, or as is usual here."""
    if person.get("mode"):
        return Mode(person["mode"])
    return next((pool.mode for pool in seats.of_event(session, event_id) if pool.mode), None)


def room(session: Session, event_id: int, mode: Mode, sector: Sector) -> int | None:
    """Seats left for people of that mode and sector; None where there is no limit."""
    pools = seats.of_event(session, event_id)
    ids = seats.wanted(pools, mode=mode, sector=Sector(sector), items=())
    left = [pool.left for pool in pools if pool.id in ids and pool.left is not None]
    return min(left) if left else None


def room_of(session: Session, event_id: int, organisation: str) -> int | None:
    """Seats that an organisation may still take; None where there is no limit."""
    most = organisation_seats.most_per_organisation(session, event_id)
    key = organisation_seats.organisation_key(organisation)
    if most is None or not key:
        return None
    taken = session.scalar(
        sa.select(Pool.taken).where(Pool.event_id == event_id, Pool.organisation_key == key)
    )
    return max(0, most - (taken or 0))
