"""What a column is by its heading, what a word in it means, and which word was perhaps meant."""

import difflib
import re
from collections.abc import Sequence
from functools import cache, lru_cache

from core.reference import Sector, counties, municipalities
from core.text import clean_line
from events.rules import Mode
from registrations.importing.rules import Field
from registrations.rules import RoleKind

HEADINGS = {
    Field.FIRST_NAME: ("förnamn", "first name", "firstname", "given name", "tilltalsnamn"),
    Field.LAST_NAME: ("efternamn", "last name", "lastname", "surname", "family name"),
    Field.NAME: ("namn", "name", "deltagare", "participant", "för- och efternamn",
                 "fullständigt namn", "full name", "person", "visningsnamn", "display name"),
    Field.EMAIL: ("e-post", "epost", "e-postadress", "epostadress", "mejl", "mejladress", "mail",
                  "mailadress", "e-mail", "email", "email address", "e-mail address"),
    Field.PHONE: ("telefon", "telefonnummer", "tel", "mobil", "mobilnummer", "mobiltelefon",
                  "phone", "phone number", "telephone", "mobile"),
    Field.ORGANISATION: ("organisation", "organization", "arbetsplats", "arbetsgivare", "företag",
                         "förening", "company", "employer", "organisationens namn"),
    Field.SECTOR: ("sektor", "sector", "sorts organisation", "typ av organisation",
                   "kind of organisation", "organisationstyp"),
    Field.MUNICIPALITY: ("kommun", "municipality", "hemkommun", "kommunkod", "kommunnamn"),
    Field.ROLE_KIND: ("roll", "role", "kommer som", "comes as"),
    Field.MODE: ("deltar", "deltagande", "deltar på", "mode", "takes part", "attends",
                 "plats eller digitalt", "deltagandeform"),
    Field.LIST_CONSENT: ("kontaktlista", "deltagarlista", "contact list", "får stå på listan"),
    Field.PROTECTED: ("skyddad", "skyddade personuppgifter", "skyddad identitet", "skydd",
                      "sekretess", "protected", "sekretessmarkering"),
}  # fmt: skip
SENSITIVE = re.compile(
    r"(?i)kost|allerg|diet|food|mat\b|måltid|tillgänglig|access|behov|need|hälsa|health|personnummer"
)
SECTORS = {
    Sector.MUNICIPALITY: ("kommun", "kommunal", "kommuner", "municipality"),
    Sector.REGION: ("region", "regional", "landsting", "regioner"),
    Sector.COUNTY_BOARD: ("länsstyrelse", "länsstyrelsen", "county board", "lst",
                          "county administrative board"),
    Sector.AGENCY: ("statlig myndighet", "myndighet", "stat", "statlig", "agency",
                    "government agency", "annan statlig myndighet"),
    Sector.GOVERNMENT_OFFICES: ("regeringskansliet", "departement", "government offices"),
    Sector.CIVIL_SOCIETY: ("civilsamhälle", "civilsamhället", "förening", "ideell",
                           "ideell förening", "civil society", "ideell organisation",
                           "trossamfund"),
    Sector.MUNICIPAL_ASSOCIATION: ("kommunalförbund", "municipal association"),
    Sector.BUSINESS: ("näringsliv", "näringslivet", "företag", "privat", "business", "company"),
    Sector.UNIVERSITY: ("lärosäte", "universitet", "högskola", "university", "akademi"),
    Sector.OTHER: ("annat", "annan", "övrigt", "övrig", "other"),
}  # fmt: skip
ROLES = {
    RoleKind.OFFICIAL: ("tjänsteperson", "tjänsteman", "tjänstepersoner", "official", "anställd"),
    RoleKind.ELECTED: ("förtroendevald", "politiker", "elected", "förtroendevalda",
                       "elected representative"),
    RoleKind.OTHER: ("annan roll", "annan", "annat", "övrig", "övrigt", "other", "other role"),
}  # fmt: skip
MODES = {
    Mode.ROOM: ("i salen", "salen", "sal", "på plats", "plats", "fysiskt", "room", "on site",
                "in the room", "in person"),
    Mode.ONLINE: ("på nätet", "nätet", "digitalt", "digital", "online", "distans", "på distans",
                  "webb", "länk", "webbsändning"),
}  # fmt: skip
YES = frozenset({"ja", "j", "yes", "y", "x", "1", "sant", "true", "✓"})
NO = frozenset({"", "nej", "n", "no", "0", "falskt", "false", "-", "–"})
PARTICLES = frozenset({"von", "van", "af", "av", "de", "der", "den", "del", "della", "di", "da",
                       "la", "le", "el", "al", "bin", "ibn", "ter"})  # fmt: skip
BY_NAME = (
    (re.compile(r"(?i)kommunalförbund"), Sector.MUNICIPAL_ASSOCIATION),
    (re.compile(r"(?i)\blänsstyrelsen?\b"), Sector.COUNTY_BOARD),
    (re.compile(r"(?i)departement|regeringskansliet"), Sector.GOVERNMENT_OFFICES),
    (re.compile(r"(?i)universitet|högskola"), Sector.UNIVERSITY),
    (re.compile(r"(?i)^region\b"), Sector.REGION),
    (re.compile(r"(?i)\b(?:kommun|stad)$"), Sector.MUNICIPALITY),
    (re.compile(r"(?i)\bAB$"), Sector.BUSINESS),
    (re.compile(r"(?i)förening|förbund(?:et)?$|röda ?korset|rädda barnen|församling|pastorat"),
     Sector.CIVIL_SOCIETY),
    (re.compile(r"(?i)verket$|myndigheten$|polisen|försäkringskassan|arbetsförmedlingen"),
     Sector.AGENCY),
)  # fmt: skip


