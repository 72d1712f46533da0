"""The participants as a file."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request
from flask_babel import gettext as _

from accounts.gate import staff
from accounts.rules import PEOPLE
from core.clock import now
from core.db import db
from core.i18n import moment
from core.reference import SECTOR_WORDS, municipality_name
from core.web import download
from events.models import Event
from events.queries.manage import find_event
from events.words import MODE
from registrations import spreadsheets
from registrations.queries import lists
from registrations.queries.presence import arrivals
from registrations.questions.columns import Columns
from registrations.rules import Status
from registrations.views.asked import one_of
from registrations.views.blueprint import bp
from registrations.words import ROLE_KIND, SOURCE, STATUS


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
        _("Kommun"), _("Roll"), _("Deltar"), _("Status"), _("Anmäld via"), _("Deltagarlista"),
        _("Anmäld"), _("Kom"),
    ]  # fmt: skip
    own = Columns(db.session, event.id, wanted)
    sectors, roles = _said(SECTOR_WORDS), _said(ROLE_KIND)
    modes, of_status, sources = _said(MODE), _said(STATUS), _said(SOURCE)
    came = arrivals(db.session, event.id)
    yes = _("ja")
    rows: list[list[spreadsheets.Cell]] = [
        [
            one.last_name, one.first_name, one.email, one.phone, one.organisation,
            sectors[one.sector], municipality_name(one.municipality), roles[one.role_kind],
            modes[one.mode], of_status[one.status], sources[one.source],
            yes if one.list_consent else "", one.created, came.get(one.id), *own.cells(one.id),
        ]
        for one in lists.to_export(db.session, event.id, wanted)
    ]  # fmt: skip
    return [*headers, *own.headers], rows, lists.protected_count(db.session, event.id, wanted)


def _said(words: Mapping[Any, Any]) -> dict[Any, str]:
    """Words looked up once, not for each row. Enums apart: “other” is a sector and a role."""
    return {value: str(word) for value, word in words.items()}
