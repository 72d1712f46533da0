"""What happens in a county, and what has been, with what was written about it."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from flask import Response, render_template, url_for

from core.cache import answer, tagged
from core.clock import now, to_instant, to_local
from core.db import db
from core.paging import page_count
from core.policy import public
from core.reference import County, counties
from core.web import found, page_number
from events.finding import queries as finding
from events.finding.models import SearchDocument
from events.finding.rules import DocumentKind
from events.queries import lists
from events.queries.lists import Wanted
from events.views.blueprint import bp
from events.views.cards import Card
from events.views.filters import asked_for, choices

FEW = 10  # of what comes later, and of what has been, on the page of a county
PAPERS = (DocumentKind.MINUTES, DocumentKind.FILE)


@bp.get("/lan/<slug:county>")
@public
def county(county: str) -> Response:
    """This week (from Monday, in Stockholm), what comes later, and what has been."""
    place = found(by_slug().get(county))
    monday = _monday(to_local(now()).date())
    begins, ends = _midnight(monday), _midnight(monday + timedelta(days=7))
    here = Wanted(county=place.code)
    week = _cards(replace(here, since=begins, until=ends), lists.PAGE)
    coming = _cards(replace(here, begins=ends), FEW)
    past = _cards(replace(here, over=begins, latest_first=True), FEW)
    made = render_template(
        "events/county.html",
        county=place,
        monday=monday,
        sunday=monday + timedelta(days=6),
        week=week,
        coming=coming,
        past=past,
        papers=_papers([*week, *past]),
        earlier=url_for("events.past", lan=place.code),
        later=url_for("events.start", lan=place.code),
        filters={"lan": place.code},
    )
    return answer(tagged(made))


@bp.get("/lan")
@public
def all_counties() -> Response:
    """The counties, each with its page."""
    return answer(tagged(render_template("events/counties.html", counties=by_slug())))


@bp.get("/tidigare")
@public
def past() -> Response:
    """What has been, the latest first, with the minutes and files that everybody may read."""
    filters, page = asked_for(), page_number()
    wanted = replace(filters.wanted(), since=filters.since, over=now(), latest_first=True)
    rows, total = lists.listed(db.session, wanted, page)
    cards = [Card(row) for row in rows]
    made = render_template(
        "events/past.html",
        cards=cards,
        papers=_papers(cards),
        filters=filters,
        total=total,
        page=page,
        pages=page_count(total, lists.PAGE),
        address=lambda number: url_for("events.past", **filters.query(sida=number)),
        offered=choices(),
    )
    return answer(tagged(made))


def by_slug() -> dict[str, County]:
    """The counties by the name in their address."""
    return {county.county_board_slug: county for county in counties().values()}


def _cards(wanted: Wanted, most: int) -> list[Card]:
    rows, _total = lists.listed(db.session, wanted, 1)
    seats = lists.mode_seats(db.session, [row.id for row in rows])
    return [Card(row, seats.get(row.id, ())) for row in rows[:most]]


def _papers(cards: list[Card]) -> dict[int, list[SearchDocument]]:
    return finding.documents_of(db.session, [card.event.id for card in cards], PAPERS)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _midnight(day: date) -> datetime:
    return to_instant(datetime.combine(day, time()))
