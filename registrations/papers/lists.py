"""Lists as PDF, XLSX and CSV, by whom they are for. Always in Swedish, never a need in them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from core.clock import now
from core.db import refuse_while_writing
from core.i18n import moment, span, speaking
from core.reference import SECTOR_WORDS, counties, county_of, municipality_name
from events.models import Event
from events.words import MODE
from registrations import spreadsheets
from registrations.papers import queries
from registrations.papers.rules import Format, Level, Order, WantedList
from registrations.papers.tables import LANGUAGE, File, column, part, table
from registrations.papers.words import LEVEL
from registrations.queries.presence import arrivals
from registrations.questions.columns import Columns
from registrations.rules import SEATLESS
from registrations.words import CAME_WITHOUT_SEAT, ROLE_KIND, SOURCE, STATUS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Columns by key; those of a PDF with the share of the width.
PDF_COLUMNS = {
    Level.PARTICIPANTS: {"name": 3, "organisation": 4, "place": 3},
    Level.INTERNAL: {
        "name": 3, "organisation": 4, "municipality": 2, "email": 4, "phone": 2, "mode": 2,
        "status": 2, "came": 1,
    },
    Level.REGISTER: {
        "name": 3, "organisation": 4, "municipality": 2, "role": 2, "email": 3, "phone": 2,
        "created": 2,
    },
}  # fmt: skip
FILE_COLUMNS = {
    Level.PARTICIPANTS: ("last_name", "first_name", "organisation", "municipality", "county"),
    Level.INTERNAL: (
        "last_name", "first_name", "email", "phone", "organisation", "sector", "municipality",
        "county", "role", "mode", "status", "source", "consent", "created", "came",
    ),
    Level.REGISTER: (
        "last_name", "first_name", "organisation", "sector", "municipality", "role", "mode",
        "email", "phone", "created",
    ),
}  # fmt: skip
FILE_NAME = {
    Level.PARTICIPANTS: "deltagarlista",
    Level.INTERNAL: "intern-lista",
    Level.REGISTER: "utdrag",
}
CONTACT = frozenset({"email", "phone"})


def participants(session: Session, event: Event, wanted: WantedList) -> File:
    """The list that is asked for. Raises `core.pdf.PdfError`."""
    refuse_while_writing("a list")
    with speaking(LANGUAGE):
        name = f"{FILE_NAME[wanted.level]}-{event.slug}.{wanted.format.value}"
        notes = _notes(session, event, wanted)
        as_pdf = wanted.format is Format.PDF
        keys = tuple(PDF_COLUMNS[wanted.level]) if as_pdf else FILE_COLUMNS[wanted.level]
        came = arrivals(session, event.id) if "came" in keys else {}
        internal = wanted.level is Level.INTERNAL and not as_pdf
        answers = Columns(session, event.id, wanted.statuses) if internal else None
        rows = queries.listed(session, event.id, wanted)
        cells = _cells(rows, keys, wanted, came, answers)
        if as_pdf:
            return File(name, "application/pdf", _pdf(event, wanted, cells, notes))
        headers = [_headings()[key] for key in keys] + (answers.headers if answers else [])
        if wanted.format is Format.CSV:
            return File(name, "text/csv", spreadsheets.to_csv(headers, cells))
        about = [_("%(title)s, hämtad %(when)s", title=event.title, when=moment(now())), *notes]
        return File(name, XLSX, spreadsheets.to_xlsx(_("Deltagare"), headers, cells, about))


def _pdf(
    event: Event, wanted: WantedList, cells: Iterable[Sequence[spreadsheets.Cell]],
    notes: list[str],
) -> bytes:  # fmt: skip
    headings = _headings()
    shares = PDF_COLUMNS[wanted.level]
    return table(
        event,
        kind=str(LEVEL[wanted.level]),
        title=event.title,
        lead=[span(event.starts, event.ends)],
        columns=[column(headings[key], share) for key, share in shares.items()],
        parts=[part("", [[_text(cell) for cell in row] for row in cells])],
        notes=[*notes, _("Hämtad %(when)s.", when=moment(now()))],
        wide=wanted.level is not Level.PARTICIPANTS,
    )


def _notes(session: Session, event: Event, wanted: WantedList) -> list[str]:
    """What a list does not hold, and why."""
    listed, protected = queries.listed_count(session, event.id, wanted)
    if wanted.level is Level.PARTICIPANTS:
        # How many are protected is not for the participants to know: they are among the others.
        placed = queries.counts(session, event.id).placed
        return [
            _("I listan står de %(n)s av %(all)s deltagare som har velat stå med på en lista till "
              "de andra.", n=listed, all=placed),
        ]  # fmt: skip
    notes = []
    if wanted.level is Level.REGISTER:
        notes.append(_(
            "Utdraget gäller dem som har plats. Uppgifter om kost och andra behov lämnas inte ut "
            "(21 kap. 1 § offentlighets- och sekretesslagen)."
        ))  # fmt: skip
        if not wanted.contact:
            notes.append(_("E-post och telefon är maskerade."))
    if protected:
        notes.append(ngettext(
            "%(num)s person med skyddade personuppgifter är inte med.",
            "%(num)s personer med skyddade personuppgifter är inte med.", protected,
        ))  # fmt: skip
    return notes


def _cells(
    rows: Iterator[Any], keys: Sequence[str], wanted: WantedList, came: Mapping[int, datetime],
    answers: Columns | None,
) -> Iterator[list[spreadsheets.Cell]]:  # fmt: skip
    masked = CONTACT if wanted.level is Level.REGISTER and not wanted.contact else frozenset()
    hidden = _("[maskerat]")
    sectors, roles = _said(SECTOR_WORDS), _said(ROLE_KIND)
    modes, statuses, sources = _said(MODE), _said(STATUS), _said(SOURCE)
    yes, unseated = _("ja"), str(CAME_WITHOUT_SEAT)
    by_organisation = wanted.order is Order.ORGANISATION
    for row in rows:
        county = counties().get(county_of(row.municipality))
        town = municipality_name(row.municipality)
        seatless = row.id in came and row.status in SEATLESS
        status = unseated if seatless else statuses[row.status]
        known: dict[str, spreadsheets.Cell] = {
            "name": _name(row, turned=not by_organisation),
            "last_name": row.last_name, "first_name": row.first_name,
            "email": row.email, "phone": row.phone, "organisation": row.organisation,
            "sector": sectors[row.sector], "municipality": town,
            "county": county.name if county else "",
            "place": ", ".join(part for part in (town, county.name if county else "") if part),
            "role": roles[row.role_kind], "mode": modes[row.mode], "status": status,
            "source": sources[row.source], "consent": yes if row.list_consent else "",
            "created": row.created, "came": came.get(row.id),
        }  # fmt: skip
        told = [hidden if key in masked and known[key] else known[key] for key in keys]
        if answers:
            told.extend(answers.cells(row.id))
        yield told


def _said(words: Mapping[Any, Any]) -> dict[Any, str]:
    """Words looked up once, not for each row."""
    return {value: str(word) for value, word in words.items()}


def _headings() -> Mapping[str, str]:
    return {
        "name": _("Namn"), "last_name": _("Efternamn"), "first_name": _("Förnamn"),
        "email": _("E-post"), "phone": _("Telefon"), "organisation": _("Organisation"),
        "sector": _("Sektor"), "municipality": _("Kommun"), "county": _("Län"),
        "place": _("Kommun, län"), "role": _("Roll"), "mode": _("Deltar"), "status": _("Status"),
        "source": _("Anmäld via"), "consent": _("Deltagarlista"), "created": _("Anmäld"),
        "came": _("Kom"),
    }  # fmt: skip


def _name(row: Any, *, turned: bool) -> str:
    if turned:
        return ", ".join(part for part in (row.last_name, row.first_name) if part)
    return f"{row.first_name} {row.last_name}".strip()


def _text(cell: spreadsheets.Cell) -> str:
    if cell is None or isinstance(cell, str | int):
        return "" if cell is None else str(cell)
    return moment(cell)
