"""Send a file or paste a list, see what it would do, correct, and take everybody in."""

from typing import Any

from flask import Response, abort, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.gate import me, staff
from accounts.rules import PLAN
from core.clock import now
from core.db import db
from core.errors import Refusal
from core.paging import page_count
from core.policy import takes
from core.reference import Sector
from core.web import download, handle, page_number
from events.models import Event
from events.queries.manage import find_event
from events.queries.releases import latest_release
from events.rules import Mode
from registrations import seats, spreadsheets
from registrations.importing import extras, guessing, pasting, queries, reading, services
from registrations.importing.checking import Layout, Read, missing, read_as
from registrations.importing.extras import Extra
from registrations.importing.forms import BeginForm, LayoutForm, SendForm, layout_form
from registrations.importing.models import ParticipantImport
from registrations.importing.rules import (
    FAULTS_A_PAGE,
    FILE_BYTES,
    SAMPLE,
    Surplus,
    Table,
    letter,
)
from registrations.importing.words import EXAMPLE, FIELD
from registrations.placement.queries import offered
from registrations.questions import queries as own_questions
from registrations.views.blueprint import bp

HERE = "/arbeta/evenemang/<id:event_id>/deltagare/importera"
ROOM_FOR_FIELDS = 512 * 1024  # bytes beside the file
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.route(HERE, methods=["GET", "POST"])
@takes(FILE_BYTES + ROOM_FOR_FIELDS)
@staff(PLAN, event=find_event)
def import_send(event: Event) -> ResponseReturnValue:
    """Choose a file or paste a list."""
    form = SendForm()
    event_id = event.id
    modes, own = _modes(event_id), _extras(event)
    sent: list[tuple[str, Read]] = []

    def read() -> None:
        name, body = form.sent_file()
        table = reading.read(body) if name else pasting.read(form.text.data)
        sent.append((name or _("Inklistrad lista"), read_as(table.rows, _guess(table, modes, own))))

    def save() -> str:
        name, table = sent[0]
        event = db.session.get_one(Event, event_id)
        return _address(services.keep(db.session, event, name=name, read=table, by=me(), now=now()))

    def show() -> str:
        return render_template(
            "registrations/importing/send.html", form=form, event=event, tab="participants"
        )

    return handle(form, save, show, prepare=read)


@bp.route(f"{HERE}/<id:import_id>", methods=["GET", "POST"])
@staff(PLAN, event=find_event)
def import_check(event: Event, import_id: int) -> ResponseReturnValue:
    """What the table would do, each cell that cannot be taken; how it is read can be changed."""
    kept = _found(event, import_id)
    modes = _modes(event.id)
    form = _layout_form(event, kept, modes)
    again: list[Read] = []

    def read() -> None:
        again.append(read_as(kept.cells, form.layout(modes, guarded=kept.guarded)))

    def save() -> str:
        inside = db.session.get_one(ParticipantImport, import_id)
        if inside.job_id is None:
            services.lay_out(inside, again[0])
            flash(_("Listan är läst på nytt."))
        return _address(inside)

    def show() -> str:
        return _page(event, kept, form, BeginForm(bound=False), modes)

    return handle(form, save, show, prepare=read)


@bp.post(f"{HERE}/<id:import_id>/borja")
@staff(PLAN, event=find_event)
def import_begin(event: Event, import_id: int) -> ResponseReturnValue:
    """Start taking everybody in."""
    kept = _found(event, import_id)
    form = BeginForm()

    def begin() -> str:
        job = services.begin(
            db.session, db.session.get_one(ParticipantImport, import_id),
            surplus=Surplus(form.surplus.data or Surplus.REFUSE), mail=form.mail.data, by=me(),
            now=now(),
        )  # fmt: skip
        return url_for("jobs.show", job_id=job.id)

    def room() -> None:
        standing = queries.standing(db.session, event.id, kept.ready)
        if standing.short and form.surplus.data == Surplus.REFUSE:
            raise Refusal(_("Platserna räcker inte till alla. Välj vad som ska hända."), "surplus")

    def show() -> str:
        modes = _modes(event.id)
        return _page(event, kept, _layout_form(event, kept, modes, sent=False), form, modes)

    return handle(form, begin, show, prepare=room)


