"""Cell by cell: what would be registered, and every cell that cannot be, with what to do."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _

from core.reference import SECTOR_WORDS, Sector
from core.text import clean_line
from events.rules import Mode
from events.words import MODE
from registrations.forms.public import LINKED
from registrations.importing import extras, guessing
from registrations.importing.extras import Extra
from registrations.importing.rules import Checked, Fault, Field, letter
from registrations.rules import RoleKind
from registrations.services.people import keys
from registrations.spreadsheets import unguard

COLUMNS = (
    "first_name", "last_name", "email", "phone", "organisation", "sector", "municipality",
    "role_kind", "mode", "list_consent", "email_key", "name_key", "sort_key", "search",
)  # fmt: skip
EMAIL_KEY, NAME_KEY = COLUMNS.index("email_key"), COLUMNS.index("name_key")
NAME, ADDRESS, ORGANISATION = 100, 254, 200  # characters, as in the form of the web
PHONE = re.compile(r"[+(]?[0-9][0-9 ()/-]{4,28}[0-9]")
HIDDEN = "•••"
Say = Callable[[Field, str], None]


@dataclass(frozen=True)
class Layout:
    """How a table is to be read: what each column holds, whether the first row names them.

    `extras` are the columns with answers to the event's own questions and with seminars.
    """

    fields: Sequence[Field | None]
    headings: bool
    modes: Sequence[Mode]
    mode: Mode
    sector: Sector
    guarded: bool = False
    extras: Mapping[int, Extra] = field(default_factory=dict)


@dataclass(frozen=True)
class Read:
    """A table that has been read: what may be kept of its cells, how it was read, what came."""

    cells: list[list[str]]
    layout: Layout
    checked: Checked


def read_as(rows: Sequence[Sequence[str]], layout: Layout) -> Read:
    """Read a table so; where no column holds the name, nothing comes of it yet."""
    cells = without_secrets(rows, layout)
    checked = Checked() if missing(layout.fields) else check(cells, layout)
    return Read(cells, layout, checked)


def as_dict(ready: Sequence[Any]) -> dict[str, Any]:
    """A row that would be registered, by column."""
    return dict(zip(COLUMNS, ready, strict=False))


def missing(fields: Sequence[Field | None]) -> bool:
    """Whether no column holds the name."""
    both = Field.FIRST_NAME in fields and Field.LAST_NAME in fields
    return not both and Field.NAME not in fields


def check(rows: Sequence[Sequence[str]], layout: Layout) -> Checked:
    """Everybody in `rows` as they would be registered, and the faults by row and column."""
    found = Checked()
    names = rows[0] if layout.headings and rows else []
    seen: set[tuple[object, object]] = set()
    for number, row in enumerate(rows, 1):
        if (layout.headings and number == 1) or not any(cell.strip() for cell in row):
            continue
        _check_row(found, number, row, layout, names, seen)
    return found


def _check_row(
    found: Checked,
    number: int,
    row: Sequence[str],
    layout: Layout,
    names: Sequence[str],
    seen: set[tuple[object, object]],
) -> None:
    cells = {
        kind: clean_line(unguard(row[place]) if layout.guarded else row[place])
        for place, kind in enumerate(layout.fields)
        if kind is not None
    }
    faults: list[Fault] = []

    def say(kind: Field, sentence: str) -> None:
        column = _column(layout.fields, kind, names)
        hidden = kind is Field.PROTECTED
        faults.append(Fault(number, column, HIDDEN if hidden else cells.get(kind, ""), sentence))

    if guessing.yes(cells.get(Field.PROTECTED, "")) is not False:
        say(Field.PROTECTED, _("Skyddade personuppgifter tas inte in från fil. Ta bort raden och "
                               "lägg in personen för hand."))  # fmt: skip
        found.faults += faults
        return
    facts = _facts(cells, layout, say)
    ready = [facts[name] for name in COLUMNS]
    if layout.extras:
        own, bad = extras.read_row(
            layout.extras, row, guarded=layout.guarded, mode=facts["mode"], sector=facts["sector"]
        )
        ready.append(own)
        faults += [Fault(number, _named(place, names), *said) for place, *said in bad]
    found.faults += faults
    if faults:
        return
    if not cells.get(Field.SECTOR) and not guessing.sector_of(facts["organisation"]):
        found.assumed.append(number)
    known_by = ready[EMAIL_KEY], ready[NAME_KEY]
    if known_by in seen:
        found.double.append(number)
    else:
        seen.add(known_by)
        found.ready.append(ready)


def _column(fields: Sequence[Field | None], kind: Field, names: Sequence[str]) -> str:
    """E.g. "C, E-post"; of a name that is missing the column where it should stand."""
    known = [kind, Field.NAME, Field.FIRST_NAME, Field.LAST_NAME]
    return _named(next((fields.index(one) for one in known if one in fields), 0), names)


def _named(place: int, names: Sequence[str]) -> str:
    name = clean_line(names[place])[:60] if place < len(names) else ""
    return f"{letter(place)}, {name}" if name else letter(place)


def _facts(cells: dict[Field, str], layout: Layout, say: Say) -> dict[str, Any]:
    first, last = _names(cells, say)
    organisation = cells.get(Field.ORGANISATION, "")
    if len(organisation) > ORGANISATION:
        say(Field.ORGANISATION, _("Korta till högst %(n)s tecken.", n=ORGANISATION))
    email = _email(cells.get(Field.EMAIL, ""), say)
    known_by: dict[str, Any] = dict(keys(first, last, email))
    searched = " ".join((first, last, email, organisation)).casefold()
    sector = _sector(cells.get(Field.SECTOR, ""), organisation, layout, say)
    return known_by | {
        "first_name": first, "last_name": last, "email": email,
        "phone": _phone(cells.get(Field.PHONE, ""), say),
        "organisation": organisation, "sector": sector.value,
        "municipality": _municipality(cells.get(Field.MUNICIPALITY, ""), organisation, say),
        "role_kind": _role(cells.get(Field.ROLE_KIND, ""), say).value,
        "mode": _mode(cells.get(Field.MODE, ""), layout, say).value,
        "list_consent": _consent(cells.get(Field.LIST_CONSENT, ""), say),
        "search": searched,
    }  # fmt: skip


def _names(cells: dict[Field, str], say: Say) -> tuple[str, str]:
    first, last = cells.get(Field.FIRST_NAME, ""), cells.get(Field.LAST_NAME, "")
    whole = cells.get(Field.NAME, "")
    if whole and not (first and last):
        first, last = guessing.split_name(whole)
    parts = ((Field.FIRST_NAME, first), (Field.LAST_NAME, last))
    if whole and not (first and last):
        say(Field.NAME, _("Skriv både förnamn och efternamn."))
        return first, last
    for kind, text in parts:
        if not text:
            say(
                kind, _("Skriv förnamnet.") if kind is Field.FIRST_NAME else _("Skriv efternamnet.")
            )
        elif len(text) > NAME:
            say(kind, _("Korta till högst %(n)s tecken.", n=NAME))
        elif LINKED.search(text):
            say(kind, _("Skriv bara namnet, ingen adress."))
    return first, last


def _email(text: str, say: Say) -> str:
    text = text.removeprefix("mailto:").strip("<>")
    if not text:
        return ""
    found = _normal(text) if len(text) <= ADDRESS else None
    if found is None:
        say(Field.EMAIL, _("Skriv en e-postadress, till exempel namn@kommun.se"))
    return found or ""


@lru_cache(2048)
def _normal(text: str) -> str | None:
    try:
        checked = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    return str(checked.normalized)


def _phone(text: str, say: Say) -> str:
    text = text.removeprefix("'")  # Excel keeps the apostrophe of a guarded +46
    if text and (len(text) > 40 or not PHONE.fullmatch(text)):
        say(Field.PHONE, _("Skriv ett telefonnummer, till exempel 010-223 60 00"))
    return text


def _sector(text: str, organisation: str, layout: Layout, say: Say) -> Sector:
    if not text:
        return guessing.sector_of(organisation) or layout.sector
    found = guessing.sector(text)
    if found is None:
        near = guessing.nearest_sector(text)
        if near:
            say(Field.SECTOR, _("Okänd sektor. Menas %(name)s?", name=SECTOR_WORDS[near]))
        else:
            known = ", ".join(str(word) for word in SECTOR_WORDS.values())
            say(Field.SECTOR, _("Okänd sektor. Skriv någon av: %(names)s.", names=known))
    return found or layout.sector


def _municipality(text: str, organisation: str, say: Say) -> str | None:
    if not text:
        return guessing.municipality(organisation) if " " in organisation else None
    found = guessing.municipality(text)
    if found is None:
        near = guessing.nearest_municipality(text)
        if near:
            say(Field.MUNICIPALITY, _("Okänd kommun. Menas %(name)s?", name=near))
        else:
            say(Field.MUNICIPALITY, _("Okänd kommun. Skriv kommunens namn eller fyra siffror."))
    return found


def _role(text: str, say: Say) -> RoleKind:
    found = guessing.role(text) if text else RoleKind.OFFICIAL
    if found is None:
        say(Field.ROLE_KIND, _("Skriv Tjänsteperson, Förtroendevald eller Annan roll."))
    return found or RoleKind.OFFICIAL


def _mode(text: str, layout: Layout, say: Say) -> Mode:
    found = guessing.mode(text) if text else layout.mode
    if found not in layout.modes:
        offered = _(" eller ").join(str(MODE[mode]) for mode in layout.modes)
        say(Field.MODE, _("Skriv %(modes)s.", modes=offered))
    return found or layout.mode


def _consent(text: str, say: Say) -> bool:
    found = guessing.yes(text)
    if found is None:
        say(Field.LIST_CONSENT, _("Skriv ja eller nej."))
    return bool(found)


def without_secrets(rows: Sequence[Sequence[str]], layout: Layout) -> list[list[str]]:
    """The rows as they may be kept: no needs, and nothing of a person with protected identity.

    Of such a person only the mark stays, so that the row is refused.
    """
    names = rows[0] if layout.headings and rows else []
    blank = {place for place, name in enumerate(names) if guessing.is_sensitive(name)}
    blank -= layout.extras.keys()  # the event asks it of everybody
    fields = layout.fields
    mark = fields.index(Field.PROTECTED) if Field.PROTECTED in fields else None
    kept = [list(names)] if names else []
    for row in rows[len(kept) :]:
        if mark is not None and guessing.yes(row[mark]) is not False:
            kept.append([cell if place == mark else "" for place, cell in enumerate(row)])
        else:
            kept.append(["" if place in blank else cell for place, cell in enumerate(row)])
    return kept
