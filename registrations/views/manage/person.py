"""One registration: see it, enter it by hand, change it, cancel it, let it pass the others."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.gate import me, staff
from accounts.rules import PLAN
from core.clock import now
from core.db import db
from core.web import act, found, handle
from events.models import Event
from events.queries.manage import find_event
from events.queries.releases import latest_release
from registrations import needs, seats, services
from registrations.door import queries as door_queries
from registrations.forms.manage import CancelForm, DeclineForm, FirstForm, PersonForm, person_form
from registrations.models import Registration
from registrations.placement import queries as placement_queries
from registrations.placement import services as placement
from registrations.placement.forms import as_wished
from registrations.placement.telling import explained, wished_lines
from registrations.protection import shown, stand_in
from registrations.queries import lists
from registrations.queries.history import history, mails
from registrations.queries.public import Group, chosen
from registrations.questions import queries as own_questions
from registrations.questions import services as questions
from registrations.questions.forms.fields import filled
from registrations.roster.history import story
from registrations.rules import ACTIVE, Source, Status
from registrations.services.by_hand import put_first
from registrations.views.blueprint import bp

PATH = "/arbeta/evenemang/<id:event_id>/deltagare"


def find_registration(registration_id: int) -> Registration | None:
    """The registration of that number, whosesoever it is (the gate asks)."""
    return lists.find_registration(db.session, registration_id)


@bp.get(f"{PATH}/<id:registration_id>")
@staff(PLAN, event=find_event, registration=find_registration)
def participant(event: Event, registration: Registration) -> str:
    """One person: what was said, how it stands, what has been done."""
    _belongs(registration, event)
    options = {option.id: option for group in _groups(event) for option in group.options}
    return render_template(
        "registrations/manage/participant.html",
        event=event,
        tab="participants",
        registration=registration,
        person=shown(registration, openly=True),
        alias=stand_in(registration.id),
        position=lists.positions(db.session, event.id, [registration.id]).get(registration.id),
        visitor=door_queries.visitor(db.session, registration),
        chosen=[options[id_] for id_ in chosen(db.session, registration.id) if id_ in options],
        has_slots=bool(options),
        wished=wished_lines(db.session, registration.id),
        explained=explained(db.session, registration.id),
        told=needs.given(db.session, registration.id),
        sheet=own_questions.sheet(db.session, registration),
        history=story(history(db.session, registration.id), mails(db.session, registration.id)),
        active=registration.status in ACTIVE,
    )


@bp.route(f"{PATH}/ny", methods=["GET", "POST"])
@staff(PLAN, event=find_event)
def participant_add(event: Event) -> ResponseReturnValue:
    """Enter a person by hand, e.g. somebody who rings."""
    offered = _groups(event)
    form = person_form(offered, own_questions.asked(db.session, event.id))()
    form.offer(_modes(event), event.county_code or "")

    def add() -> str:
        here = db.session.get_one(Event, event.id)
        moment = now()
        ask = form.asked and not questions.is_known(db.session, here.id, form.facts())
        registration = placement.register(
            db.session, here, facts=form.facts(), picks=form.picks(offered),
            needs=form.needs(), source=Source.STAFF, language="sv", now=moment, by=me(),
            notify=bool(form.email.data),
        )  # fmt: skip
        if ask:
            questions.keep(db.session, registration, form.answers, by=me(), now=moment)
        flash(_outcome(registration, new=registration.updated == moment))
        return _address(registration)

    return handle(form, add, _form_page(event, form, offered, None))


@bp.route(f"{PATH}/<id:registration_id>/andra", methods=["GET", "POST"])
@staff(PLAN, event=find_event, registration=find_registration)
def participant_change(event: Event, registration: Registration) -> ResponseReturnValue:
    """Change what a person has said."""
    _belongs(registration, event)
    offered = _groups(event, chosen(db.session, registration.id))
    asked = own_questions.asked(db.session, event.id)
    present = _present(registration, offered)
    if asked:
        present |= filled(asked, own_questions.sheet(db.session, registration).by_question)
    form = person_form(offered, asked)(data=present)
    form.offer(_modes(event), event.county_code or "")

    def change() -> str:
        person, moment = db.session.get_one(Registration, registration.id), now()
        placement.change(
            db.session, person, facts=form.facts(), picks=form.picks(offered),
            needs=form.needs() or None, version=form.version.data, by=me(), now=moment,
            notify=bool(form.email.data),
        )  # fmt: skip
        if asked:
            questions.keep(db.session, person, form.answers, by=me(), now=moment)
        flash(_("Ändringen är sparad."))
        return _address(person)

    return handle(form, change, _form_page(event, form, offered, registration))


@bp.route(f"{PATH}/<id:registration_id>/avanmal", methods=["GET", "POST"])
@staff(PLAN, event=find_event, registration=find_registration)
def participant_cancel(event: Event, registration: Registration) -> ResponseReturnValue:
    """Take somebody off the list, with a reason."""
    _belongs(registration, event)
    form = CancelForm()

    def cancel() -> str:
        person = db.session.get_one(Registration, registration.id)
        services.cancel(
            db.session, person, reason=form.reason.data, by=me(), now=now(),
            notify=bool(person.email),
        )  # fmt: skip
        flash(_("%(name)s är avanmäld.", name=shown(person, openly=True).name))
        return _address(person)

    return handle(form, cancel, _reason_page("cancel", event, registration, form))


@bp.route(f"{PATH}/<id:registration_id>/forst", methods=["GET", "POST"])
@staff(PLAN, event=find_event, registration=find_registration)
def participant_first(event: Event, registration: Registration) -> ResponseReturnValue:
    """Let somebody pass the others on the waiting list, with a reason."""
    _belongs(registration, event)
    form = FirstForm()

    def pass_others() -> str:
        person = db.session.get_one(Registration, registration.id)
        seated = put_first(db.session, person, reason=form.reason.data, by=me(), now=now())
        name = shown(person, openly=True).name
        flash(
            _("%(name)s har fått en plats.", name=name)
            if seated
            else _("%(name)s står först på reservlistan och får nästa plats.", name=name)
        )
        return _address(person)

    return handle(form, pass_others, _reason_page("first", event, registration, form))


def _belongs(registration: Registration, event: Event) -> None:
    found(registration if registration.event_id == event.id else None)


def _groups(event: Event, held: Sequence[int] = ()) -> tuple[Group, ...]:
    release = latest_release(db.session, event.id)
    found = placement_queries.offered(db.session, event.id, release.number if release else 0)
    return placement_queries.settled(found, held)


def _modes(event: Event) -> list[Any]:
    return [pool.mode for pool in seats.of_event(db.session, event.id) if pool.mode]


def _present(registration: Registration, offered: tuple[Group, ...]) -> dict[str, Any]:
    """What the form shows first: everything but the needs, which are not read for that."""
    names = ("first_name", "last_name", "email", "phone", "organisation", "municipality",
             "list_consent", "protected", "version")  # fmt: skip
    enums = ("sector", "role_kind", "mode")
    mine = set(chosen(db.session, registration.id))
    return (
        {name: getattr(registration, name) for name in names}
        | {name: getattr(registration, name).value for name in enums}
        | {
            group.field: next((str(o.id) for o in group.options if o.id in mine), "")
            for group in offered
        }
        | (
            as_wished(offered, placement_queries.wishes_of(db.session, registration.id))
            if offered
            else {}
        )
    )


def _form_page(
    event: Event, form: PersonForm, offered: tuple[Group, ...], registration: Registration | None
) -> Callable[[], str]:
    return lambda: render_template(
        "registrations/manage/person_form.html",
        event=event,
        tab="participants",
        form=form,
        groups=offered,
        registration=registration,
        person=shown(registration, openly=True) if registration else None,
        told=needs.given(db.session, registration.id) if registration else set(),
    )


@bp.post(f"{PATH}/<id:registration_id>/godkann")
@staff(PLAN, event=find_event, registration=find_registration)
def participant_approve(event: Event, registration: Registration) -> ResponseReturnValue:
    """Say yes to somebody who waits for the answer."""
    _belongs(registration, event)

    def approve() -> str:
        person = db.session.get_one(Registration, registration.id)
        services.approve(db.session, person, by=me(), now=now())
        flash(_outcome(person, new=True))
        return _address(person)

    return act(approve)


@bp.route(f"{PATH}/<id:registration_id>/nej", methods=["GET", "POST"])
@staff(PLAN, event=find_event, registration=find_registration)
def participant_decline(event: Event, registration: Registration) -> ResponseReturnValue:
    """Say no to somebody who waits for the answer, with the reason that is mailed."""
    _belongs(registration, event)
    form = DeclineForm()

    def decline() -> str:
        person = db.session.get_one(Registration, registration.id)
        services.decline(db.session, person, reason=form.reason.data, by=me(), now=now())
        flash(_("%(name)s har fått nej.", name=shown(person, openly=True).name))
        return _address(person)

    return handle(form, decline, _reason_page("decline", event, registration, form))


def _reason_page(
    what: str, event: Event, registration: Registration, form: Any
) -> Callable[[], str]:
    return lambda: render_template(
        f"registrations/manage/{what}.html",
        event=event,
        tab="participants",
        form=form,
        registration=registration,
        person=shown(registration, openly=True),
    )


def _outcome(registration: Registration, *, new: bool) -> str:
    name = shown(registration, openly=True).name
    if not new:
        return _("%(name)s var redan anmäld. Ingenting är ändrat.", name=name)
    if registration.status is Status.WAITING:
        return _("%(name)s står på reservlistan: alla platser är tagna.", name=name)
    return _("%(name)s är anmäld.", name=name)


def _address(registration: Registration) -> str:
    return url_for(
        "registrations.participant",
        event_id=registration.event_id,
        registration_id=registration.id,
    )