@bp.get(f"{HERE}/mall.csv")
@staff(PLAN, event=find_event)
def import_template_csv(event: Event) -> Response:
    """An empty table with the headings, as CSV."""
    del event
    body = spreadsheets.to_csv([str(FIELD[kind]) for kind in EXAMPLE], [])
    return download(body, filename="deltagare-mall.csv", mimetype="text/csv")


@bp.get(f"{HERE}/mall.xlsx")
@staff(PLAN, event=find_event)
def import_template_xlsx(event: Event) -> Response:
    """An empty table with the headings, as XLSX."""
    del event
    body = spreadsheets.to_xlsx(_("Deltagare"), [str(FIELD[kind]) for kind in EXAMPLE], [])
    return download(body, filename="deltagare-mall.xlsx", mimetype=XLSX)


def _found(event: Event, import_id: int) -> ParticipantImport:
    kept = queries.find_import(import_id)
    if kept is None or kept.event_id != event.id:
        abort(404)
    return kept


def _address(kept: ParticipantImport) -> str:
    return url_for("registrations.import_check", event_id=kept.event_id, import_id=kept.id)


def _modes(event_id: int) -> list[Mode]:
    return [pool.mode for pool in seats.of_event(db.session, event_id) if pool.mode]


def _guess(table: Table, modes: list[Mode], own: tuple[Extra, ...]) -> Layout:
    if not modes:
        raise Refusal(_("Evenemanget har inga platser än. Lägg in dem under Inställningar."))
    headings = guessing.has_headings(table.rows[0])
    fields = (
        guessing.fields_of(table.rows[0]) if headings else guessing.fields_by_content(table.rows)
    )
    own_columns = extras.guessed(table.rows[0], fields, own) if headings else {}
    return Layout(fields, headings, modes, modes[0], Sector.OTHER, table.guarded, own_columns)


def _extras(event: Event) -> tuple[Extra, ...]:
    """What an event's own columns may hold."""
    release = latest_release(db.session, event.id)
    slots = offered(db.session, event.id, release.number if release else 0)
    return extras.of_event(own_questions.asked(db.session, event.id), slots)


def _layout_form(
    event: Event, kept: ParticipantImport, modes: list[Mode], *, sent: bool = True
) -> LayoutForm:
    made = layout_form(len(kept.fields), _names(kept), modes, _extras(event))
    data: dict[str, Any] = {
        "headings": kept.headings, "sector": kept.sector.value, "mode": kept.mode.value,
    }  # fmt: skip
    data |= {f"column_{place}": name for place, name in enumerate(kept.fields)}
    return made(data=data, bound=sent)


def _names(kept: ParticipantImport) -> list[str]:
    """What the columns are called: letter and heading."""
    names = kept.cells[0] if kept.headings and kept.cells else []
    return [
        f"{letter(place)}, {names[place][:60]}" if place < len(names) and names[place]
        else letter(place)
        for place in range(len(kept.fields))
    ]  # fmt: skip


def _page(
    event: Event, kept: ParticipantImport, form: LayoutForm, begin: BeginForm, modes: list[Mode]
) -> str:
    page = page_number()
    first = (page - 1) * FAULTS_A_PAGE
    rows = kept.cells[1:] if kept.headings else kept.cells
    return render_template(
        "registrations/importing/check.html",
        event=event,
        tab="participants",
        kept=kept,
        form=form,
        begin=begin,
        send=SendForm(bound=False),
        sample=rows[:SAMPLE],
        faults=kept.faults[first : first + FAULTS_A_PAGE],
        page=page,
        pages=page_count(len(kept.faults), FAULTS_A_PAGE),
        standing=queries.standing(db.session, event.id, kept.ready),
        lacking=missing([kind or None for kind in kept.fields]),
        modes=modes,
    )
