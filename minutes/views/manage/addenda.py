"""Dated additions to what is frozen."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.gate import me, staff
from accounts.rules import MINUTES
from core.clock import now
from core.db import db
from core.web import found, handle
from events.models import Event
from events.queries.manage import find_event
from minutes import queries, services
from minutes.forms import AddendumForm
from minutes.views.blueprint import bp
from minutes.views.manage.draft import AT


@bp.route(f"{AT}/tillagg", methods=["GET", "POST"])
@staff(MINUTES, event=find_event)
def add_addendum(event: Event) -> ResponseReturnValue:
    """Write an addition; it is shown under the minutes with day and name, and stays."""
    minutes = found(queries.of_event(db.session, event.id))
    if not minutes.is_published and request.method != "POST":
        return redirect(url_for("minutes.edit", event_id=event.id))
    form = AddendumForm()

    def add() -> str:
        services.add_addendum(db.session, minutes, body=form.body.data, by=me(), now=now())
        flash(_("Tillägget är publicerat."))
        return url_for("minutes.edit", event_id=event.id, _anchor="tillagg")

    def show(preview: bool = False) -> str:
        return render_template(
            "minutes/addendum.html", event=event, minutes=minutes, form=form, preview=preview
        )

    if "preview" in request.form and form.validate():
        return show(preview=True)
    return handle(form, add, show)
