"""Reads one spreadsheet from standard input in a process of its own, and writes rows as JSON.

Started by `reading.py`, never imported: whatever the file does to memory or processor, it does
it here. Exit code 3: too much inside. 4: password. Others: cannot be read.
"""

import io
import json
import resource
import sys
import zipfile
from datetime import date, datetime, time

MEMORY = 600 * 1024 * 1024
SECONDS = 10
CHUNK = 1024 * 1024


def main() -> int:
    """Read, within the limits given on the command line: rows, columns, bytes when unpacked."""
    most_rows, most_columns, most_bytes, most_cell = (int(text) for text in sys.argv[1:5])
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sent = sys.stdin.buffer.read()
    if not _fits(sent, most_bytes):
        return 3
    from python_calamine import CalamineWorkbook, PasswordError  # noqa: PLC0415 - after the limits

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sent))
        rows = _first_with_rows(book, most_rows, most_columns, most_cell)
    except PasswordError:
        return 4
    sys.stdout.write(json.dumps(rows))
    return 0


def _fits(sent: bytes, most: int) -> bool:
    """Whether what is packed holds at most so many bytes, counted while it is unpacked."""
    left = most
    with zipfile.ZipFile(io.BytesIO(sent)) as packed:
        for part in packed.infolist():
            with packed.open(part) as stream:
                while chunk := stream.read(CHUNK):
                    left -= len(chunk)
                    if left < 0:
                        return False
    return True


def _first_with_rows(book: object, most_rows: int, most_columns: int, cell: int) -> list[list[str]]:
    """The first sheet with anything in it; one row more than allowed tells that there are more."""
    for name in book.sheet_names:  # type: ignore[attr-defined]
        sheet = book.get_sheet_by_name(name)  # type: ignore[attr-defined]
        if sheet.start is None:
            continue
        left_of_it = [""] * sheet.start[1]  # rows begin at the first, columns where there are any
        rows = []
        for values in sheet.iter_rows():
            texts = [_text(value)[:cell] for value in values[: most_columns + 1]]
            rows.append((left_of_it + texts)[: most_columns + 1])
            if len(rows) > most_rows + 1:
                break
        return rows
    return []


def _text(value: object) -> str:
    """A cell as a person reads it."""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (zipfile.BadZipFile, MemoryError, ValueError, OSError, RuntimeError):
        sys.exit(5)
