"""Verbs that change series. None commits or knows Flask."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import Authority, User
from accounts.services import changes, record
from core.errors import Refusal
from core.text import slugify
from events import hooks
from events.models import Event
from events.rules import Part
from events.series.models import EventSeries
from events.series.rules import MOST_AHEAD
from events.services import copy_event, refuse_closed, touch

CARRIED = {Part.FACTS, Part.PROGRAMME, Part.QUESTIONS}


def create_series(
    session: Session,
    authority: Authority,
    *,
    facts: dict[str, Any],
    by: User | None,
    now: datetime,
) -> EventSeries:
    """Begin a series with `facts`: kind, title, text, year, and "slug" if one is wanted."""
    facts = dict(facts)
    base = facts.pop("slug", "") or slugify(facts["title"], 80) or "serie"
    taken = set(
        session.scalars(
            sa.select(EventSeries.slug).where(EventSeries.slug.startswith(base, autoescape=True))
        )
    )
    names = [base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))]
    series = EventSeries(
        slug=next(name for name in names if name not in taken), authority=authority,
        created=now, **facts,
    )  # fmt: skip
    session.add(series)
    session.flush()
    record(
        session, by=by, action="series.created", subject=series, now=now,
        details={"title": series.title[:120]},
    )  # fmt: skip
    return series


def change_series(
    session: Session,
    series: EventSeries,
    *,
    facts: dict[str, Any],
    version: int | None = None,
    by: User | None,
    now: datetime,
) -> None:
    """Save `facts`. Raises `Stale` for an older `version`."""
    series.refuse_older(version)
    changed = changes(series, facts)
    if changed:
        session.flush()
        _touch_all(session, series.id, now)
        record(
            session, by=by, action="series.changed", subject=series, now=now,
            details={"facts": sorted(changed)},
        )  # fmt: skip


def join(
    session: Session, series: EventSeries, event: Event, *, by: User | None, now: datetime
) -> None:
    """Make the event a meeting of the series; those on the series' list are put on its own.

    Raises `Refusal` for an event of another authority, of another series or closed.
    """
    refuse_closed(event)
    if event.authority_id != series.authority_id:
        raise Refusal(_("Välj ett av myndighetens egna evenemang."), "event")
    if event.series_id == series.id:
        return
    if event.series_id is not None:
        raise Refusal(_("Evenemanget hör redan till en serie. Ta det ur den först."), "event")
    event.series_id = series.id
    session.flush()
    _touch_all(session, series.id, now)
    hooks.joined_series(session, event, series, by, now)
    record(
        session, by=by, action="series.joined", subject=series, now=now, event_id=event.id,
        details={"title": event.title[:120]},
    )  # fmt: skip


def leave(session: Session, event: Event, *, by: User | None, now: datetime) -> None:
    """Take the event out of its series. It stays as it is."""
    series = session.get(EventSeries, event.series_id) if event.series_id else None
    if series is None:
        return
    event.series_id = None
    session.flush()
    touch(session, event, now=now)
    _touch_all(session, series.id, now)
    record(
        session, by=by, action="series.left", subject=series, now=now, event_id=event.id,
        details={"title": event.title[:120]},
    )  # fmt: skip


def go_on(
    session: Session,
    series: EventSeries,
    last: Event,
    *,
    starts: Sequence[datetime],
    by: User | None,
    now: datetime,
) -> list[Event]:
    """Make a draft like the meeting `last` for each of `starts`. Raises `Refusal`: too many."""
    if not 0 < len(starts) <= MOST_AHEAD:
        raise Refusal(_("Skriv från en till %(most)s dagar.", most=MOST_AHEAD), "dates")
    made = []
    for when in starts:
        copy = copy_event(
            session, last, title=last.title, starts=when, parts=CARRIED, by=by, now=now
        )
        if copy.series_id is None:
            join(session, series, copy, by=by, now=now)
        made.append(copy)
    return made


def moved(session: Session, event: Event, *_what: Any) -> None:
    """A meeting has come, moved or been cancelled: the pages before and after it say so."""
    if event.series_id is not None:
        _touch_all(session, event.series_id, event.updated, but=event.id)


def _touch_all(session: Session, series_id: int, now: datetime, but: int = 0) -> None:
    for event in session.scalars(
        sa.select(Event).where(Event.series_id == series_id, Event.id != but)
    ):
        touch(session, event, now=now)
