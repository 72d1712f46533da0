"""The rooms of an event: how many they seat, how to get in and hear."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.gate import me, staff
from accounts.rules import PLAN
from core.clock import now
from core.db import db
from core.text import name_key
from core.web import handle
from events.editing import queries, services
from events.editing.forms.rooms import RoomsForm
from events.models import Event
from events.queries import drafts, manage
from events.views.blueprint import bp


@bp.route("/arbeta/evenemang/<id:event_id>/rum", methods=["GET", "POST"])
@staff(PLAN, event=manage.find_event)
def rooms(event: Event) -> ResponseReturnValue:
    """All rooms in one table, with those that the programme names and nobody has described."""
    event_id = event.id
    known = queries.rooms(db.session, event_id)
    names = {name_key(room.name) for room in known}
    used = {item.room for item in drafts.programme(db.session, event_id) if item.room}
    form = RoomsForm(known, sorted(name for name in used if name_key(name) not in names))

    def save() -> str:
        services.save_rooms(
            db.session, db.session.get_one(Event, event_id),
            rooms=[row.sent() for row in form.row_forms], by=me(), now=now(),
        )  # fmt: skip
        flash(_("Rummen är sparade."))
        return url_for("events.programme", event_id=event_id)

    def show() -> str:
        return render_template("events/editing/rooms.html", event=event, tab="programme", form=form)

    return handle(form, save, show)
