"""What everybody sees: the form, and the thanks."""

from typing import Any

from flask import Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core import crypto, csrf
from core.cache import PageCache, cached
from core.clock import now
from core.db import db
from core.i18n import language
from core.policy import public
from core.web import found, handle
from events.queries import public as events
from events.queries.public import Glance
from events.rules import Registering
from registrations import facts, services
from registrations.forms.public import registration_form
from registrations.queries import public as queries
from registrations.rules import Source
from registrations.views.blueprint import bp

MANY = 30  # seats; more than this is not counted out
KEY, TOKEN = b"@@form-key@@", b"@@csrf-token@@"


@bp.route("/evenemang/<slug:slug>/anmalan", methods=["GET", "POST"])
@public
def register(slug: str) -> ResponseReturnValue:
    """Register, without an account."""
    glance = found(events.glance(db.session, slug, now()))
    if request.method != "POST":
        if glance.registering is not Registering.OPEN:
            return _closed(glance)
        if not request.query_string:
            return _blank(glance)
    form = form_of(glance)()

    def action() -> str:
        event = queries.event_by_id(db.session, glance.id)
        services.register(
            db.session, event, facts=form.facts, choices=form.choices, needs=form.needs,
            source=Source.WEB, language=language(), now=now(),
        )  # fmt: skip
        return url_for("registrations.receipt", slug=slug)

    return handle(form, action, lambda: _show(glance, form))


@bp.get("/evenemang/<slug:slug>/anmalan/tack")
@public
def receipt(slug: str) -> Response:
    """Thanks: the same for everybody, whether they were registered before or not."""
    glance = found(events.glance(db.session, slug, now()))
    key = ("registrations.receipt", glance.id, glance.version, glance.surroundings, glance.full)

    def render() -> str:
        event = events.whole_event(db.session, glance.id)
        return render_template("registrations/receipt.html", event=event, full=glance.full)

    return cached((*key, language()), render)


def form_of(glance: Glance) -> Any:
    """The class of the form of an event; made once for each version of it."""
    known = current_app.extensions.setdefault("registration_forms", {})
    key = glance.id, glance.version, glance.release
    if key not in known:
        if len(known) > 500:
            known.clear()
        event = queries.event_by_id(db.session, glance.id)
        groups = queries.groups(db.session, glance.id, glance.release)
        modes = [seats.mode for seats in glance.modes if seats.mode]
        known[key] = registration_form(event.county_code or "", modes, groups)
    return known[key]


def left_by_mode_and_item(glance: Glance) -> dict[Any, int | None]:
    """Seats left by mode and by item id, as far as they are counted out on a page."""
    return {
        seats.mode or seats.item_id: None if seats.left is None else min(seats.left, MANY + 1)
        for seats in glance.seats
    }


def _blank(glance: Glance) -> Response:
    """The empty form, from the cache, with this visitor's own token and a key of its own."""
    cache: PageCache = current_app.extensions.setdefault("page_cache", PageCache())
    seats = tuple(left_by_mode_and_item(glance).items())
    version = glance.id, glance.version, glance.release, glance.surroundings

    def render() -> bytes:
        form = form_of(glance)()
        form.form_key.data = KEY.decode()
        return _show(glance, form).encode().replace(csrf.csrf_token().encode(), TOKEN)

    body, _etag = cache.get(("registrations.register", *version, seats, language()), render)
    body = body.replace(TOKEN, csrf.csrf_token().encode(), 1)
    return Response(body.replace(KEY, crypto.new_token().encode(), 1), mimetype="text/html")


def _show(glance: Glance, form: Any) -> str:
    event = events.whole_event(db.session, glance.id)
    return render_template(
        "registrations/register.html", event=event, form=form, full=glance.full, many=MANY,
        left=left_by_mode_and_item(glance), phone=facts.contact_phone(event),
    )  # fmt: skip


def _closed(glance: Glance) -> Response:
    key = glance.id, glance.version, glance.surroundings, glance.registering

    def render() -> str:
        event = events.whole_event(db.session, glance.id)
        return render_template("registrations/closed.html", event=event, stands=glance.registering)

    return cached(("registrations.closed", *key, language()), render)
