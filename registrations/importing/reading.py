"""What was sent as rows of text: XLSX (in a process of its own), CSV of any usual kind."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

from flask_babel import gettext as _

from core.db import refuse_while_writing
from core.errors import Refusal
from core.i18n import number
from registrations.importing.rules import (
    CELL,
    COLUMNS,
    FILE_BYTES,
    ROWS,
    UNPACKED_BYTES,
    Table,
)

CHILD = Path(__file__).with_name("xlsx_child.py")
PATIENCE = 20  # seconds
PACKED = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TOO_MUCH_INSIDE, PASSWORD = 3, 4
SEPARATORS = (";", "\t", ",")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read(sent: bytes) -> Table:
    """The rows of a file, the first of its sheets. Raises `Refusal` (field "file") for no table.

    What kind it is is told by its first bytes, whatever its name.
    """
    refuse_while_writing("a spreadsheet")
    if len(sent) > FILE_BYTES:
        raise Refusal(_("Filen är större än 5 MB. Ta bort kolumner som inte behövs."), "file")
    if not sent.strip():
        raise Refusal(_("Filen är tom. Välj en annan."), "file")
    if sent.startswith(OLD_EXCEL):
        raise Refusal(
            _("Filen är i gammalt Excelformat eller har lösenord. Spara den som XLSX eller CSV."),
            "file",
        )
    if sent.startswith(PACKED):
        return Table(_within(_from_xlsx(sent)))
    return Table(_within(from_csv(_decoded(sent))), guarded=True)


def from_csv(text: str) -> list[list[str]]:
    """The rows of a text with columns; how they are separated is guessed from its beginning."""
    first, _line_end, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        return _rows(rest, first.strip()[4])
    beginning = "\n".join(text.splitlines()[:20])
    return _rows(text, max(SEPARATORS, key=lambda separator: _regular(beginning, separator)))


def _regular(text: str, separator: str) -> tuple[int, int]:
    """How well a separator explains a text: rows as wide as the first, then how wide it is."""
    widths = [len(row) for row in _rows(text, separator) if any(row)]
    if not widths or widths[0] < 2:
        return 0, 0
    return sum(1 for width in widths if width == widths[0]), widths[0]


def _rows(text: str, separator: str) -> list[list[str]]:
    rows = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            rows.append([cell[:CELL] for cell in row[: COLUMNS + 1]])
            if len(rows) > ROWS + 1:
                break
    except csv.Error:
        raise _unreadable() from None
    return rows


def _decoded(sent: bytes) -> str:
    try:
        if sent.startswith(UTF_16):
            return sent.decode("utf-16")
        text = sent.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = sent.decode("cp1252", "replace")
    if "\x00" in text[:10_000]:
        raise _unreadable()
    return text


def _from_xlsx(sent: bytes) -> list[list[str]]:
    limits = [str(limit) for limit in (ROWS, COLUMNS, UNPACKED_BYTES, CELL)]
    try:
        child = subprocess.run(  # noqa: S603 - our own program, numbers only
            [sys.executable, "-I", CHILD, *limits],
            input=sent,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _unreadable() from None
    if child.returncode == TOO_MUCH_INSIDE:
        raise Refusal(_("Filen är för stor när den packas upp. Spara den som CSV."), "file")
    if child.returncode == PASSWORD:
        raise Refusal(_("Filen är skyddad med lösenord. Ta bort det och försök igen."), "file")
    if child.returncode:
        raise _unreadable()
    rows: list[list[str]] = json.loads(child.stdout)
    return rows


def _within(rows: list[list[str]]) -> list[list[str]]:
    """Refuse what is too long or too wide; empty rows at the end do not count."""
    rows = _without_notes(rows)
    if not rows:
        raise Refusal(_("Filen är tom. Välj en annan."), "file")
    if len(rows) > ROWS + 1:
        raise Refusal(_("Filen har fler än %(n)s rader. Dela den i flera.", n=number(ROWS)), "file")
    width = max(_width(row) for row in rows)
    if width > COLUMNS:
        raise Refusal(
            _("Filen har fler än %(n)s kolumner. Ta bort dem som inte behövs.", n=COLUMNS), "file"
        )
    return [(row + [""] * width)[:width] for row in rows]


def _without_notes(rows: list[list[str]]) -> list[list[str]]:
    """The rows without empty ones at the end, and without lines that stand under the table.

    Below an empty row, with nothing but their first cell, as our own files end.
    """
    end = last = _end(rows, len(rows))
    while last > 1 and _width(rows[last - 1]) == 1:
        last -= 1
    if last > 1 and _width(rows[last - 1]) == 0 and _width(rows[0]) > 1:
        end = _end(rows, last)
    return rows[:end]


def _end(rows: list[list[str]], end: int) -> int:
    """Where the rows end when empty ones before `end` do not count."""
    while end and _width(rows[end - 1]) == 0:
        end -= 1
    return end


def _width(row: list[str]) -> int:
    return max((place for place, cell in enumerate(row, 1) if cell.strip()), default=0)


def _unreadable() -> Refusal:
    return Refusal(
        _("Filen går inte att läsa som tabell. Spara den som XLSX eller CSV och försök igen."),
        "file",
    )
