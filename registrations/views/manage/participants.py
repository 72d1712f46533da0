"""The list of participants, and the same as a file."""

from collections.abc import Mapping
from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from accounts.gate import staff
from accounts.rules import PEOPLE
from core.clock import now
from core.db import db
from core.i18n import moment
from core.reference import SECTOR_WORDS, counties, municipality_name
from core.web import download
from events.models import Event
from events.queries.manage import find_event
from events.words import MODE
from registrations import spreadsheets
from registrations.protection import shown
from registrations.queries import lists
from registrations.queries.figures import figures
from registrations.questions.columns import Columns
from registrations.rules import Status
from registrations.views.asked import SORTS, one_of, wanted_of
from registrations.views.blueprint import bp
from registrations.words import ROLE_KIND, SOURCE, STATUS


@bp.get("/arbeta/evenemang/<id:event_id>/deltagare")
@staff(PEOPLE, event=find_event)
def participants(event: Event) -> str:
    """Who is registered: numbers, search, filters, one page of rows."""
    wanted, choices = wanted_of(event, request.args)
    found = lists.listing(db.session, event.id, wanted)
    asked = {name: value for name, value in request.args.items() if value and name != "sida"}
    return render_template(
        "registrations/manage/participants.html",
        event=event,
        tab="participants",
        figures=figures(db.session, event.id),
        wanted=wanted,
        choices=choices,
        counties=counties(),
        found=found,
        people=[(row, shown(row.registration, openly=wanted.openly)) for row in found.rows],
        page_address=lambda page: _address(event, asked | {"sida": page}),
        sort_address=lambda name: _address(event, asked | {"sortera": _turned(name, wanted)}),
        filter_address=lambda **values: _address(event, values),
    )


@bp.get("/arbeta/evenemang/<id:event_id>/deltagare.csv")
@staff(PEOPLE, event=find_event)
def participants_csv(event: Event) -> Response:
    """The participants as CSV; see `registrations.spreadsheets`."""
    headers, rows, _left_out = _table(event)
    body = spreadsheets.to_csv(headers, rows)
    return download(body, filename=f"deltagare-{event.slug}.csv", mimetype="text/csv")


@bp.get("/arbeta/evenemang/<id:event_id>/deltagare.xlsx")
@staff(PEOPLE, event=find_event)
def participants_xlsx(event: Event) -> Response:
    """The participants as XLSX; see `registrations.spreadsheets`."""
    headers, rows, left_out = _table(event)
    notes = [_("%(title)s, hämtad %(when)s", title=event.title, when=moment(now()))]
    if left_out:
        notes.append(_("%(n)s med skyddade personuppgifter är inte med.", n=left_out))
    return download(
        spreadsheets.to_xlsx(_("Deltagare"), headers, rows, notes),
        filename=f"deltagare-{event.slug}.xlsx",
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )


def _table(event: Event) -> tuple[list[str], list[list[spreadsheets.Cell]], int]:
    """Headers, rows and how many are left out. Never a need, never a protected person."""
    statuses = {one_of(Status, text) for text in request.args.getlist("status") if text}
    wanted = [status for status in statuses if status] or [Status.CONFIRMED]
    headers = [
        _("Efternamn"), _("Förnamn"), _("E-post"), _("Telefon"), _("Organisation"), _("Sektor"),
        _("Kommun"), _("Roll"), _("Deltar"), _("Status"), _("Anmäld via"), _("Kontaktlista"),
        _("Anmäld"), _("Kom"),
    ]  # fmt: skip
    own = Columns(db.session, event.id, wanted)
    words = {value: str(word) for words in (SECTOR_WORDS, ROLE_KIND, MODE, STATUS, SOURCE)
             for value, word in words.items()}  # fmt: skip
    yes = _("ja")
    rows: list[list[spreadsheets.Cell]] = [
        [
            one.last_name, one.first_name, one.email, one.phone, one.organisation,
            words[one.sector], municipality_name(one.municipality), words[one.role_kind],
            words[one.mode], words[one.status], words[one.source],
            yes if one.list_consent else "", one.created, one.came, *own.cells(one.id),
        ]
        for one in lists.to_export(db.session, event.id, wanted)
    ]  # fmt: skip
    return [*headers, *own.headers], rows, lists.protected_count(db.session, event.id, wanted)


def _turned(name: str, wanted: lists.Wanted) -> str:
    """The sort key of a heading: pressed again, the order is turned."""
    return f"-{name}" if SORTS[name] == wanted.sort and not wanted.descending else name


def _address(event: Event, values: Mapping[str, Any]) -> str:
    return url_for("registrations.participants", event_id=event.id, **values)
