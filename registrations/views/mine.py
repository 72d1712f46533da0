"""A participant's own page, behind the secret link of the letter."""

import json
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.clock import now
from core.db import db, write
from core.errors import Refusal, page, sentence_for_missing_key
from core.i18n import language
from core.policy import link
from core.web import FORM_KEY, act, download, found, handle
from events.rules import Mode, may_cancel_place
from registrations import facts, letters, links, needs, own_data, services
from registrations.bots import watching
from registrations.bots.rules import LINK_LATER
from registrations.forms.public import LinkForm, change_form
from registrations.models import Registration
from registrations.placement import services as placement
from registrations.placement.forms import LATER, as_wished
from registrations.placement.queries import wishes_of
from registrations.placement.telling import explained, wished_lines
from registrations.queries import public as queries
from registrations.queries.waiting import position
from registrations.questions import queries as own_questions
from registrations.questions import services as questions
from registrations.questions.forms.fields import filled
from registrations.rules import ACTIVE, Status
from registrations.views.blueprint import bp
from registrations.views.public import MANY, form_of, left_by_mode_and_item

COOKIE = "anmalan"


@bp.get("/min-anmalan/<token:token>")
@link
def landing(token: str) -> ResponseReturnValue:
    """The link of the letter: changes nothing, and goes on to an address without the secret."""
    person = queries.by_link(db.session, token)
    if person is None:
        return no_link()
    answer = current_app.make_response(redirect(url_for("registrations.mine"), 303))
    links.remember(answer, COOKIE, person.id, person.token_version, now())
    return answer


@bp.get("/min-anmalan")
@link
def mine() -> ResponseReturnValue:
    """How it stands: place or queue, time, place, choices; and the ways to change it."""
    person = own_registration()
    if person is None:
        return no_link()
    event = person.event
    page = render_template(
        "registrations/mine.html", person=person, event=event,
        facts=facts.when_and_where(event, person), there=facts.getting_there(event),
        position=position(db.session, person) if person.status is Status.WAITING else None,
        items=facts.choices(event, list(queries.chosen_items(db.session, person.id))),
        wished=wished_lines(db.session, person.id), explained=explained(db.session, person.id),
        may_change=may_change(person), needs=needs.given(db.session, person.id),
        online=person.status is Status.CONFIRMED and person.mode is Mode.ONLINE,
        sheet=own_questions.sheet(db.session, person),
        last_change=facts.last_change(event),
        phone=facts.contact_phone(event), over=event.ends <= now(),
    )  # fmt: skip
    answer = current_app.make_response(page)
    links.remember(answer, COOKIE, person.id, person.token_version, now())
    return answer


@bp.route("/min-anmalan/andra", methods=["GET", "POST"])
@link
def change_mine() -> ResponseReturnValue:
    """Change one's own registration."""
    person = own_registration()
    if person is None:
        return no_link()
    if not may_change(person):
        return redirect(url_for("registrations.mine"), 303)
    standing = found(queries.standing(person.event.slug, now()))
    held = queries.chosen(db.session, person.id)
    of_event = form_of(standing, change_form, held=held)
    chosen = {str(id_) for id_ in held}
    form = of_event(data=_as_it_is(person, of_event, chosen))
    mailed = True

    def action() -> str:
        nonlocal mailed
        me = found(db.session.get(Registration, person.id))
        moment = now()
        changed = placement.change(
            db.session, me, facts=form.facts, picks=form.picks, needs=form.new_needs,
            version=form.version.data, now=moment,
        )  # fmt: skip
        if form.asked:
            answered = questions.keep(db.session, me, form.answers, now=moment)
            mailed = bool(changed) or not answered
        return url_for("registrations.mine")

    def show() -> str:
        return render_template(
            "registrations/change.html", person=person, event=person.event, form=form, many=MANY,
            left=left_by_mode_and_item(standing), chosen=chosen,
            given=needs.given(db.session, person.id), phone=facts.contact_phone(person.event),
        )  # fmt: skip

    answer = handle(form, action, show)
    return _told(
        answer,
        _("Ändringen är sparad. Vi har mejlat en bekräftelse.")
        if mailed
        else _("Dina svar är sparade."),
    )


@bp.route("/min-anmalan/avanmal", methods=["GET", "POST"])
@link
def cancel_mine() -> ResponseReturnValue:
    """Ask first; then give the place back."""
    person = own_registration()
    if person is None:
        return no_link()
    if not (may_change(person) or person.unproven) and person.status in ACTIVE - {Status.OFFERED}:
        return redirect(url_for("registrations.mine"), 303)
    if request.method != "POST":
        if person.status not in ACTIVE:
            return redirect(url_for("registrations.mine"), 303)
        return render_template("registrations/cancel.html", person=person, event=person.event)

    def action() -> str:
        services.cancel(db.session, found(db.session.get(Registration, person.id)), now=now())
        return url_for("registrations.mine")

    return _told(act(action), _("Du är avanmäld. Vi har mejlat en bekräftelse."))


