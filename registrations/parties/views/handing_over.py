"""Hand a place over to a colleague: by the person, and by those who work here."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.gate import me, staff
from accounts.rules import PLAN
from core.clock import now
from core.db import db
from core.i18n import language
from core.policy import link
from core.web import act, found, handle
from events.models import Event
from events.queries.manage import find_event
from registrations import facts
from registrations.models import Registration
from registrations.parties import services
from registrations.parties.forms.substitute import SAME, offer_same, substitute_form, with_same
from registrations.parties.rules import may_hand_over
from registrations.placement.forms import as_wished
from registrations.placement.queries import offered, settled, wishes_of
from registrations.placement.rules import Pick
from registrations.protection import shown
from registrations.queries import public as queries
from registrations.rules import RoleKind
from registrations.views.blueprint import bp
from registrations.views.manage.person import PATH, find_registration
from registrations.views.mine import may_change, no_link, own_registration
from registrations.views.public import MANY, left_by_mode_and_item


class _Gone(Exception):
    """No such effect has been asked for before."""


@bp.route("/min-anmalan/overlat", methods=["GET", "POST"])
@link
def hand_over_mine() -> ResponseReturnValue:
    """Let a colleague have one's own place; afterwards the link of this page is dead."""
    person = own_registration()
    if person is None:
        return _answered_before() if request.method == "POST" else no_link()
    if not _allowed(person) or not may_change(person):
        return redirect(url_for("registrations.mine"), 303)
    form = form_for(person.event, person)

    def action() -> str:
        services.transfer(
            db.session, found(db.session.get(Registration, person.id)), facts=form.facts,
            picks=form.picks, needs=form.needs, language=language(), now=now(),
            version=form.version.data,
        )  # fmt: skip
        return url_for("registrations.handed_over")

    def show() -> str:
        return render_template(
            "registrations/parties/hand_over.html", person=person, event=person.event, form=form,
            phone=facts.contact_phone(person.event), **seats_shown(person.event, person),
        )  # fmt: skip

    return handle(form, action, show)


@bp.get("/min-anmalan/overlaten")
@link
def handed_over() -> str:
    """What was done; the same for everybody."""
    return render_template("registrations/parties/handed_over.html")


@bp.route(f"{PATH}/<id:registration_id>/overlat", methods=["GET", "POST"])
@staff(PLAN, event=find_event, registration=find_registration)
def participant_hand_over(event: Event, registration: Registration) -> ResponseReturnValue:
    """Let a colleague have somebody's place, with a reason."""
    found(registration if registration.event_id == event.id else None)
    form = form_for(event, registration, reason=True)

    def action() -> str:
        before = db.session.get_one(Registration, registration.id)
        after = services.transfer(
            db.session, before, facts=form.facts, picks=form.picks, needs=form.needs,
            language=before.language, now=now(), by=me(), reason=form.reason.data,
            version=form.version.data,
        )  # fmt: skip
        flash(_("%(name)s har fått platsen.", name=shown(after, openly=True).name))
        return url_for(
            "registrations.participant", event_id=after.event_id, registration_id=after.id
        )

    def show() -> str:
        return render_template(
            "registrations/manage/hand_over.html", event=event, tab="participants", form=form,
            registration=registration, person=shown(registration, openly=True),
            allowed=_allowed(registration), **seats_shown(event, registration),
        )  # fmt: skip

    return handle(form, action, show)


def _answered_before() -> ResponseReturnValue:
    """The link has died with the place: a second press is given the answer of the first."""

    def nothing_done() -> str:
        raise _Gone

    try:
        return act(nothing_done)
    except _Gone:
        return no_link()


def form_for(event: Event, person: Registration | None, *, reason: bool = False) -> Any:
    """The substitute's form: the role and the choices of the one before stand in it at first."""
    held = queries.chosen(db.session, person.id) if person else []
    groups = settled(_groups(event), held)
    known: dict[str, Any] = {}
    if person is not None:
        known = {"role_kind": person.role_kind.value, "version": person.version}
        known |= as_wished(groups, wishes_of(db.session, person.id))
    for group in groups:
        ids = [str(option.id) for option in group.options if option.id in held]
        known |= {group.field: ids[0]} if ids else {}
    return substitute_form(groups, reason=reason)(data=known)


def form_for_contact(event: Event) -> Any:
    """The same for whomever it is about: it must not tell who had registered without the contact.

    What the one before has chosen is not shown, but can be left as it is.
    """
    groups = _groups(event)
    same = dict.fromkeys((group.field for group in groups), SAME)
    form = substitute_form(groups)(data=same | {"role_kind": RoleKind.OFFICIAL.value})
    offer_same(form)
    return form


def picks_for_contact(form: Any, person: Registration | None) -> list[Pick]:
    """What the contact's form asks for, where `person` is the one before (None: a stranger)."""
    held = set(queries.chosen(db.session, person.id)) if person else set()
    wished = wishes_of(db.session, person.id) if person else {}
    before = {}
    for group in form.groups:
        mine = next((option.id for option in group.options if option.id in held), None)
        pair = wished.get(group.name) if group.placed else None
        if mine is not None:
            before[group.field] = Pick(group.field, group.name, mine, None, placed=False)
        elif pair:
            before[group.field] = Pick(group.field, group.name, *pair, placed=True)
    return with_same(form, before)


def seats_shown(event: Event, person: Registration | None) -> dict[str, Any]:
    """What the choices of the form need: seats left, and what the one before has chosen."""
    standing = queries.standing(event.slug, now())
    chosen = queries.chosen(db.session, person.id) if person else []
    return {
        "left": left_by_mode_and_item(standing) if standing else {},
        "many": MANY,
        "chosen": {str(id_) for id_ in chosen},
    }


def _groups(event: Event) -> tuple[queries.Group, ...]:
    standing = queries.standing(event.slug, now())
    return offered(db.session, event.id, standing.release) if standing else ()


def _allowed(person: Registration) -> bool:
    return may_hand_over(person.status, protected=person.protected)
