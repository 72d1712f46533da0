"""The participants as a file."""

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
