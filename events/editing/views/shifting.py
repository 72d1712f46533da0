"""All after a time, so many minutes later or earlier: shown first, then done."""

from collections.abc import Sequence
from datetime import datetime

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts.gate import me, staff
from accounts.rules import PLAN
from core.clock import now
from core.crypto import digest
from core.db import Stale, db
from core.errors import Refusal
from core.web import handle
from events.editing import queries, services
from events.editing.cells import instant
from events.editing.forms.shifting import ShiftForm
from events.editing.queries import days_of
from events.editing.rules import Conflict, conflicts, read_clock, told_once
from events.editing.services import moving
from events.editing.views.table import HERE
from events.models import Event, ProgrammeItem
from events.queries import drafts, manage
from events.views.blueprint import bp


@bp.route(f"{HERE}/skjut", methods=["GET", "POST"])
@staff(PLAN, event=manage.find_event)
def shift_programme(event: Event) -> ResponseReturnValue:
    """See what a shift does, then do it."""
    event_id = event.id
    form = ShiftForm(days_of(event), _asked(event))
    items = drafts.programme(db.session, event_id)
    times: moving.Times = {}

    def look() -> None:
        times.update(moving.times_shifted(items, form.at(), form.by()))
        if not times:
            raise Refusal(_("Inget börjar då eller senare den dagen."), "since")

    def shift() -> str:
        inside = db.session.get_one(Event, event_id)
        if form.seen.data != _seen(drafts.programme(db.session, event_id)):
            raise Stale
        moved = services.shift_items(
            db.session, inside, since=form.at(), minutes=form.by(), by=me(), now=now()
        )
        flash(ngettext("%(num)s punkt är flyttad.", "%(num)s punkter är flyttade.", moved))
        return url_for("events.programme", event_id=event_id)

    def show() -> str:
        return _page(event, form, items, times)

    if request.method == "POST" and form.do.data != "shift" and form.validate():
        try:
            look()
        except Refusal as refusal:
            form.refuse(refusal)
            return show(), 422
        form.seen.data = _seen(items)
        return show()
    return handle(form, shift, show, prepare=look)


def _asked(event: Event) -> dict[str, object]:
    """What a link from a row fills in."""
    days = [day.isoformat() for day in days_of(event)]
    day = request.args.get("dag", "")
    return {
        "day": day if day in days else days[0],
        "since": read_clock(request.args.get("fran", "")[:20]),
        "minutes": 15,
        "direction": "later",
    }


def _seen(items: Sequence[ProgrammeItem]) -> str:
    """Which programme this is: another as soon as an item of it is changed."""
    return digest(repr([(item.id, item.version) for item in items]))


def _page(
    event: Event, form: ShiftForm, items: Sequence[ProgrammeItem], times: moving.Times
) -> str:
    return render_template(
        "events/editing/shift.html",
        event=event,
        tab="programme",
        form=form,
        items=[item for item in items if item.id in times],
        times=times,
        clashes=told_once(_clashes(event, items, times), times) if times else {},
    )


def _clashes(
    event: Event, items: Sequence[ProgrammeItem], times: dict[int, tuple[datetime, datetime]]
) -> list[Conflict]:
    """What would collide with the new times."""
    there = {item.id: (item.starts, item.ends) for item in items}
    there |= {id_: (instant(starts), instant(ends)) for id_, (starts, ends) in times.items()}
    return conflicts(
        queries.placed(items, manage.item_pools(db.session, event.id), there),
        queries.room_seats(queries.rooms(db.session, event.id)), event.starts, event.ends,
    )  # fmt: skip
