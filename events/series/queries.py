"""Questions about series."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.db import db
from events.models import Event
from events.rules import PUBLIC_STATES, State
from events.series.models import EventSeries

MOST = 500  # meetings of a series, and series of a list


@dataclass(frozen=True)
class Neighbours:
    """The series of an event, and the public meetings before and after it.

    `shown` says whether the series has a page: not until a meeting is public.
    """

    series: EventSeries
    before: Any
    after: Any
    shown: bool


def find_series(series_id: int) -> EventSeries | None:
    """The series of that id, whosesoever it is (the gate asks)."""
    return db.session.get(EventSeries, series_id)


def by_slug(session: Session, slug: str) -> EventSeries | None:
    """The series at that address; none of which no meeting is public."""
    found: EventSeries | None = session.scalar(_shown().where(EventSeries.slug == slug))
    return found


def shown_slugs(session: Session) -> Sequence[str]:
    """The addresses of the series that have a public meeting."""
    found = _shown().with_only_columns(EventSeries.slug).order_by(EventSeries.id)
    return session.scalars(found.limit(MOST)).all()


def of_authorities(session: Session, ids: Iterable[int]) -> Sequence[Any]:
    """The series of these authorities, the latest first, each with how many meetings it has."""
    number = (
        sa.select(sa.func.count(Event.id))
        .where(Event.series_id == EventSeries.id)
        .scalar_subquery()
    )
    return session.execute(
        sa.select(EventSeries, number.label("meetings"))
        .where(EventSeries.authority_id.in_(list(ids)))
        .order_by(EventSeries.id.desc())
        .limit(MOST)
    ).all()


def meetings(session: Session, series_id: int) -> Sequence[Event]:
    """All meetings of a series, drafts among them, in the order of time."""
    return session.scalars(
        sa.select(Event).filter_by(series_id=series_id).order_by(Event.starts, Event.id).limit(MOST)
    ).all()


def outside(session: Session, authority_id: int) -> Sequence[Any]:
    """Events of the authority that belong to no series, the latest first."""
    return session.execute(
        sa.select(Event.id, Event.title, Event.starts)
        .where(
            Event.authority_id == authority_id, Event.series_id.is_(None),
            Event.state != State.CLOSED,
        )
        .order_by(Event.starts.desc(), Event.id)
        .limit(100)
    ).all()  # fmt: skip


def neighbours(session: Session, event: Event) -> Neighbours | None:
    """What came before and what comes after; asked only for an event of a series."""
    series = session.get(EventSeries, event.series_id) if event.series_id else None
    if series is None:
        return None
    others = session.execute(
        sa.select(Event.id, Event.slug, Event.title, Event.starts)
        .where(
            Event.series_id == series.id,
            Event.id != event.id,
            Event.state.in_(PUBLIC_STATES - {State.CANCELLED}),
        )
        .order_by(Event.starts, Event.id)
        .limit(MOST)
    ).all()
    here = event.starts, event.id
    before = [one for one in others if (one.starts, one.id) < here]
    after = [one for one in others if (one.starts, one.id) > here]
    return Neighbours(
        series,
        before[-1] if before else None,
        after[0] if after else None,
        shown=bool(others) or event.state in PUBLIC_STATES,
    )


def _shown() -> sa.Select[Any]:
    public = sa.exists().where(Event.series_id == EventSeries.id, Event.state.in_(PUBLIC_STATES))
    return sa.select(EventSeries).where(public)
