"""The door on a telephone: search, tick in, undo; how many are here; a list on paper."""

import re

from flask import Response, abort, flash, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.gate import me, staff
from accounts.rules import DOOR
from core import crypto
from core.clock import now
from core.db import db
from core.web import act, found, handle, query_text
from events.models import Event
from events.queries.manage import find_event
from events.rules import Mode
from registrations import seats, services
from registrations.door import queries
from registrations.door.rules import is_open, may_come_in
from registrations.door.services import tick
from registrations.forms.manage import WalkInForm
from registrations.models import Registration
from registrations.protection import shown
from registrations.queries.figures import figures
from registrations.queries.lists import find_registration
from registrations.rules import Source, Tick
from registrations.views.blueprint import bp

PATH = "/arbeta/evenemang/<id:event_id>/dorren"


def _find(registration_id: int) -> Registration | None:
    return find_registration(db.session, registration_id)


@bp.get(PATH)
@staff(DOOR, event=find_event)
def door(event: Event) -> str:
    """Numbers and a search; names only when searched for, or just ticked in."""
    text = query_text("q")
    answering = queries.answering(db.session, event.id, text) if text else []
    return render_template(
        "registrations/door/door.html",
        event=event,
        tab="door",
        open=is_open(event.state),
        figures=figures(db.session, event.id),
        text=text,
        visitors=[
            (one, shown(one.registration), may_come_in(one.registration.status))
            for one in answering[: queries.AT_MOST]
        ],
        more=len(answering) > queries.AT_MOST,
        just=_just_ticked(event),
    )


@bp.get(f"{PATH}/antal.json")
@staff(DOOR, event=find_event)
def door_counts(event: Event) -> Response:
    """How many are expected and here, in all and by mode: for the page to keep up."""
    numbers = figures(db.session, event.id)
    return jsonify(
        expected=numbers.registered,
        came=numbers.came,
        by_mode={mode.value: number for mode, number in numbers.came_by_mode.items()},
    )


@bp.get(f"{PATH}/lista")
@staff(DOOR, event=find_event)
def door_list(event: Event) -> str:
    """The list for paper: everybody by surname, with a box to tick."""
    people = queries.everybody(db.session, event.id)
    return render_template(
        "registrations/door/list.html",
        event=event,
        tab="door",
        people=[(one, shown(one.registration)) for one in people],
        printed=now(),
    )


@bp.post(f"{PATH}/<id:registration_id>/in")
@staff(DOOR, event=find_event, registration=_find)
def tick_in(event: Event, registration: Registration) -> ResponseReturnValue:
    """The person is here."""
    return _tick(event, registration, Tick.IN)


@bp.post(f"{PATH}/<id:registration_id>/angra")
@staff(DOOR, event=find_event, registration=_find)
def tick_undo(event: Event, registration: Registration) -> ResponseReturnValue:
    """It was somebody else."""
    return _tick(event, registration, Tick.UNDO)


@bp.route(f"{PATH}/ny", methods=["GET", "POST"])
@staff(DOOR, event=find_event)
def walk_in(event: Event) -> ResponseReturnValue:
    """Register somebody who has come without registering, and tick them in at once."""
    form = WalkInForm()
    modes = [pool.mode for pool in seats.of_event(db.session, event.id) if pool.mode]
    form.offer(modes, event.county_code or "")
    if request.method == "GET" and Mode.ROOM in modes:
        form.mode.data = Mode.ROOM.value

    def register() -> str:
        here, moment = db.session.get_one(Event, event.id), now()
        registration = services.register(
            db.session, here, facts=form.facts(), choices=[], needs={}, source=Source.STAFF,
            language="sv", now=moment, by=me(), notify=bool(form.email.data),
        )  # fmt: skip
        tick(
            db.session, registration, tick=Tick.IN, nonce=_nonce(registration), by=me(), now=moment
        )
        return _back(registration)

    return handle(
        form,
        register,
        lambda: render_template(
            "registrations/door/walk_in.html", event=event, tab="door", form=form
        ),
    )


def _tick(event: Event, registration: Registration, which: Tick) -> ResponseReturnValue:
    found(registration if registration.event_id == event.id else None)

    def write_line() -> str:
        person = db.session.get_one(Registration, registration.id)
        tick(db.session, person, tick=which, nonce=_nonce(person), by=me(), now=now())
        if which is Tick.UNDO:
            flash(_("%(name)s är inte längre avprickad.", name=shown(person).name))
        return _back(person)

    return act(write_line)


def _nonce(registration: Registration) -> str:
    """One press of one button: the form's key, for this person."""
    key = request.form.get("form_key", "")
    return crypto.digest(f"{registration.id}:{key}")


def _back(registration: Registration) -> str:
    """Back to an empty search for the next in line, with the last one shown above it."""
    return url_for("registrations.door", event_id=registration.event_id, klar=registration.id)


def _just_ticked(event: Event) -> tuple[queries.Visitor, object] | None:
    """Whom the address says has just been ticked in, if that is so."""
    text = request.args.get("klar", "")
    if not re.fullmatch(r"[1-9][0-9]{0,8}", text):
        if text:
            abort(400)
        return None
    registration = _find(int(text))
    if registration is None or registration.event_id != event.id:
        return None
    visitor = queries.visitor(db.session, registration)
    return (visitor, shown(registration)) if visitor.came else None
