"""The public form in which one registers several."""

from typing import Any

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.clock import now
from core.db import db
from core.i18n import language
from core.policy import public
from core.web import found, handle
from events.rules import Registering
from registrations import facts, links
from registrations.bots import services as bots
from registrations.bots import watching
from registrations.parties import queries, services
from registrations.parties.forms.group import party_form
from registrations.parties.rules import MOST, How
from registrations.parties.words import HOW_NOTES
from registrations.placement.queries import offered
from registrations.queries import public as public_queries
from registrations.queries.public import Standing
from registrations.questions import queries as own_questions
from registrations.views.blueprint import bp
from registrations.views.public import closed, left_by_mode_and_item

COOKIE = "grupp"


@bp.route("/evenemang/<slug:slug>/anmalan/grupp", methods=["GET", "POST"])
@public
def register_party(slug: str) -> ResponseReturnValue:
    """Register several colleagues, without an account. "More rows" saves nothing."""
    standing = found(public_queries.standing(slug, now()))
    if standing.registering is not Registering.OPEN and request.method != "POST":
        return closed(standing)
    form = form_of(standing)
    watch = watching.of_request(standing.event_id, str(form.form_key.data))
    if "more" in request.form:
        return _show(standing, form, watch, more=True)

    def action() -> str:
        event = public_queries.event_by_id(db.session, standing.event_id)
        party = services.register_party(
            db.session, event, contact=form.contact, people=form.people(), how=How(form.how.data),
            key=form.form_key.data, language=language(), now=now(),
        )  # fmt: skip
        registered = [one.registration_id for one in party.members if one.ours]
        if watch.suspect:
            bots.hold_all(db.session, [id_ for id_ in registered if id_], now=now())
            services.answer_held(party)
        watching.count(standing, people=len(registered))
        return url_for("registrations.my_party")

    answer = handle(form, action, lambda: _show(standing, form, watch), prepare=watch.ask)
    return _let_in(answer, standing, str(form.form_key.data))


def form_of(standing: Standing) -> Any:
    """The form of an event, with as many rows as are asked for."""
    event = public_queries.event_by_id(db.session, standing.event_id)
    groups = offered(db.session, standing.event_id, standing.release)
    asked = own_questions.asked(db.session, standing.event_id)
    return party_form(
        event.county_code or "", standing.modes, groups, left_by_mode_and_item(standing), asked
    )


def _let_in(answer: ResponseReturnValue, standing: Standing, key: str) -> ResponseReturnValue:
    """Whoever has sent the form sees the party at once; asked twice, the same party."""
    if getattr(answer, "status_code", 0) != 303:
        return answer
    made = found(queries.made_with(db.session, standing.event_id, key))
    response = current_app.make_response(answer)
    links.remember(response, COOKIE, made.id, made.token_version, now())
    return response


def _show(standing: Standing, form: Any, watch: watching.Watch, *, more: bool = False) -> str:
    event = public_queries.event_by_id(db.session, standing.event_id)
    return render_template(
        "registrations/parties/group.html", event=event, form=form, full=standing.full, most=MOST,
        notes=HOW_NOTES, phone=facts.contact_phone(event), more=more, watch=watch,
    )  # fmt: skip
