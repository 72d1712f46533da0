"""People out of a mail: lines, address lists, or cells copied from a spreadsheet."""

import re

from flask_babel import gettext as _

from core.errors import Refusal
from registrations.importing.reading import from_csv
from registrations.importing.rules import PASTED, ROWS, Table

ADDRESS = re.compile(r"[^\s,;<>()\[\]\"'|:]{1,64}@[^\s,;<>()\[\]\"'|:]{1,255}")
PHONE = re.compile(r"[+(]?[0-9][0-9 ()/-]{5,28}[0-9]")
BULLET = re.compile(r"(?:[-*•–·]|[0-9]{1,3}[.)])[ \t]+")
SPLIT = re.compile(r"[,;|(]")
LINE = 2_000  # characters; longer is no line of a mail
HEADERS = ["Namn", "Organisation", "E-post", "Telefon"]


def read(text: str) -> Table:
    """The people of a pasted text under headings of ours. Raises `Refusal` where it finds none."""
    if len(text) > PASTED:
        raise Refusal(_("Texten är för lång. Spara den som fil och välj den i stället."), "text")
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise Refusal(_("Välj en fil eller klistra in en lista."), "file")
    if sum("\t" in line for line in lines) * 2 > len(lines):
        rows = from_csv("\n".join(lines))
        width = max(len(row) for row in rows)
        rows = [row + [""] * (width - len(row)) for row in rows]
    else:
        rows = [HEADERS, *(person for line in lines for person in people(line))]
    if len(rows) > ROWS + 1:
        raise Refusal(_("Listan är för lång. Dela den i flera."), "text")
    return Table(rows)


def people(line: str) -> list[list[str]]:
    """The people of one line, each as name, organisation, address and telephone."""
    line = line[:LINE].lstrip(" \t>")
    bullet = BULLET.match(line)
    line = (line[bullet.end() :] if bullet else line).strip()
    found = list(ADDRESS.finditer(line))
    if not found:
        return [_person(line, "", "")] if line else []
    if len(found) == 1:
        return [_person(line[: found[0].start()], found[0][0], line[found[0].end() :])]
    return _list_of(line, found)


def _list_of(line: str, found: list[re.Match[str]]) -> list[list[str]]:
    """An address list, as a mail program writes it: a name stands before its address."""
    persons, before = [], 0
    for match in found:
        persons.append(_person(line[before : match.start()], match[0], ""))
        before = match.end()
    return persons


def _person(before: str, address: str, after: str) -> list[str]:
    quoted = re.search(r'"([^"]{1,200})"', before)
    parts = [part for part in map(_bare, SPLIT.split(_without(before, quoted))) if part]
    name = quoted[1] if quoted else ""
    if not name and len(parts) > 1 and _is_last_first(parts):
        name, parts = f"{parts[0]}, {parts[1]}", parts[2:]
    elif not name and parts:
        name, parts = parts[0], parts[1:]
    parts += [part for part in map(_bare, SPLIT.split(after)) if part]
    phone = next((part for part in parts if PHONE.fullmatch(part)), "")
    organisation = ", ".join(part for part in parts if part != phone)
    return [name, organisation, address.rstrip("."), phone]


def _without(text: str, quoted: re.Match[str] | None) -> str:
    return text if quoted is None else text[: quoted.start()] + text[quoted.end() :]


def _bare(part: str) -> str:
    """A part without what stands around it."""
    text = part.strip(" \t<>()[]\"'")
    label = re.match(r"(?i)(?:e-?post|mail|e-?mail|tel(?:efon)?|mobil)[ .:]+", text)
    return text[label.end() :].strip() if label else text


def _is_last_first(parts: list[str]) -> bool:
    """Whether "Öberg, Åsa" rather than "Åsa Öberg, Tranås kommun" has been written."""
    single = all(re.fullmatch(r"[^\W\d_]+(?:-[^\W\d_]+)?", part) for part in parts[:2])
    return single and parts[1][:1].isupper()
