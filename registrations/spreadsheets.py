"""Tables as CSV and XLSX: the only place that knows these formats.

Text is text: no cell is ever a formula or a link. CSV (UTF-8 with BOM, semicolon, for Swedish
Excel) gets an apostrophe before what a spreadsheet would take for a formula (ASVS 1.2.10);
`unguard` takes exactly that apostrophe away again. XLSX needs no apostrophe: its cells say that
they are text. Characters that a file cannot hold become U+FFFD.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter
from flask_babel import gettext as _

from core.clock import to_local

Cell = str | int | datetime | None
CELL = 32_767  # characters that a cell of XLSX holds (ECMA-376, implementation limit of Excel)
CUT = " …"
_SAFE = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FORMULA = re.compile("'*[=+\\-@\t\r\n\x00\uff1d\uff0b\uff0d\uff20]")  # full-width signs count too
_GUARDED = re.compile("''*[=+\\-@\t\r\n\ufffd\uff1d\uff0b\uff0d\uff20]")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def guard(text: str) -> str:
    """`text` as a CSV cell: with an apostrophe before what looks like a formula."""
    dangerous = _FORMULA.match(text)
    cleaned = _FORBIDDEN.sub("\ufffd", text)
    return f"'{cleaned}" if dangerous else cleaned


def unguard(cell: str) -> str:
    """What was written by `guard`, without the apostrophe."""
    return cell[1:] if _GUARDED.match(cell) else cell


def to_csv(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A table as CSV. Whole numbers stay numbers; times are local, e.g. 2027-03-04 09:30."""
    file = io.StringIO()
    file.write("\ufeff")
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow([guard(header) for header in headers])
    for row in rows:
        writer.writerow([_csv_cell(cell) for cell in row])
    return file.getvalue()


def to_xlsx(
    name: str,
    headers: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    notes: Sequence[str] = (),
) -> bytes:
    """A table as XLSX, row by row in little memory; `notes` and what was altered come below it.

    A text longer than a cell may hold is cut and a character that it may not hold replaced;
    a line after the table says in how many cells.
    """
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, _SAFE) as book:
        sheet = book.add_worksheet(_sheet_name(name))
        bold = book.add_format({"bold": True})
        when = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for column, header in enumerate(headers):
            sheet.set_column(column, column, max(12, min(30, len(header) + 4)))
            sheet.write_string(0, column, header, bold)
        sheet.freeze_panes(1, 0)
        altered, number = 0, 0
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                altered += _write(sheet, (number, column), cell, when)
        sheet.autofilter(0, 0, max(1, number), len(headers) - 1)
        lines = [*notes]
        if altered:
            lines.append(_("%(n)s celler har kortats eller fått tecken utbytta.", n=altered))
        for place, line in enumerate(lines, number + 2):
            sheet.write_string(place, 0, _xlsx_text(line))
    return file.getvalue()


def _write(sheet: Any, place: tuple[int, int], cell: Cell, when: Any) -> bool:
    """Write one typed cell; whether its text had to be altered."""
    if isinstance(cell, str):
        text = _xlsx_text(cell)
        if text:
            sheet.write_string(*place, text)
        return text != cell
    if isinstance(cell, datetime):
        sheet.write_datetime(*place, to_local(cell).replace(tzinfo=None), when)
    elif cell is not None:
        sheet.write_number(*place, cell)
    return False


def _csv_cell(cell: Cell) -> str | int:
    if isinstance(cell, str):
        return guard(cell)
    if isinstance(cell, datetime):
        return f"{to_local(cell):%Y-%m-%d %H:%M}"
    return "" if cell is None else cell


def _xlsx_text(text: str) -> str:
    cleaned = _FORBIDDEN.sub("\ufffd", text)
    return cleaned if len(cleaned) <= CELL else cleaned[: CELL - len(CUT)] + CUT


def _sheet_name(name: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", " ", _FORBIDDEN.sub("", name)).strip()[:31] or "Blad1"
