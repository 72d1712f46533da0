"""The programme as a table that is saved at once."""

from collections.abc import Callable, Sequence

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
from events.editing.forms.table import TableForm
from events.editing.queries import days_of
from events.editing.rules import blocks, columns, conflicts, told_once
from events.editing.services.moving import spells_of
from events.models import Event, ProgrammeItem
from events.queries import drafts, manage, releases
from events.rules import IN_PROGRAMME, Odd, difference, findings
from events.services import remove_item
from events.times import wall
from events.views.blueprint import bp

HERE = "/arbeta/evenemang/<id:event_id>/program"
IN_ROWS = {Odd.ROOM_CLASH, Odd.SPEAKER_CLASH, Odd.OUTSIDE}  # told where they are


@bp.route(HERE, methods=["GET", "POST"])
@staff(PLAN, event=manage.find_event)
def programme(event: Event) -> ResponseReturnValue:
    """The draft as a table to write in, what in it is not published, what in it collides."""
    event_id = event.id
    form = TableForm(days_of(event), drafts.programme(db.session, event_id))

    def save() -> str:
        inside = db.session.get_one(Event, event_id)
        try:
            changed = services.save_table(db.session, inside, rows=form.sent(), by=me(), now=now())
        except services.Collided as error:
            fresh = {item.id: item for item in drafts.programme(db.session, event_id)}
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
    items = drafts.programme(db.session, event.id)
    release = releases.latest_release(db.session, event.id)
    pools = manage.item_pools(db.session, event.id)
    rooms = queries.rooms(db.session, event.id)
    odd = findings(event, drafts.slots(items), manage.modes(event), now())
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
        pending=difference(release.content if release else None, drafts.content_of(items)),
        odd=[one for one in odd if one.odd in IN_PROGRAMME - IN_ROWS],
        clashes=told_once(clashes, range(len(form.row_forms)), form.written_in()),
        pools=pools,
        rooms=rooms,
        side_by_side=_side_by_side(items),
        names=_names(items, [room.name for room in rooms]),
    )


def _names(items: Sequence[ProgrammeItem], rooms: list[str]) -> dict[str, list[str]]:
    """What the cells of rooms, tracks and groups suggest."""
    return {
        "rooms": sorted({*rooms, *(item.room for item in items if item.room)}),
        "tracks": sorted({item.track for item in items if item.track}),
        "groups": sorted({item.group for item in items if item.group}),
    }


def _side_by_side(items: Sequence[ProgrammeItem]) -> list[list[list[ProgrammeItem]]]:
    """What runs at the same time: for each such block its columns, one a track or a room."""
    there = {item.id: item for item in items}
    lanes = {item.id: (item.track or item.room).casefold() for item in items}
    return [
        [[there[spell.id] for spell in column] for column in columns(block, lanes)]
        for block in blocks(spells_of(items))
        if len(block.spells) > 1
    ]
