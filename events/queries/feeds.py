"""What feeds and search engines read: which events, and whether any of it has changed."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from events.models import Event
from events.queries.lists import Wanted, narrowed
from events.queries.releases import LATEST_NUMBER
from events.rules import PUBLIC_STATES

MOST_IN_SITEMAP = 20_000  # the protocol allows 50,000
MOST_IN_FEED = 2_000
NEWS = 50  # events in the feed of news


def latest_changed(session: Session, wanted: Wanted) -> list[tuple[int, int, int]]:
    """Id, version and release of the events that were changed last, the latest first."""
    question = narrowed(session, sa.select(Event.id, Event.shown, LATEST_NUMBER), wanted)
    rows = session.execute(question.order_by(Event.updated.desc(), Event.id.desc()).limit(NEWS))
    return [(row[0], row[1], row[2]) for row in rows]


def feed_stamps(session: Session, wanted: Wanted) -> list[tuple[int, int, int]]:
    """Id, version and release of every event of a calendar feed, in the order of their ids."""
    question = narrowed(session, sa.select(Event.id, Event.shown, LATEST_NUMBER), wanted)
    rows = session.execute(question.order_by(Event.starts.desc(), Event.id).limit(MOST_IN_FEED))
    return sorted((row[0], row[1], row[2]) for row in rows)


def events_by_id(session: Session, ids: Iterable[int]) -> list[Event]:
    """These events, with the authorities they belong to."""
    return list(session.scalars(sa.select(Event).where(Event.id.in_(list(ids))).order_by(Event.id)))


def sitemap_events(session: Session) -> Sequence[Any]:
    """Address and last change of the public events, the latest first."""
    return session.execute(
        sa.select(Event.slug, Event.updated)
        .where(Event.state.in_(PUBLIC_STATES))
        .order_by(Event.starts.desc(), Event.id)
        .limit(MOST_IN_SITEMAP)
    ).all()
