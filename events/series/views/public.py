"""A series for everybody: one page, one calendar."""

from dataclasses import replace

from flask import Response, render_template

from core.cache import answer, tagged
from core.clock import now
from core.db import db
from core.policy import public
from core.web import found
from events.finding import queries as finding
from events.finding.rules import DocumentKind
from events.queries import feeds, lists
from events.queries.lists import Wanted
from events.series import queries as series_queries
from events.views.blueprint import bp
from events.views.calendars import calendar_of
from events.views.cards import Card


@bp.get("/serie/<slug:series>")
@public
def series(series: str) -> Response:
    """The next meeting, those after it, and those that have been with their papers."""
    shown = found(series_queries.by_slug(db.session, series))
    at = now()
    of = Wanted(series=shown.id)
    coming = _cards(replace(of, since=at))
    past = _cards(replace(of, over=at, latest_first=True))
    papers = finding.documents_of(
        db.session, [card.event.id for card in past], (DocumentKind.MINUTES, DocumentKind.FILE)
    )
    return answer(
        tagged(
            render_template(
                "events/series/show.html", series=shown, coming=coming, past=past, papers=papers
            )
        )
    )


@bp.get("/serie/<slug:series>.ics")
@public
def series_ics(series: str) -> Response:
    """The public meetings, to subscribe to."""
    shown = found(series_queries.by_slug(db.session, series))
    stamps = feeds.feed_stamps(db.session, Wanted(series=shown.id))
    return calendar_of(stamps, name=shown.title, filename=f"{shown.slug}.ics")


def _cards(wanted: Wanted) -> list[Card]:
    rows, _total = lists.listed(db.session, wanted, 1, most=series_queries.MOST)
    seats = lists.mode_seats(db.session, [row.id for row in rows])
    return [Card(row, seats.get(row.id, ())) for row in rows]
