"""Platser och reservlista: how the seats stand, and the limits."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.gate import me, staff
from accounts.rules import PLAN
from core.clock import now
from core.db import db
from core.web import handle
from events.models import Event
from events.queries.manage import find_event
from registrations.places import queries, services
from registrations.places.forms import limits_form, names, rules_of
from registrations.places.rules import MOST_QUOTAS
from registrations.views.blueprint import bp


@bp.route("/arbeta/evenemang/<id:event_id>/platser", methods=["GET", "POST"])
@staff(PLAN, event=find_event)
def places(event: Event) -> ResponseReturnValue:
    """How many seats there are, are taken, kept and waited for; and who decides about them."""
    event_id = event.id
    modes = [pool.mode for pool in event.pools if pool.mode]
    form = limits_form(event, modes)

    def save() -> str:
        here = db.session.get_one(Event, event_id)
        services.set_limits(
            db.session, here, kept=form.kept(), most=form.most.data, rules=rules_of(form),
            version=form.version.data, by=me(), now=now(),
        )  # fmt: skip
        flash(_("Platserna är sparade."))
        return url_for("registrations.places", event_id=event_id)

    def show() -> str:
        here = db.session.get_one(Event, event_id)
        return render_template(
            "registrations/places/places.html", event=here, tab="participants", form=form,
            standings=queries.standings(db.session, here), now=now(),
            organisations=queries.organisations(db.session, event_id),
            pending=queries.pending(db.session, event_id),
            rows={mode: [names(mode, n) for n in range(MOST_QUOTAS)] for mode in modes},
        )  # fmt: skip

    return handle(form, save, show)
