"""The lines of the draft programme, one at a time."""

from datetime import date, timedelta

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.gate import me, staff
from accounts.rules import PLAN
from core.clock import now
from core.db import db
from core.web import act, handle
from events import services
from events.forms.programme import ItemForm, values_of, values_of_new
from events.models import Event, ProgrammeItem, Speaker
from events.queries import manage, speakers
from events.rules import SpeakerRole
from events.times import wall
from events.views.blueprint import bp


@bp.route("/arbeta/evenemang/<id:event_id>/program/ny", methods=["GET", "POST"])
@staff(PLAN, event=manage.find_event)
def add_item(event: Event) -> ResponseReturnValue:
    """A new line, which begins where the last one ended."""
    event_id = event.id
    begins = max((item.ends for item in event.items), default=event.starts)
    begins = begins if begins < event.ends else event.starts
    form = ItemForm(
        _days(event),
        speakers.register(db.session, event.authority_id),
        values_of_new(begins, begins + timedelta(minutes=30)),
    )

    def add() -> str:
        inside = db.session.get_one(Event, event_id)
        services.add_item(
            db.session,
            inside,
            facts=form.facts(),
            speakers=_people(db.session, form, inside),
            by=me(),
            now=now(),
        )
        flash(_("”%(title)s” är tillagd.", title=form.title.data))
        more = "more" in request.form
        return url_for("events.add_item" if more else "events.programme", event_id=event_id)

    def show() -> str:
        return render_template(
            "events/manage/item.html", form=form, event=event, item=None, tab="programme"
        )

    return handle(form, add, show)


@bp.route("/arbeta/programpunkt/<id:item_id>", methods=["GET", "POST"])
@staff(PLAN, item=manage.find_item)
def edit_item(item: ProgrammeItem) -> ResponseReturnValue:
    """Change a line."""
    item_id, event = item.id, item.event
    form = ItemForm(
        _days(event), speakers.register(db.session, event.authority_id), values_of(item)
    )

    def save() -> str:
        inside = db.session.get_one(ProgrammeItem, item_id)
        services.change_item(
            db.session,
            inside,
            facts=form.facts(),
            speakers=_people(db.session, form, inside.event),
            version=form.version.data,
            by=me(),
            now=now(),
        )
        flash(_("”%(title)s” är sparad.", title=form.title.data))
        return url_for("events.programme", event_id=inside.event_id)

    def show() -> str:
        return render_template(
            "events/manage/item.html", form=form, event=event, item=item, tab="programme"
        )

    return handle(form, save, show)


@bp.post("/arbeta/programpunkt/<id:item_id>/ta-bort")
@staff(PLAN, item=manage.find_item)
def remove_item(item: ProgrammeItem) -> ResponseReturnValue:
    """Take a line out of the draft."""
    item_id, event_id, title = item.id, item.event_id, item.title

    def remove() -> str:
        inside = db.session.get_one(ProgrammeItem, item_id)
        services.remove_item(db.session, inside, by=me(), now=now())
        flash(_("”%(title)s” är borttagen ur utkastet.", title=title))
        return url_for("events.programme", event_id=event_id)

    return act(remove)


def _days(event: Event) -> list[date]:
    first, last = wall(event.starts).date(), wall(event.ends).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _people(session: Session, form: ItemForm, event: Event) -> list[tuple[Speaker, SpeakerRole]]:
    people = [(session.get_one(Speaker, id_), role) for id_, role in form.chosen()]
    facts = form.new_speaker()
    if facts:
        new = services.add_speaker(session, event.authority, facts=facts, by=me(), now=now())
        people.append((new, SpeakerRole(form.new_role.data or SpeakerRole.SPEAKER)))
    return people