@bp.post("/min-anmalan/tacka-ja")
@link
def accept_mine() -> ResponseReturnValue:
    """Say yes to a place that is held."""
    person = own_registration()
    if person is None:
        return no_link()

    def action() -> str:
        me = found(db.session.get(Registration, person.id))
        services.accept_offer(db.session, me, now=now())
        return url_for("registrations.mine")

    try:
        return _told(act(action), _("Platsen är din. Vi har mejlat en bekräftelse."))
    except Refusal as refusal:
        flash(str(refusal))
        return redirect(url_for("registrations.mine"), 303)


@bp.get("/min-anmalan/kalender.ics")
@link
def my_calendar() -> ResponseReturnValue:
    """The calendar file of somebody who has, or had, a place."""
    person = own_registration()
    if person is None:
        return no_link()
    statuses = {Status.CONFIRMED: "CONFIRMED", Status.CANCELLED: "CANCELLED"}
    status = found(statuses.get(person.status))
    return download(
        letters.own_calendar(person, status),
        filename="kalender.ics",
        mimetype="text/calendar",
    )


@bp.post("/min-anmalan/mina-uppgifter.json")
@link
def my_data() -> ResponseReturnValue:
    """One's own data as a file; that the needs were read is logged, so it is asked for by POST."""
    person = own_registration()
    if person is None:
        return no_link()
    if not FORM_KEY.fullmatch(request.form.get("form_key", "")):
        return page(400, sentence_for_missing_key())

    def read() -> dict[str, Any]:
        return own_data.extract(
            db.session, found(db.session.get(Registration, person.id)), now=now()
        )

    body = json.dumps(write(read), ensure_ascii=False, indent=1)
    return download(body, filename="mina-uppgifter.json", mimetype="application/json")


@bp.route("/min-anmalan/ny-lank", methods=["GET", "POST"])
@link
def new_link() -> ResponseReturnValue:
    """Send the link again: the answer is the same whether there is a registration or not."""
    form = LinkForm()
    watch = watching.of_request(watching.NO_EVENT, str(form.form_key.data))

    def action() -> str:
        moment = now()
        services.send_links(
            db.session, form.email.data, language=language(), now=moment,
            at=moment + LINK_LATER if watch.suspect else moment,
        )  # fmt: skip
        return url_for("registrations.link_sent")

    def show() -> str:
        return render_template("registrations/new_link.html", form=form, watch=watch)

    return handle(form, action, show, prepare=watch.ask)


@bp.get("/min-anmalan/lank-skickad")
@link
def link_sent() -> str:
    """What was done, without telling whether there was anything to send."""
    return render_template("registrations/link_sent.html")


def own_registration() -> Registration | None:
    """Whom this browser was let in as."""
    recalled = links.recall(COOKIE, now())
    person = queries.own(db.session, *recalled) if recalled else None
    if person is not None:
        links.refuse_anothers_form(person.id)
    return person


def no_link() -> tuple[str, int]:
    """What somebody sees whose link is unknown or whose time is up: always the same."""
    return render_template("registrations/no_link.html"), 404


def may_change(person: Registration) -> bool:
    """Whether the person may still change or cancel by themselves."""
    event = person.event
    return (
        person.status in ACTIVE
        and not person.unproven
        and may_cancel_place(cancel_by=event.cancel_by, starts=event.starts, now=now())
    )


def _told(answer: ResponseReturnValue, sentence: str) -> ResponseReturnValue:
    if getattr(answer, "status_code", 0) == 303:
        flash(sentence)
    return answer


def _as_it_is(person: Registration, form: Any, chosen: set[str]) -> dict[str, Any]:
    names = ("first_name", "last_name", "phone", "organisation", "list_consent", "version")
    known = {name: getattr(person, name) for name in names}
    known |= {name: getattr(person, name).value for name in ("sector", "role_kind", "mode")}
    known["municipality"] = person.municipality or ""
    for group in form.groups:
        ids = [str(option.id) for option in group.options if str(option.id) in chosen]
        known[group.field] = ids[0] if ids else LATER
    if form.asked:
        known |= filled(form.asked, own_questions.sheet(db.session, person).by_question)
    if any(group.placed for group in form.groups):
        known |= as_wished(form.groups, wishes_of(db.session, person.id))
    return known
