"""The programme as a table that is saved at once, and as text that is pasted."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
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
from events.editing.forms import PasteForm, TableForm
from events.editing.rules import Conflict, Parsed, ReadPerson, conflicts, parse
from events.editing.services import pasting
from events.editing.templates import TEMPLATES, Template, text_of
from events.models import Event, ProgrammeItem
from events.queries import manage
from events.rules import IN_PROGRAMME, difference, findings
from events.services import remove_item
from events.times import wall
from events.views.blueprint import bp

HERE = "/arbeta/evenemang/<id:event_id>/program"


@bp.route(HERE, methods=["GET", "POST"])
@staff(PLAN, event=manage.find_event)
def programme(event: Event) -> ResponseReturnValue:
    """The draft as a table to write in, what in it is not published, what in it collides."""
    event_id = event.id
    form = TableForm(days_of(event), manage.programme(db.session, event_id))

    def save() -> str:
        inside = db.session.get_one(Event, event_id)
        try:
            changed = services.save_table(db.session, inside, rows=form.sent(), by=me(), now=now())
        except services.Collided as error:
            fresh = {item.id: item for item in manage.programme(db.session, event_id)}
            form.collide(error, fresh)
            raise
        saved = ngettext("%(num)s punkt är sparad.", "%(num)s punkter är sparade.", changed)
        done, at = _besides(event_id, form.do.data) if form.do.data else ("", None)
        told = [saved] * bool(changed) + [done] * bool(done)
        flash(" ".join(told) or _("Inget var ändrat."))
        anchor = f"punkt-{at}" if at else None
        return url_for("events.programme", event_id=event_id, _anchor=anchor)

    def show() -> str:
        return _page(event, form)

    if request.method == "POST" and form.do.data == "check" and form.validate():
        return show()
    return handle(form, save, show, conflict=show)


@bp.route(f"{HERE}/klistra-in", methods=["GET", "POST"])
@staff(PLAN, event=manage.find_event)
def paste_programme(event: Event) -> ResponseReturnValue:
    """A programme as text: see what it holds, then add it to the draft."""
    event_id = event.id
    form = PasteForm(data={"text": _template_text(event)})
    if request.method == "GET":
        form.parallel.data, form.with_people.data = "choice", True
    parsed = Parsed()
    if request.method == "POST" and form.validate():
        parsed = parse(form.text.data, days_of(event), choice=form.parallel.data != "side")

    def nothing() -> None:
        if not parsed.items:
            raise Refusal(_("Vi hittade ingen rad med klockslag. Skriv till exempel "
                            "”09.30–10.00 Registrering och kaffe”."), "text")  # fmt: skip

    def add() -> str:
        added = services.take_in(
            db.session, db.session.get_one(Event, event_id), parsed.items,
            with_people=form.with_people.data, by=me(), now=now(),
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
        templates=[
            one for one in Template if len(TEMPLATES[one]) <= len(days_of(event))
        ],
    )  # fmt: skip


def days_of(event: Event) -> list[date]:
    """The days of the event."""
    first, last = wall(event.starts).date(), wall(event.ends).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _besides(event_id: int, asked: str) -> tuple[str, int | None]:
    """Do with one item what its row's menu asks for; what to say, and which row to show."""
    verb, _colon, rest = asked.partition(":")
    id_, _colon, target = rest.partition(":")
    item = db.session.get(ProgrammeItem, int(id_)) if id_.isdecimal() and len(id_) < 10 else None
    if verb not in VERBS or item is None or item.event_id != event_id:
        raise Refusal(_("Punkten finns inte längre. Ladda om sidan."))
    return VERBS[verb](item, target)


def _step(down: int) -> Callable[[ProgrammeItem, str], tuple[str, int | None]]:
    def step(item: ProgrammeItem, _target: str) -> tuple[str, int | None]:
        moved = services.step_item(db.session, item, down=down, by=me(), now=now())
        return _told_moved(item, moved=moved), item.id

    return step


def _place(item: ProgrammeItem, target: str) -> tuple[str, int | None]:
    wanted = int(target) if target.isdecimal() and len(target) < 10 else 0
    moved = services.place_item(db.session, item, target=wanted, by=me(), now=now())
    return _told_moved(item, moved=moved), item.id


def _told_moved(item: ProgrammeItem, *, moved: bool) -> str:
    if not moved:
        return _("”%(title)s” står redan ytterst den dagen.", title=item.title)
    return _(
        "”%(title)s” börjar nu %(clock)s. De andras tider har följt med.",
        title=item.title, clock=f"{wall(item.starts):%H.%M}",
    )  # fmt: skip


def _split(item: ProgrammeItem, _target: str) -> tuple[str, int | None]:
    new = services.split_item(db.session, item, by=me(), now=now())
    said = _("”%(title)s” är delad i två. Skriv rubriken på den andra delen.", title=item.title)
    return said, new.id


def _copy(item: ProgrammeItem, _target: str) -> tuple[str, int | None]:
    new = services.duplicate_item(db.session, item, by=me(), now=now())
    said = _("”%(title)s” finns nu två gånger, samtidigt. Ändra tid eller rum.", title=item.title)
    return said, new.id


def _remove(item: ProgrammeItem, _target: str) -> tuple[str, int | None]:
    title = item.title
    remove_item(db.session, item, by=me(), now=now())
    return _("”%(title)s” är borttagen ur utkastet.", title=title), None


VERBS: dict[str, Callable[[ProgrammeItem, str], tuple[str, int | None]]] = {
    "up": _step(-1),
    "down": _step(1),
    "move": _place,
    "split": _split,
    "copy": _copy,
    "remove": _remove,
}


def _page(event: Event, form: TableForm) -> str:
    items = manage.programme(db.session, event.id)
    release = manage.latest_release(db.session, event.id)
    pools = manage.item_pools(db.session, event.id)
    rooms = queries.rooms(db.session, event.id)
    odd = findings(event, manage.slots(items), manage.modes(event), now())
    clashes = conflicts(
        form.placed(queries.placed(items, pools)), queries.room_seats(rooms),
        event.starts, event.ends,
    )  # fmt: skip
    return render_template(
        "events/manage/programme.html",
        event=event,
        tab="programme",
        form=form,
        days=form.by_day(),
        items={item.id: item for item in items},
        release=release,
        pending=difference(release.content if release else None, manage.content_of(items)),
        odd=[one for one in odd if one.odd in IN_PROGRAMME],
        clashes=_by_row(clashes),
        pools=pools,
        rooms=rooms,
        names=_names(items, [room.name for room in rooms]),
    )


def _by_row(clashes: list[Conflict]) -> dict[int, list[Conflict]]:
    ordered = sorted(clashes, key=lambda one: one.key)
    return {key: list(some) for key, some in groupby(ordered, key=lambda one: one.key)}


def _names(items: Sequence[ProgrammeItem], rooms: list[str]) -> dict[str, list[str]]:
    """What the cells of rooms, tracks and groups suggest."""
    return {
        "rooms": sorted({*rooms, *(item.room for item in items if item.room)}),
        "tracks": sorted({item.track for item in items if item.track}),
        "groups": sorted({item.group for item in items if item.group}),
    }
