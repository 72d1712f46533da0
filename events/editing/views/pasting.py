"""A programme that is pasted as text: looked at, then added."""

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts.gate import me, staff
from accounts.rules import PLAN
from core.clock import now
from core.db import db
from core.errors import Refusal
from core.web import handle
from events.editing import queries, services
from events.editing.cells import instant
from events.editing.forms.pasting import PasteForm
from events.editing.queries import days_of
from events.editing.rules import (
    Conflict,
    Parsed,
    Placed,
    Read,
    ReadPerson,
    conflicts,
    parse,
    told_once,
)
from events.editing.services import pasting
from events.editing.templates import TEMPLATES, Template, text_of
from events.editing.views.table import HERE
from events.models import Event
from events.queries import drafts, manage
from events.views.blueprint import bp


@bp.route(f"{HERE}/klistra-in", methods=["GET", "POST"])
@staff(PLAN, event=manage.find_event)
def paste_programme(event: Event) -> ResponseReturnValue:
    """A programme as text: see what it holds, then add it to the draft."""
    event_id = event.id
    form = PasteForm(data={"text": _template_text(event)})
    if request.method == "GET":
        form.parallel.data, form.with_people.data = "choice", True
        form.instead.data = _untouched(event)
    parsed = Parsed()
    if request.method == "POST" and form.validate():
        there = [] if form.instead.data else drafts.programme(db.session, event.id)
        parsed = parse(
            form.text.data, days_of(event), choice=form.parallel.data != "side",
            taken={item.group for item in there},
        )  # fmt: skip

    def nothing() -> None:
        if not parsed.items:
            raise Refusal(_("Vi hittade ingen rad med klockslag. Skriv till exempel "
                            "”09.30–10.00 Registrering och kaffe”."), "text")  # fmt: skip

    def add() -> str:
        added = services.take_in(
            db.session, db.session.get_one(Event, event_id), parsed.items,
            with_people=form.with_people.data, instead=form.instead.data, by=me(), now=now(),
        )  # fmt: skip
        flash(ngettext("%(num)s punkt är tillagd.", "%(num)s punkter är tillagda.", added))
        return url_for("events.programme", event_id=event_id)

    def show() -> str:
        return _paste_page(event, form, parsed)

    if request.method == "POST" and form.do.data != "add" and form.validate():
        try:
            nothing()
        except Refusal as refusal:
            form.refuse(refusal)
            return show(), 422
        return show()
    return handle(form, add, show, prepare=nothing)


def _untouched(event: Event) -> bool:
    """Whether the programme is as the pattern made it: nobody has changed a line or released it."""
    return not event.releases and all(item.version == 1 for item in event.items)


def _template_text(event: Event) -> str:
    wanted = request.args.get("mall", "")
    if wanted not in {one.value for one in Template}:
        return ""
    return text_of(TEMPLATES[Template(wanted)], event, [event.authority.name])


def _paste_page(event: Event, form: PasteForm, parsed: Parsed) -> str:
    known = queries.by_name(db.session, event.authority_id)
    new: list[ReadPerson] = []
    for person in (one for item in parsed.items for one in item.people):
        if pasting.found_in(known, person) is None and person.name not in {n.name for n in new}:
            new.append(person)
    return render_template(
        "events/editing/paste.html",
        event=event,
        tab="programme",
        form=form,
        parsed=parsed,
        days=[(day, list(some)) for day, some in groupby(
            sorted(parsed.items, key=lambda one: (one.starts, one.ends)),
            key=lambda one: one.starts.date(),
        )],
        new=new,
        clashes=told_once(
            _clashes(event, parsed.items, instead=form.instead.data),
            {one.line for one in parsed.items},
        ),
        templates=[
            one for one in Template if len(TEMPLATES[one]) <= len(days_of(event))
        ],
    )  # fmt: skip


def _clashes(event: Event, read: Sequence[Read], *, instead: bool) -> list[Conflict]:
    """What would collide, with each other and with what is there already; by the line."""
    there = queries.placed(drafts.programme(db.session, event.id), {})
    items = [] if instead else [replace(one, key=-one.key) for one in there]
    for one in read:
        with contextlib.suppress(Refusal):
            items.append(
                Placed(
                    one.line, one.title, instant(one.starts), instant(one.ends), one.room,
                    one.group, one.track,
                )
            )  # fmt: skip
    rooms = queries.room_seats(queries.rooms(db.session, event.id))
    return conflicts(items, rooms, event.starts, event.ends) if read else []
