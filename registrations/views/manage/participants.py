"""The list of participants, and the same as a file."""

import enum
from collections.abc import Mapping
from typing import Any, TypeVar

from flask import Response, abort, render_template, request, url_for
from flask_babel import gettext as _

from accounts.gate import may, staff
from accounts.rules import PEOPLE, PLAN
from core.clock import now
from core.db import db
from core.i18n import moment
from core.reference import SECTOR_WORDS, Sector, municipality_name
from core.web import download, page_number, query_text
from events.models import Event
from events.queries.manage import find_event
from events.rules import Mode
from events.words import MODE
from registrations import spreadsheets
from registrations.protection import shown
from registrations.queries import lists
from registrations.queries.figures import figures
from registrations.rules import Status
from registrations.views.blueprint import bp
from registrations.words import ROLE_KIND, SOURCE, STATUS

E = TypeVar("E", bound=enum.StrEnum)
SORTS = {"namn": "name", "organisation": "organisation", "tid": "time"}
CAME = {"ja": True, "nej": False}


@bp.get("/arbeta/evenemang/<id:event_id>/deltagare")
@staff(PEOPLE, event=find_event)
def participants(event: Event) -> str:
    """Who is registered: numbers, search, filters, one page of rows."""
    wanted = _wanted(openly=may(PLAN, event.authority_id))
    found = lists.listing(db.session, event.id, wanted)
    asked = {name: value for name, value in request.args.items() if value and name != "sida"}
    return render_template(
        "registrations/manage/participants.html",
        event=event,
        tab="participants",
        figures=figures(db.session, event.id),
        wanted=wanted,
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
    statuses = {_one_of(Status, text) for text in request.args.getlist("status") if text}
    wanted = [status for status in statuses if status] or [Status.CONFIRMED]
    headers = [
        _("Efternamn"), _("Förnamn"), _("E-post"), _("Telefon"), _("Organisation"), _("Sektor"),
        _("Kommun"), _("Roll"), _("Deltar"), _("Status"), _("Anmäld via"), _("Kontaktlista"),
        _("Anmäld"), _("Kom"),
    ]  # fmt: skip
    words = {value: str(word) for words in (SECTOR_WORDS, ROLE_KIND, MODE, STATUS, SOURCE)
             for value, word in words.items()}  # fmt: skip
    yes = _("ja")
    rows: list[list[spreadsheets.Cell]] = [
        [
            one.last_name, one.first_name, one.email, one.phone, one.organisation,
            words[one.sector], municipality_name(one.municipality), words[one.role_kind],
            words[one.mode], words[one.status], words[one.source],
            yes if one.list_consent else "", one.created, one.came,
        ]
        for one in lists.to_export(db.session, event.id, wanted)
    ]  # fmt: skip
    return headers, rows, lists.protected_count(db.session, event.id, wanted)


def _wanted(*, openly: bool) -> lists.Wanted:
    """What the address asks for. An unknown filter or sort key is 400 (decision 19)."""
    order = request.args.get("sortera") or "namn"
    name = order.removeprefix("-")
    came = request.args.get("kom", "")
    if name not in SORTS or (came and came not in CAME):
        abort(400, _("Adressen frågar efter något som listan inte har. Börja om från Deltagare."))
    return lists.Wanted(
        text=query_text("q"),
        status=_one_of(Status, request.args.get("status", "")),
        mode=_one_of(Mode, request.args.get("deltar", "")),
        sector=_one_of(Sector, request.args.get("sektor", "")),
        came=CAME.get(came),
        sort=SORTS[name],
        descending=order.startswith("-"),
        page=page_number(),
        openly=openly,
    )


def _one_of(kind: type[E], text: str) -> E | None:
    if not text:
        return None
    try:
        return kind(text)
    except ValueError:
        abort(400, _("Adressen frågar efter något som listan inte har. Börja om från Deltagare."))


def _turned(name: str, wanted: lists.Wanted) -> str:
    """The sort key of a heading: pressed again, the order is turned."""
    return f"-{name}" if SORTS[name] == wanted.sort and not wanted.descending else name


def _address(event: Event, values: Mapping[str, Any]) -> str:
    return url_for("registrations.participants", event_id=event.id, **values)
