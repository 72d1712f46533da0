"""A new event: from a starting pattern, or as a copy of another."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.gate import me, staff
from accounts.models import Authority
from accounts.rules import PLAN
from core.clock import now
from core.db import db
from core.web import handle
from events import patterns, services
from events.forms.creating import CopyForm, CreateForm
from events.models import Event
from events.patterns import PATTERNS, Pattern
from events.queries import manage
from events.rules import Mode, Part
from events.times import wall
from events.views.blueprint import bp


@bp.route("/arbeta/evenemang/nytt", methods=["GET", "POST"])
@staff(PLAN)
def create() -> ResponseReturnValue:
    """Choose a pattern, then say what only the organiser knows."""
    chosen = request.args.get("monster", "")
    pattern = next((one for kind, one in PATTERNS.items() if kind.value == chosen), None)
    if pattern is None:
        return render_template("events/manage/patterns.html", patterns=PATTERNS.values())
    authorities = me().authorities_with(PLAN)
    form = CreateForm(pattern, authorities)

    def make() -> str:
        event = _make(form, pattern, _authority(form, authorities))
        flash(_("Utkastet är sparat. Läs igenom, och publicera när det stämmer."))
        return url_for("events.overview", event_id=event.id)

    def show() -> str:
        return render_template("events/manage/create.html", form=form, pattern=pattern)

    return handle(form, make, show)


@bp.route("/arbeta/evenemang/<id:event_id>/kopiera", methods=["GET", "POST"])
@staff(PLAN, event=manage.find_event)
def copy(event: Event) -> ResponseReturnValue:
    """A draft like this event, on another day."""
    form = CopyForm(
        data={
            "title": event.title,
            "begins": wall(event.starts).time(),
            "parts": [part.value for part in Part],
        }
    )
    event_id = event.id

    def make() -> str:
        made = services.copy_event(
            db.session,
            db.session.get_one(Event, event_id),
            title=form.title.data,
            starts=form.starts,
            parts={Part(part) for part in form.parts.data or []},
            by=me(),
            now=now(),
        )
        flash(_("Kopian är sparad som utkast."))
        return url_for("events.overview", event_id=made.id)

    def show() -> str:
        return render_template("events/manage/copy.html", form=form, event=event, tab="overview")

    return handle(form, make, show)


def _authority(form: CreateForm, authorities: list[Authority]) -> Authority:
    if "authority" not in form:
        return authorities[0]
    return next(one for one in authorities if one.slug == form.authority.data)


def _make(form: CreateForm, pattern: Pattern, authority: Authority) -> Event:
    user, at = me(), now()
    starts, ends = form.starts, form.stops
    modes = form.modes()
    facts: dict[str, Any] = patterns.facts_of(
        pattern, board=authority.name, starts=starts, now=at
    ) | {
        "title": form.title.data,
        "starts": starts,
        "ends": ends,
        "venue_name": form.venue_name.data,
        "venue_address": form.venue_address.data,
        "municipality": form.municipality.data or None,
        "online_url": form.online_url.data,
        "contact_name": user.name,
        "contact_email": user.email,
        "contact_phone": authority.phone,
    }
    seats = {Mode.ROOM: pattern.room, Mode.ONLINE: pattern.online}
    event = services.create_event(
        db.session,
        authority=authority,
        kind=pattern.kind,
        facts=facts,
        capacity={mode: seats[mode] for mode in modes},
        by=user,
        now=at,
    )
    for item in patterns.items_of(pattern, starts, ends):
        services.add_item(db.session, event, facts=item, speakers=[], by=user, now=at)
    return event