def plain(text: str) -> str:
    """A word as it is compared: small letters, no marks around it."""
    return clean_line(text).casefold().strip(" .:*?")


@cache
def _by_heading() -> dict[str, Field]:
    return {plain(word): kind for kind, words in HEADINGS.items() for word in words}


def fields_of(headings: Sequence[str]) -> list[Field | None]:
    """What each column holds, by its heading; each field once, the first that fits."""
    found: list[Field | None] = []
    for heading in headings:
        kind = _by_heading().get(plain(heading))
        found.append(kind if kind not in found else None)
    if Field.FIRST_NAME in found and Field.LAST_NAME in found and Field.NAME in found:
        found[found.index(Field.NAME)] = None
    return found


def has_headings(first: Sequence[str]) -> bool:
    """Whether a first row names the columns, rather than being a person."""
    return any(fields_of(first)) and not any("@" in cell for cell in first)


def fields_by_content(rows: Sequence[Sequence[str]]) -> list[Field | None]:
    """What the columns of a table without headings hold, as far as their content tells."""
    width = len(rows[0]) if rows else 0
    found: list[Field | None] = []
    for place in range(width):
        cells = [row[place].strip() for row in rows[:50] if row[place].strip()]
        found.append(_by_content(cells, found))
    if Field.NAME not in found and None in found:
        found[found.index(None)] = Field.NAME
    return found


def _by_content(cells: Sequence[str], taken: Sequence[Field | None]) -> Field | None:
    tests = (
        (Field.EMAIL, lambda cell: "@" in cell),
        (Field.PHONE, lambda cell: bool(re.fullmatch(r"[+(]?[0-9][0-9 ()/-]{5,20}", cell))),
        (Field.MUNICIPALITY, lambda cell: municipality(cell) is not None),
        (Field.SECTOR, lambda cell: sector(cell) is not None),
        (Field.ORGANISATION, lambda cell: sector_of(cell) is not None),
    )
    for kind, test in tests:
        if kind not in taken and cells and sum(map(test, cells)) * 2 > len(cells):
            return kind
    return None


def is_sensitive(heading: str) -> bool:
    """Whether a column holds what must not be kept like other things: needs, health, numbers."""
    return bool(SENSITIVE.search(heading[:200]))


def split_name(text: str) -> tuple[str, str]:
    """First and last name of "Åsa Öberg", "Öberg, Åsa" or "Carl von Linné"."""
    before, comma, after = text.partition(",")
    if comma:
        return after.strip(), before.strip()
    words = text.split()
    for place, word in enumerate(words[1:], 1):
        if word.casefold() in PARTICLES and place < len(words) - 1:
            return " ".join(words[:place]), " ".join(words[place:])
    return " ".join(words[:-1]), words[-1] if words else ""


@cache
def _sectors() -> dict[str, Sector]:
    return {plain(word): kind for kind, many in SECTORS.items() for word in (*many, kind.value)}


@cache
def _roles() -> dict[str, RoleKind]:
    return {plain(word): kind for kind, many in ROLES.items() for word in (*many, kind.value)}


@cache
def _modes() -> dict[str, Mode]:
    return {plain(word): kind for kind, many in MODES.items() for word in (*many, kind.value)}


@cache
def _municipalities() -> dict[str, str]:
    found = {}
    for place in municipalities().values():
        name = plain(place.name)
        genitive = name if name.endswith("s") else f"{name}s"
        for word in (place.code, place.code.lstrip("0"), name, f"{name} kommun",
                     f"{genitive} kommun", f"{genitive} stad", f"{name} stad"):  # fmt: skip
            found[word] = place.code
    return found


def sector(text: str) -> Sector | None:
    """The sector that a word or code means."""
    return _sectors().get(plain(text))


def role(text: str) -> RoleKind | None:
    """The role that a word or code means."""
    return _roles().get(plain(text))


def mode(text: str) -> Mode | None:
    """The way to take part that a word or code means."""
    return _modes().get(plain(text))


def municipality(text: str) -> str | None:
    """The code of a municipality, from its name or code (Excel takes the first zero away)."""
    return _municipalities().get(plain(text))


def yes(text: str) -> bool | None:
    """Yes or no; None for what is neither."""
    word = plain(text)
    return True if word in YES else False if word in NO else None


@lru_cache(4096)
def sector_of(organisation: str) -> Sector | None:
    """The sector that the name of an organisation tells, e.g. "Tranås kommun"."""
    name = clean_line(organisation)[:200]
    return next((kind for pattern, kind in BY_NAME if pattern.search(name)), None)


@lru_cache(4096)
def nearest_municipality(text: str) -> str | None:
    """The name of the municipality that was perhaps meant."""
    names = {plain(place.name): place.name for place in municipalities().values()}
    word = plain(text).removesuffix(" kommun")
    if any(
        word in (plain(county.name), plain(county.short_name)) for county in counties().values()
    ):
        return None
    near = difflib.get_close_matches(word[:40], names, n=1, cutoff=0.7)
    return names[near[0]] if near else None


@lru_cache(4096)
def nearest_sector(text: str) -> Sector | None:
    """The sector that was perhaps meant."""
    near = difflib.get_close_matches(plain(text)[:40], _sectors(), n=1, cutoff=0.65)
    return _sectors()[near[0]] if near else None
