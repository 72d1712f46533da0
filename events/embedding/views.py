"""Plain pages that other sites may show in a frame: no cookies, no forms, links that leave it."""

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.gate import staff
from accounts.queries import authority_by_slug
from accounts.rules import PEOPLE
from core.cache import answer, cached, tagged
from core.clock import now
from core.db import db
from core.i18n import in_both, language
from core.policy import public
from core.reference import counties, municipality_name
from core.web import found
from events import places, programme
from events.models import Event
from events.queries import lists, pages, releases
from events.queries.manage import find_event
from events.rules import PUBLIC_STATES
from events.views.blueprint import bp
from events.views.filters import asked_for

MOST = 20  # events in a frame
FRAMED = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; "
        "base-uri 'none'; frame-ancestors *"
    ),
    "Cross-Origin-Resource-Policy": "cross-origin",
}


@bp.get("/evenemang/<slug:slug>/inbaddat")
@public
def embedded_event(slug: str) -> Response:
    """The event with its released programme and the way to register."""
    glance = found(pages.glance(slug, now()))

    def page() -> str:
        event = pages.whole_event(db.session, glance.stamp.id)
        release = releases.latest_release(db.session, event.id)
        return render_template(
            "events/embedding/event.html",
            event=event,
            glance=glance,
            days=programme.days(release.content if release else {}, glance.left_in_items),
            place=places.place(event.venue_name, event.venue_address, event.municipality),
        )

    return cached(("embedded", language(), glance), page, headers=FRAMED)


@bp.get("/inbaddat")
@public
def embedded_list() -> Response:
    """What is coming, of a board (`myndighet`), or by the filters of the start page."""
    filters = asked_for()
    board = authority_by_slug(db.session, request.args.get("myndighet", "")[:100])
    rows = lists.following(
        db.session, filters.wanted(), None, MOST, board_id=board.id if board else None
    )
    county = counties().get(filters.county)
    made = render_template(
        "events/embedding/list.html",
        rows=[(row, _town(row)) for row in rows],
        whose=board.name if board else county.name if county else "",
    )
    return answer(tagged(made), headers=FRAMED)


@bp.get("/arbeta/evenemang/<id:event_id>/badda-in")
@staff(PEOPLE, event=find_event)
def embed(event: Event) -> ResponseReturnValue:
    """The lines to copy to a page of another site."""
    return render_template(
        "events/embedding/copy.html",
        event=event,
        tab="programme",
        shown=event.state in PUBLIC_STATES,
        addresses=in_both("events.embedded_event", slug=event.slug),
        lists=in_both("events.embedded_list", myndighet=event.authority.slug),
    )


def _town(event: Event) -> str:
    town = municipality_name(event.municipality) or event.venue_name
    return town or (_("På nätet") if event.online_url else "")
