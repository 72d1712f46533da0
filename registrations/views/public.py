"""What everybody sees: the form, and the thanks."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core import crypto, csrf
from core.cache import cached, page_cache
from core.clock import now
from core.db import db
from core.i18n import language
from core.policy import public
from core.reference import Sector
from core.web import found, handle
from events.rules import Mode, Registering
from registrations import facts
from registrations.bots import services as bots
from registrations.bots import watching
from registrations.forms.public import registration_form
from registrations.placement import services as placement
from registrations.placement.queries import offered, settled
from registrations.queries import public as queries
from registrations.queries.public import Standing
from registrations.questions import queries as own_questions
from registrations.questions import services as questions
from registrations.rules import Source
from registrations.views.blueprint import bp

MANY = 30  # seats; more than this is not counted out
KEY, TOKEN, STAMP = b"@@form-key@@", b"@@csrf-token@@", b"@@form-opened@@"


@bp.route("/evenemang/<slug:slug>/anmalan", methods=["GET", "POST"])
@public
def register(slug: str) -> ResponseReturnValue:
    """Register, without an account."""
    standing = found(queries.standing(slug, now(), shared=request.method != "POST"))
    if request.method != "POST":
        if standing.registering is not Registering.OPEN:
            return closed(standing)
        if not request.query_string:
            return _blank(standing)
    form = form_of(standing)()
    watch = watching.of_request(standing.event_id, form.form_key.data)
    thanks = url_for("registrations.receipt", slug=slug)

    def action() -> str:
        moment = now()
        hold = watch.suspect and not questions.is_known(db.session, standing.event_id, form.facts)
        # Who is registered already has answered already, and nobody else may answer anew.
        ask = form.asked and not questions.is_known(db.session, standing.event_id, form.facts)
        person = placement.register_at(
            db.session, standing.event_id, facts=form.facts, picks=form.picks, needs=form.needs,
            source=Source.WEB, language=language(), now=moment,
            notify=not hold,
        )  # fmt: skip
        if hold:
            bots.hold(db.session, person, now=moment)
        if ask:
            questions.keep(db.session, person, form.answers, now=moment)
        watching.count(standing)
        return thanks

    def show() -> str:
        return _show(standing, form, watch)

    return handle(form, action, show, prepare=watch.ask, expected=thanks)


@bp.get("/evenemang/<slug:slug>/anmalan/tack")
@public
def receipt(slug: str) -> Response:
    """Thanks: the same for everybody, whether they were registered before or not."""
    standing = found(queries.standing(slug, now()))
    key = ("registrations.receipt", *standing.called, standing.full)

    def render() -> str:
        event = queries.event_by_id(db.session, standing.event_id)
        return render_template("registrations/receipt.html", event=event, full=standing.full)

    return cached((*key, language()), render)


def form_of(
    standing: Standing, make: Callable[..., Any] = registration_form, *, held: Sequence[int] = ()
) -> Any:
    """The class of the form of an event, made by `make`; once for each version of the event.

    Somebody who has been placed (`held` seats) no longer wishes in that slot: another form.
    """
    known = current_app.extensions.setdefault("registration_forms", {})
    key = standing.event_id, standing.version, standing.release, make
    made = known.get(key)
    if made is None:
        event = queries.event_by_id(db.session, standing.event_id)
        groups = offered(db.session, standing.event_id, standing.release)
        asked = own_questions.asked(db.session, standing.event_id)
        made = make(event.county_code or "", standing.modes, groups, asked)
        if len(known) > 500:
            known.clear()
        if event.shown == standing.version:  # the session may have begun before the last change
            known[key] = made
    groups = settled(made.groups, held)
    if groups == made.groups:
        return made
    event = queries.event_by_id(db.session, standing.event_id)
    return make(event.county_code or "", standing.modes, groups, made.asked)


def left_by_mode_and_item(standing: Standing) -> dict[Any, int | None]:
    """Seats left by mode and by item id, as far as they are counted out on a page."""
    return {
        pool.mode or pool.item_id: None if pool.left is None else min(pool.left, MANY + 1)
        for pool in standing.pools
        if pool.others_mode is None
    }


def kept(standing: Standing) -> list[tuple[Mode, Sector, int, bool]]:
    """Seats still kept for one sector: mode, sector, how many, and whether the others are gone."""
    left: dict[Mode | None, int | None] = {
        pool.mode: pool.left for pool in standing.pools if pool.mode
    }
    found = []
    for pool in standing.pools:
        of_mode = left.get(pool.others_mode) if pool.others_mode else None
        sectors = (pool.others_than or "").split("+")
        if pool.others_mode and of_mode and pool.left is not None and len(sectors) == 1:
            found.append(
                (pool.others_mode, Sector(sectors[0]), of_mode - pool.left, pool.left <= 0)
            )
    return [one for one in found if one[2] > 0]


def _blank(standing: Standing) -> Response:
    """The empty form, from the cache, with this visitor's own token and a key of its own."""
    cache = page_cache(current_app)
    seats = (*left_by_mode_and_item(standing).items(), *kept(standing))

    form_key = crypto.new_token()
    watch = watching.blank(standing.event_id, form_key)

    def render() -> bytes:
        form = form_of(standing)()
        form.form_key.data = KEY.decode()
        page = _show(standing, form, watching.Watch(STAMP.decode(), watch.bits))
        return page.encode().replace(csrf.csrf_token().encode(), TOKEN)

    key = ("registrations.register", *standing.called, seats, watch.bits, language())
    body, _etag = cache.get(key, render)
    body = body.replace(TOKEN, csrf.csrf_token().encode(), 1).replace(KEY, form_key.encode(), 1)
    return Response(body.replace(STAMP, watch.stamp.encode(), 1), mimetype="text/html")


def _show(standing: Standing, form: Any, watch: watching.Watch) -> str:
    event = queries.event_by_id(db.session, standing.event_id)
    return render_template(
        "registrations/register.html", event=event, form=form, full=standing.full, many=MANY,
        left=left_by_mode_and_item(standing), phone=facts.contact_phone(event),
        kept=kept(standing), watch=watch,
    )  # fmt: skip


def closed(standing: Standing) -> Response:
    """Why nobody can register now, and what there is to do."""
    key = *standing.called, standing.registering

    def render() -> str:
        event = queries.event_by_id(db.session, standing.event_id)
        return render_template(
            "registrations/closed.html", event=event, stands=standing.registering
        )

    return cached(("registrations.closed", *key, language()), render)
