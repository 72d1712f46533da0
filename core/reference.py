"""Counties, municipalities, regions and sectors: the fixed lists everything refers to."""

import csv
import enum
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask_babel import lazy_gettext as _l

FOLDER = Path(__file__).parent / "reference_data"


class Sector(enum.StrEnum):
    """What kind of organisation a person comes from."""

    MUNICIPALITY = "municipality"
    REGION = "region"
    COUNTY_BOARD = "county_board"
    AGENCY = "agency"
    GOVERNMENT_OFFICES = "government_offices"
    CIVIL_SOCIETY = "civil_society"
    MUNICIPAL_ASSOCIATION = "municipal_association"
    BUSINESS = "business"
    UNIVERSITY = "university"
    OTHER = "other"


SECTOR_WORDS = {
    Sector.MUNICIPALITY: _l("Kommun"),
    Sector.REGION: _l("Region"),
    Sector.COUNTY_BOARD: _l("Länsstyrelse"),
    Sector.AGENCY: _l("Statlig myndighet"),
    Sector.GOVERNMENT_OFFICES: _l("Regeringskansliet"),
    Sector.CIVIL_SOCIETY: _l("Civilsamhälle"),
    Sector.MUNICIPAL_ASSOCIATION: _l("Kommunalförbund"),
    Sector.BUSINESS: _l("Näringsliv"),
    Sector.UNIVERSITY: _l("Lärosäte"),
    Sector.OTHER: _l("Annat"),
}


@dataclass(frozen=True)
class County:
    """One of the 21 counties and its board."""

    code: str
    name: str
    short_name: str
    letter: str
    iso_3166_2: str
    county_board_name: str
    county_board_short: str
    county_board_slug: str
    residence_city: str


@dataclass(frozen=True)
class Municipality:
    """One of the 290 municipalities; the code begins with that of its county."""

    code: str
    name: str
    county_code: str


@dataclass(frozen=True)
class Region:
    """One of the 21 regions, with what it was called in 2016."""

    county_code: str
    name: str
    name_2016: str
    is_municipality: str


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def counties() -> dict[str, County]:
    """The counties by code, in the order of the codes."""
    return {row["code"]: County(**row) for row in _rows("counties")}


@cache
def municipalities() -> dict[str, Municipality]:
    """The municipalities by code, in the order of the codes."""
    return {row["code"]: Municipality(**row) for row in _rows("municipalities")}


@cache
def regions() -> dict[str, Region]:
    """The regions by county code."""
    return {row["county_code"]: Region(**row) for row in _rows("regions")}


def municipality_name(code: str | None) -> str:
    """The name of a municipality, or nothing where the code is unknown."""
    found = municipalities().get(code or "")
    return found.name if found else ""


def county_of(municipality_code: str | None) -> str:
    """The code of the county a municipality lies in, or nothing."""
    found = municipalities().get(municipality_code or "")
    return found.county_code if found else ""
