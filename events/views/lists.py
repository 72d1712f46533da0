"""Lists for everybody: events, assignments, and what search engines ask for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Response, render_template, url_for
from flask_babel import gettext as _

from core.cache import answer, tagged
from core.clock import now, to_local
from core.db import db
from core.i18n import in_both, public_url
from core.policy import public
from core.reference import counties, municipality_name
from core.web import found, page_number
from events.queries import public as queries
from events.rules import Mode, Registering, registering
from events.views.blueprint import bp
from events.views.filters import asked_for, choices

HIDDEN = ("/arbeta/", "/min-anmalan", "/inbjudan", "/en/arbeta/", "/en/min-anmalan", "/en/inbjudan")
STANDING = (
    "events.start", "registrations.councils", "events.assignments", "pages.accessibility",
    "pages.privacy", "pages.cookies",
)  # fmt: skip


@bp.get("/")
@public
def start() -> Response:
    """What is coming, or what has been; three questions however many events there are."""
    filters, page = asked_for(), page_number()
    rows, total = queries.listed(db.session, filters.wanted(), page)
    seats = queries.mode_seats(db.session, [row.id for row in rows])
    made = render_template(
        "events/start.html",
        cards=[Card(row, seats.get(row.id, ())) for row in rows],
        filters=filters,
        total=total,
        page=page,
        pages=max(1, -(-total // queries.PAGE)),
        address=lambda number: url_for("events.start", **filters.query(sida=number)),
        earlier=url_for("events.start", till=to_local(now()).date() - timedelta(days=1)),
        offered=choices(),
    )
    return answer(tagged(made))


@bp.get("/uppdrag")
@public
def assignments() -> Response:
    """The assignments and what they have led to."""
    made = render_template("events/assignments.html", assignments=queries.assignments(db.session))
    return answer(tagged(made))


@bp.get("/uppdrag/<slug:slug>")
@public
def assignment(slug: str) -> Response:
    """An assignment, what it asks for, and its events."""
    assignment = found(queries.assignment_by_slug(db.session, slug))
    events = queries.assignment_events(db.session, assignment.id)
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
    pages += [
        (in_both("events.assignment", slug=row.slug), None)
        for row in queries.assignments(db.session)
    ]
    pages += [
        (in_both("events.show", slug=row.slug), row.updated)
        for row in queries.sitemap_events(db.session)
    ]
    made = render_template("events/sitemap.xml", pages=pages)
    return answer(tagged(made), mimetype="application/xml; charset=utf-8")


@bp.get("/robots.txt")
@public
def robots() -> Response:
    """Everything may be read but what is for staff or behind a personal link."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in HIDDEN)]
    lines.append(f"Sitemap: {public_url('events.sitemap')}")
    return answer(tagged("\n".join(lines) + "\n"), mimetype="text/plain; charset=utf-8")


@dataclass(frozen=True)
class Card:
    """An event in a list, and what is derived about it."""

    event: Any
    seats: Sequence[queries.Seats] = ()

    @property
    def day(self) -> int:
        """The day of the month it begins on."""
        return to_local(self.event.starts).day

    @property
    def county(self) -> str:
        """The county it is held in."""
        county = counties().get(self.event.county_code or "")
        return county.name if county else ""

    @property
    def where(self) -> str:
        """The town, and whether one can take part from elsewhere."""
        places = [municipality_name(self.event.municipality) or self.event.venue_name]
        if self.event.online or Mode.ONLINE in self.modes:
            places.append(_("på nätet"))
        return _(" och ").join(place for place in places if place)

    @property
    def modes(self) -> set[Mode]:
        """How one can take part."""
        return {one.mode for one in self.seats if one.mode}

    @property
    def full(self) -> bool:
        """Whether every mode is full."""
        return bool(self.seats) and all(one.left == 0 for one in self.seats)

    @property
    def standing(self) -> Registering:
        """Whether one can register now."""
        event = self.event
        return registering(
            state=event.state, opens=event.registration_opens, closes=event.registration_closes,
            ends=event.ends, paused=event.registration_paused, invited_only=event.invited_only,
            now=now(),
        )  # fmt: skip
