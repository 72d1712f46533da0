"""Lists for everybody: events, assignments, and what search engines ask for."""

from flask import Response, current_app, render_template, url_for

from core.cache import answer, cached, tagged
from core.clock import now
from core.db import db
from core.i18n import ENGLISH, in_both, language, public_url
from core.paging import page_count
from core.policy import closed, public
from core.web import found, page_number
from events.finding.queries import documentation
from events.finding.views.lists import by_slug
from events.queries import lists
from events.queries.assignments import all_assignments, assignment_by_slug, assignment_events
from events.queries.feeds import sitemap_events
from events.series.queries import shown_slugs
from events.views.blueprint import bp
from events.views.cards import Card
from events.views.filters import Filter, asked_for, choices

KEPT_PAGES = 50
STANDING = (
    "events.start", "events.past", "events.all_counties", "registrations.councils",
    "events.assignments", "events.feeds", "pages.accessibility", "pages.privacy", "pages.cookies",
)  # fmt: skip


@bp.get("/")
@public
def start() -> Response:
    """What is coming, or what has been. Kept until something that the list shows has changed."""
    filters, page = asked_for(), page_number()
    if filters.free or page > KEPT_PAGES:  # anybody can think of any number of these
        return answer(tagged(_start(filters, page)))
    key = ("start", language(), filters, page, lists.list_stamp(db.session, now()))
    return cached(key, lambda: _start(filters, page))


def _start(filters: Filter, page: int) -> str:
    """The page; three questions however many events there are."""
    rows, total = lists.listed(db.session, filters.wanted(), page)
    seats = lists.mode_seats(db.session, [row.id for row in rows])
    return render_template(
        "events/start.html",
        cards=[Card(row, seats.get(row.id, ())) for row in rows],
        filters=filters,
        total=total,
        page=page,
        pages=page_count(total, lists.PAGE),
        address=lambda number: url_for("events.start", **filters.query(sida=number)),
        offered=choices(),
    )


@bp.get("/uppdrag")
@public
def assignments() -> Response:
    """The assignments and what they have led to."""
    made = render_template("events/assignments.html", assignments=all_assignments(db.session))
    return answer(tagged(made))


@bp.get("/uppdrag/<slug:slug>")
@public
def assignment(slug: str) -> Response:
    """An assignment, what it asks for, and its events."""
    assignment = found(assignment_by_slug(db.session, slug))
    events = assignment_events(db.session, assignment.id)
    made = render_template(
        "events/assignment.html",
        assignment=assignment,
        cards=[Card(row) for row in events],
        reached={row.county_code for row in events if row.county_code},
    )
    return answer(tagged(made))


@bp.get("/sitemap.xml")
@public
def sitemap() -> Response:
    """Every public page in both languages (sitemaps.org; hreflang as search engines read it)."""
    pages = [(in_both(endpoint), None) for endpoint in STANDING]
    pages += [(in_both("events.county", county=slug), None) for slug in by_slug()]
    pages += [
        (in_both("events.assignment", slug=row.slug), None) for row in all_assignments(db.session)
    ]
    pages += [(in_both("events.series", series=slug), None) for slug in shown_slugs(db.session)]
    pages += [
        (in_both("events.show", slug=row.slug), row.updated) for row in sitemap_events(db.session)
    ]
    pages += [(in_both(endpoint, **values), None) for endpoint, values in documentation(db.session)]
    made = render_template("events/sitemap.xml", pages=pages)
    return answer(tagged(made), mimetype="application/xml; charset=utf-8")


@bp.get("/robots.txt")
@public
def robots() -> Response:
    """Everything may be read but what is for staff or behind a personal link."""
    hidden = [f"{prefix}{path}" for prefix in ("", ENGLISH) for path in closed(current_app)]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in hidden)]
    lines.append(f"Sitemap: {public_url('events.sitemap')}")
    return answer(tagged("\n".join(lines) + "\n"), mimetype="text/plain; charset=utf-8")
