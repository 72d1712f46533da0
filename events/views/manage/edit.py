"""Inställningar: every fact of an event."""

from datetime import datetime
from typing import Any

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.gate import me, staff
from accounts.rules import PLAN
from core.clock import now
from core.crypto import new_token
from core.db import db
from core.i18n import moment
from core.web import handle
from events import services
from events.forms.settings import SettingsForm, values_of
from events.models import Event
from events.queries import manage
from events.rules import usual_case_number
from events.views.blueprint import bp


@bp.route("/arbeta/evenemang/<id:event_id>/installningar", methods=["GET", "POST"])
@staff(PLAN, event=manage.find_event)
def edit(event: Event) -> ResponseReturnValue:
    """All facts in sections; a later save by somebody else is shown beside one's own."""
    event_id = event.id
    form = SettingsForm(
        event,
        manage.other_authorities(db.session, event.authority_id),
        manage.assignments(db.session),
    )

    def save() -> str:
        services.change_event(
            db.session,
            db.session.get_one(Event, event_id),
            facts=form.facts(),
            capacity=form.capacity(),
            version=form.version.data,
            by=me(),
            now=now(),
        )
        number = form.case_number.data
        if number and not usual_case_number(number):
            flash(_("Sparat. Men se efter: ”%(n)s” ser inte ut som ett ärendenummer.", n=number))
        else:
            flash(_("Inställningarna är sparade."))
        return url_for("events.overview", event_id=event_id)

    def show(theirs: list[tuple[str, str, str]] | None = None) -> str:
        return render_template(
            "events/manage/edit.html", form=form, event=event, tab="settings", theirs=theirs
        )

    def conflict() -> str:
        fresh = db.session.get_one(Event, event_id, populate_existing=True)
        theirs = _both(form, values_of(fresh))
        form.version.data = fresh.version
        form.form_key.data = new_token()
        return show(theirs)

    return handle(form, save, show, conflict)


def _both(form: SettingsForm, saved: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Field, what somebody else has saved, what was written here; where they differ."""
    return [
        (str(field.label.text), _words(field, saved[name]), _words(field, field.data))
        for name, field in form._fields.items()
        if name in saved and name != "version" and (saved[name] or "") != (field.data or "")
    ]


def _words(field: Any, value: Any) -> str:
    if isinstance(value, bool):
        return _("Ja") if value else _("Nej")
    if isinstance(value, datetime):
        return moment(value)
    names = {key: str(words) for key, words in getattr(field, "choices", None) or []}
    if isinstance(value, list):
        return ", ".join(names.get(one, str(one)) for one in value) or "–"
    return names.get(value, str(value)) if value not in (None, "") else "–"
