"""The reminders of an event that go by themselves."""

from typing import Any

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
from registrations.mailings import queries, services
from registrations.mailings.forms import RemindersForm
from registrations.mailings.models import Reminder
from registrations.mailings.ready import OF_REMINDER
from registrations.mailings.rules import DAYS, REMINDERS, Occasion, Placeholder
from registrations.mailings.services.reminding import due_at
from registrations.mailings.services.writing import TEXTS
from registrations.mailings.words import PLACEHOLDER
from registrations.views.blueprint import bp


@bp.route("/arbeta/evenemang/<id:event_id>/utskick/paminnelser", methods=["GET", "POST"])
@staff(PLAN, event=find_event)
def reminders(event: Event) -> ResponseReturnValue:
    """Switch them on and off, say when and with what words; each with the date it will go."""
    kept = queries.reminders(db.session, event.id)
    offered = [one for one in REMINDERS if one is not Occasion.UNANSWERED or _asks(event)]
    form = RemindersForm(data=_present(kept))

    def save() -> str:
        here = db.session.get_one(Event, event.id)
        for occasion in offered:
            services.set_reminder(
                db.session, here, occasion, facts=form.facts(occasion), by=me(), now=now()
            )
        flash(_("Påminnelserna är sparade."))
        return url_for("registrations.mailings", event_id=event.id)

    return handle(
        form,
        save,
        lambda: render_template(
            "registrations/mailings/reminders.html",
            event=event,
            tab="mailings",
            form=form,
            offered=[one.value for one in offered],
            kept={occasion.value: reminder for occasion, reminder in kept.items()},
            dates={
                one.value: due_at(event, one, kept[one].days if one in kept else DAYS[one])
                for one in REMINDERS
            },
            placeholders=[(one.value, PLACEHOLDER[one]) for one in Placeholder],
        ),
    )


def _asks(event: Event) -> bool:
    """Whether organisations are invited to the event."""
    return event.is_issue_council or event.invited_only


def _present(kept: dict[Occasion, Reminder]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for occasion in REMINDERS:
        reminder, own = kept.get(occasion), occasion.value
        found[f"{own}_on"] = reminder is not None and reminder.is_on
        found[f"{own}_waits"] = reminder is not None and reminder.waits
        found[f"{own}_days"] = reminder.days if reminder else DAYS[occasion]
        texts = reminder if reminder and reminder.body else OF_REMINDER.get(occasion)
        if texts:
            found |= {f"{own}_{name}": getattr(texts, name) for name in TEXTS}
    return found
