"""What the organiser's pages ask about one event."""

from collections.abc import Iterable
from itertools import groupby, islice

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts.models import AuditEntry, Authority
from core.db import db
from core.text import swedish_order
from events.models import Assignment, Event, Pool, ProgrammeItem
from events.rules import Mode

HISTORY = 15  # lines of the log, where the same thing done again and again is one line
LOOKED_AT = 150  # entries of the log that become those lines


def find_event(event_id: int) -> Event | None:
    """The event of that id, whosesoever it is (the gate asks)."""
    return db.session.get(Event, event_id)


def find_item(item_id: int) -> ProgrammeItem | None:
    """The programme item of that id, whosesoever it is (the gate asks)."""
    return db.session.get(ProgrammeItem, item_id)


def pool_of_item(session: Session, item_id: int) -> Pool | None:
    """The seats of an item in a choice group."""
    return session.scalar(sa.select(Pool).filter_by(item_id=item_id))


def item_pools(session: Session, event_id: int) -> dict[int, Pool]:
    """The seats of the items in choice groups, by item id."""
    pools = session.scalars(
        sa.select(Pool).where(Pool.event_id == event_id, Pool.item_id.is_not(None))
    )
    return {pool.item_id: pool for pool in pools if pool.item_id}


def modes(event: Event) -> list[Mode]:
    """How one can take part in the event."""
    return [pool.mode for pool in event.pools if pool.mode]


def other_authorities(session: Session, authority_id: int) -> list[Authority]:
    """All authorities but this one, by name: those who may arrange together with it."""
    others = session.scalars(sa.select(Authority).where(Authority.id != authority_id))
    return sorted(others, key=lambda authority: swedish_order(authority.name))


def assignments(session: Session) -> list[Assignment]:
    """The government assignments an event may belong to."""
    return list(session.scalars(sa.select(Assignment).order_by(Assignment.title)))


def history(
    session: Session, event_id: int, actions: Iterable[str]
) -> list[tuple[AuditEntry, int]]:
    """What was done to plan the event, the newest first: those of `actions`.

    Each with how many times the same person did it on end; the entry is the latest of them.
    """
    entries = session.scalars(
        sa.select(AuditEntry)
        .where(AuditEntry.event_id == event_id, AuditEntry.action.in_(list(actions)))
        .order_by(AuditEntry.id.desc())
        .limit(LOOKED_AT)
    )
    runs = groupby(entries, key=lambda entry: (entry.action, entry.user_id))
    folded = ((next(run), 1 + sum(1 for _ in run)) for _same, run in runs)
    return list(islice(folded, HISTORY))
