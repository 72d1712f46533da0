"""The list of an event's mailings, and the page where one is written."""

from collections.abc import Callable
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.gate import me, staff
from accounts.rules import PLAN
from core.clock import now
from core.db import db
from core.web import act, handle
from events.models import Event
from events.queries.manage import find_event
from registrations.mailings import queries, services
from registrations.mailings.forms import MailingForm, present
from registrations.mailings.letters import called
from registrations.mailings.models import Mailing
from registrations.mailings.ready import READY
from registrations.mailings.rules import REMINDERS, Placeholder, State
from registrations.mailings.services.reminding import due_at
from registrations.mailings.views.finding import again, find_mailing, titles
from registrations.mailings.words import OCCASION, PLACEHOLDER, to_whom
from registrations.queries.lists import choices
from registrations.views.blueprint import bp

# What the list of participants calls its filters; its link here takes them along.
FILTERS = {
    "deltar": "mode", "sektor": "sector", "lan": "county", "val": "item", "kom": "came",
    "vald": "picked",
}  # fmt: skip


@bp.get("/arbeta/evenemang/<id:event_id>/utskick")
@staff(PLAN, event=find_event)
def mailings(event: Event) -> str:
    """What has been written and sent, and the reminders that go by themselves."""
    rows = queries.of_event(db.session, event.id)
    known = titles(event)
    kept = queries.reminders(db.session, event.id)
    return render_template(
        "registrations/mailings/mailings.html",
        event=event,
        tab="mailings",
        rows=[
            (row, called(row), to_whom(queries.Audience.read(row.audience), known)) for row in rows
        ],
        standings=queries.standings(db.session, [row.id for row in rows]),
        reminders=[
            (OCCASION[occasion], kept[occasion], due_at(event, occasion, kept[occasion].days))
            for occasion in REMINDERS
            if occasion in kept and (kept[occasion].is_on or kept[occasion].mailing_id)
        ],
        ready=READY,
    )


@bp.route("/arbeta/evenemang/<id:event_id>/utskick/nytt", methods=["GET", "POST"])
@staff(PLAN, event=find_event)
def mailing_new(event: Event) -> ResponseReturnValue:
    """Write one, from an empty page or a ready-made text."""
    form = MailingForm(data=_begun())
    form.offer(choices(db.session, event.id))

    def save() -> str:
        here = db.session.get_one(Event, event.id)
        mailing = services.draft(db.session, here, facts=form.facts(), by=me(), now=now())
        return url_for("registrations.mailing", mailing_id=mailing.id)

    return handle(form, save, _page(event, form, None))


@bp.route("/arbeta/utskick/<id:mailing_id>/andra", methods=["GET", "POST"])
@staff(PLAN, mailing=find_mailing)
def mailing_change(mailing: Mailing) -> ResponseReturnValue:
    """Change the text and the recipients until it is sent."""
    form = MailingForm(data=present(mailing))
    form.offer(choices(db.session, mailing.event_id))

    def save() -> str:
        services.change(
            db.session, again(mailing), facts=form.facts(), version=form.version.data, by=me(),
            now=now(),
        )  # fmt: skip
        flash(_("Utskicket är sparat."))
        return url_for("registrations.mailing", mailing_id=mailing.id)

    return handle(form, save, _page(mailing.event, form, mailing))


@bp.post("/arbeta/utskick/<id:mailing_id>/kopiera")
@staff(PLAN, mailing=find_mailing)
def mailing_copy(mailing: Mailing) -> ResponseReturnValue:
    """Begin a new one with the same text."""

    def copy() -> str:
        made = services.copy(db.session, again(mailing), by=me(), now=now())
        flash(_("Det här är en kopia. Ändra det som ska vara nytt."))
        return url_for("registrations.mailing_change", mailing_id=made.id)

    return act(copy)


@bp.post("/arbeta/utskick/<id:mailing_id>/ta-bort")
@staff(PLAN, mailing=find_mailing)
def mailing_remove(mailing: Mailing) -> ResponseReturnValue:
    """Throw a draft away."""
    event_id = mailing.event_id

    def remove() -> str:
        services.remove(db.session, again(mailing), by=me(), now=now())
        flash(_("Utkastet är borttaget."))
        return url_for("registrations.mailings", event_id=event_id)

    return act(remove)


def _begun() -> dict[str, Any]:
    """What a new page shows: a ready-made text, and whom the list of participants showed."""
    found: dict[str, Any] = {}
    ready = READY.get(request.args.get("text", ""))
    if ready:
        found = {name: getattr(ready, name) for name in ("subject", "body", "subject_en",
                                                         "body_en")}  # fmt: skip
        found["purpose"] = ready.purpose.value
    asked = {field: request.args.get(name, "") for name, field in FILTERS.items()}
    statuses = [value for value in request.args.getlist("status") if value]
    return found | asked | ({"statuses": statuses} if statuses else {})


def _page(event: Event, form: MailingForm, mailing: Mailing | None) -> Callable[[], str]:
    return lambda: render_template(
        "registrations/mailings/write.html",
        event=event,
        tab="mailings",
        form=form,
        mailing=mailing,
        editable=mailing is None or mailing.state in {State.DRAFT, State.PLANNED},
        placeholders=[(one.value, PLACEHOLDER[one]) for one in Placeholder],
        ready=READY,
    )
