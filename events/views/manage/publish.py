"""Before publishing: what is missing or odd. Afterwards: where the event stands."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.gate import me, staff
from accounts.rules import PLAN
from core.clock import now
from core.db import db
from core.web import handle
from events import services
from events.forms.states import PublishForm
from events.models import Event
from events.queries import drafts, manage
from events.rules import MAY_FOLLOW, State, findings
from events.views.blueprint import bp


@bp.route("/arbeta/evenemang/<id:event_id>/publicera", methods=["GET", "POST"])
@staff(PLAN, event=manage.find_event)
def publish(event: Event) -> ResponseReturnValue:
    """Read what is missing or odd, and publish; or go on from where the event stands."""
    event_id = event.id
    items = drafts.programme(db.session, event_id)
    odd = findings(event, drafts.slots(items), manage.modes(event), now())
    draft = event.state is State.DRAFT
    form = PublishForm(serious=draft and any(one.serious for one in odd))

    def go() -> str:
        services.publish(db.session, db.session.get_one(Event, event_id), by=me(), now=now())
        flash(_("Evenemanget är publicerat och syns nu för alla."))
        return url_for("events.overview", event_id=event_id)

    def show() -> str:
        return render_template(
            "events/manage/publish.html",
            form=form,
            event=event,
            tab="overview",
            odd=odd,
            next_states=MAY_FOLLOW[event.state],
        )

    return handle(form, go, show)
