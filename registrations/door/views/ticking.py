"""Ticking somebody in and out, by a form or by the page's script; those who did not register."""

from flask import Response, abort, flash, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from accounts.gate import me, staff
from accounts.rules import DOOR
from core import crypto
from core.clock import now
from core.db import db, write
from core.errors import Refusal
from core.i18n import clock
from core.web import act, handle
from events.models import Event, ProgrammeItem
from events.queries.manage import find_event
from events.rules import Mode
from registrations import seats, services
from registrations.door import words
from registrations.door.forms import Press, read_press
from registrations.door.queries import Post
from registrations.door.rules import pressed_at
from registrations.door.services import tick
from registrations.door.views.place import PATH, back, belongs, find, post_of
from registrations.forms.manage import walk_in_form
from registrations.models import CheckIn, Registration
from registrations.protection import shown
from registrations.questions import queries as own_questions
from registrations.questions import services as questions
from registrations.rules import Source, Tick
from registrations.views.blueprint import bp


@bp.post(f"{PATH}/<id:registration_id>/in")
@staff(DOOR, event=find_event, registration=find)
def tick_in(event: Event, registration: Registration) -> ResponseReturnValue:
    """The person is here."""
    return _tick(event, registration, Tick.IN)


@bp.post(f"{PATH}/<id:registration_id>/ut")
@staff(DOOR, event=find_event, registration=find)
def tick_out(event: Event, registration: Registration) -> ResponseReturnValue:
    """The person leaves before the end."""
    return _tick(event, registration, Tick.OUT)


@bp.post(f"{PATH}/<id:registration_id>/angra")
@staff(DOOR, event=find_event, registration=find)
def tick_undo(event: Event, registration: Registration) -> ResponseReturnValue:
    """It was somebody else."""
    return _tick(event, registration, Tick.UNDO)


@bp.post(f"{PATH}/rad")
@staff(DOOR, event=find_event)
def door_line(event: Event) -> ResponseReturnValue:
    """A press of a button in the page's script, which may have waited for the net.

    Answered as JSON: 200 with how it stands, 409 where somebody else is signed in than the one
    whose page it is, 422 with a sentence where it cannot be done. Sent again it changes nothing.
    """
    press, post = read_press(request.form), post_of(event)
    if press is None:
        abort(400)
    belongs(find(press.registration_id), event)
    if press.who != me().id:
        return jsonify(who=me().name), 409
    try:
        return write(lambda: _write_line(press, post))
    except Refusal as refusal:
        return jsonify(sentence=str(refusal)), 422


@bp.route(f"{PATH}/ny", methods=["GET", "POST"])
@staff(DOOR, event=find_event)
def walk_in(event: Event) -> ResponseReturnValue:
    """Register somebody who has come without registering, and tick them in at once."""
    form = walk_in_form(own_questions.asked(db.session, event.id))()
    post = post_of(event)
    modes = [pool.mode for pool in seats.of_event(db.session, event.id) if pool.mode]
    form.offer(modes, event.county_code or "")
    if request.method == "GET" and Mode.ROOM in modes:
        form.mode.data = Mode.ROOM.value

    def register() -> str:
        here, moment = db.session.get_one(Event, event.id), now()
        ask = form.asked and not questions.is_known(db.session, here.id, form.facts())
        registration = services.register(
            db.session, here, facts=form.facts(), choices=[], needs={}, source=Source.STAFF,
            language="sv", now=moment, by=me(), notify=bool(form.email.data),
        )  # fmt: skip
        if ask:
            questions.keep(db.session, registration, form.answers, now=moment, by=me())
        tick(
            db.session, registration, tick=Tick.IN, nonce=_of_form(registration), by=me(),
            now=moment, item=_item(post),
        )  # fmt: skip
        return back(registration, post)

    return handle(
        form,
        register,
        lambda: render_template(
            "registrations/door/walk_in.html", event=event, tab="door", form=form, post=post
        ),
    )


def _tick(event: Event, registration: Registration, which: Tick) -> ResponseReturnValue:
    belongs(registration, event)
    post = post_of(event)

    def write_line() -> str:
        person, nonce = db.session.get_one(Registration, registration.id), _of_form(registration)
        line = tick(
            db.session, person, tick=which, nonce=nonce, by=me(), now=now(), item=_item(post)
        )
        flash(_sentence(person, line, which, nonce))
        return back(person, post)

    return act(write_line)


def _write_line(press: Press, post: Post) -> Response:
    person, moment = db.session.get_one(Registration, press.registration_id), now()
    nonce = _nonce(person, press.nonce)
    line = tick(
        db.session, person, tick=press.tick, nonce=nonce, by=me(), now=moment, item=_item(post),
        pressed=pressed_at(moment, press.waited),
    )  # fmt: skip
    return jsonify(
        state="" if line.tick is Tick.UNDO else line.tick.value,
        at=clock(line.at),
        by=line.user.name if line.user else "",
        line=line.id,
        new=line.nonce == nonce,
        sentence=_sentence(person, line, press.tick, nonce),
    )


def _sentence(person: Registration, line: CheckIn, wanted: Tick, nonce: str) -> str:
    name, by = shown(person).name, line.user.name if line.user else ""
    if line.nonce == nonce:
        return words.done(name, wanted)
    if line.tick is not wanted:
        return words.put_right(name, by)
    return words.done_already(name, wanted, line.at, by)


def _item(post: Post) -> ProgrammeItem | None:
    """The item of a door, read again inside the transaction."""
    return db.session.get_one(ProgrammeItem, post.item_id) if post.item_id else None


def _of_form(registration: Registration) -> str:
    """One press of one button: the form's key, for this person."""
    return _nonce(registration, request.form.get("form_key", ""))


def _nonce(registration: Registration, key: str) -> str:
    return crypto.digest(f"{registration.id}:{key}")
