"""Cancel, postpone, hold, close, and back: each at the same address."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.gate import me, staff
from accounts.rules import PLAN
from core.clock import now
from core.db import db
from core.errors import Refusal
from core.web import act, handle
from events import services
from events.forms.states import CancelForm, PostponeForm
from events.models import Event
from events.queries import manage
from events.rules import State
from events.views.blueprint import bp

BY_BUTTON = {state.value: state for state in (State.PUBLISHED, State.HELD, State.CLOSED)}


@bp.route("/arbeta/evenemang/<id:event_id>/stall-in", methods=["GET", "POST"])
@staff(PLAN, event=manage.find_event)
def call_off(event: Event) -> ResponseReturnValue:
    """Cancel, on a page of its own, with a note that everybody reads."""
    event_id, form = event.id, CancelForm()

    def cancel() -> str:
        services.set_state(
            db.session,
            db.session.get_one(Event, event_id),
            State.CANCELLED,
            note=form.note.data,
            by=me(),
            now=now(),
        )
        flash(_("Evenemanget är inställt. Sidan finns kvar på samma adress och säger varför."))
        return url_for("events.overview", event_id=event_id)

    return handle(form, cancel, lambda: _page("call_off", form, event))


@bp.route("/arbeta/evenemang/<id:event_id>/flytta-fram", methods=["GET", "POST"])
@staff(PLAN, event=manage.find_event)
def postpone(event: Event) -> ResponseReturnValue:
    """Postpone, with a note and, if it is known, the new time."""
    event_id, form = event.id, PostponeForm()

    def put_off() -> str:
        services.postpone(
            db.session,
            db.session.get_one(Event, event_id),
            starts=form.starts.data,
            ends=form.ends.data,
            note=form.note.data,
            by=me(),
            now=now(),
        )
        flash(_("Evenemanget är framflyttat. Öppna anmälan igen genom att publicera det."))
        return url_for("events.overview", event_id=event_id)

    return handle(form, put_off, lambda: _page("postpone", form, event))


@bp.post("/arbeta/evenemang/<id:event_id>/tillstand")
@staff(PLAN, event=manage.find_event)
def go_to(event: Event) -> ResponseReturnValue:
    """Held, closed, or published again: one button each."""
    event_id = event.id
    state = BY_BUTTON.get(request.form.get("state", ""))

    def go() -> str:
        if state is None or event.state is State.DRAFT:
            raise Refusal(_("Välj en av knapparna på sidan."))
        services.set_state(
            db.session, db.session.get_one(Event, event_id), state, by=me(), now=now()
        )
        flash(_("Sparat."))
        return url_for("events.overview", event_id=event_id)

    return act(go)


def _page(name: str, form: CancelForm | PostponeForm, event: Event) -> str:
    return render_template(f"events/manage/{name}.html", form=form, event=event, tab="overview")
