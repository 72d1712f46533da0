"""What must always hold of events; `flask check` asks."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from events.models import Event, Pool, ProgrammeItem, Release
from events.rules import PUBLIC_STATES


def whole(session: Session) -> Iterator[str]:
    """A line for each breach."""
    over = sa.select(Pool).where(Pool.capacity.is_not(None), Pool.taken > Pool.capacity)
    for pool in session.scalars(over):
        yield f"plats {pool.id}: {pool.taken} tagna av {pool.capacity}"
    unreleased = sa.select(Event).where(
        Event.state.in_(PUBLIC_STATES),
        ~sa.exists().where(Release.event_id == Event.id),
    )
    for event in session.scalars(unreleased):
        yield f"evenemang {event.id} ({event.slug}) är publicerat utan program"
    seatless = sa.select(ProgrammeItem).where(
        ProgrammeItem.group != "", ~sa.exists().where(Pool.item_id == ProgrammeItem.id)
    )
    for item in session.scalars(seatless):
        yield f"programpunkt {item.id} har valgrupp men inga platser"
    groupless = (
        sa.select(Pool)
        .join(ProgrammeItem, ProgrammeItem.id == Pool.item_id)
        .where(sa.or_(ProgrammeItem.group == "", ProgrammeItem.event_id != Pool.event_id))
    )
    for pool in session.scalars(groupless):
        yield f"plats {pool.id} hör till en programpunkt utan valgrupp eller i annat evenemang"
