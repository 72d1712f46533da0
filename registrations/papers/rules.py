"""Pure decisions about lists and badges: who may see what, and how large a badge is."""

import enum
from dataclasses import dataclass

from registrations.rules import Status

# Above so many the work goes on after the answer, as a job.
LONG_LIST = 2000
LONG_PDF = 1000
LONG_BADGES = 150
MOST_BLANKS = 200
MOST_PICKED = 100  # persons shown to pick from


class Level(enum.StrEnum):
    """Whom a list is for."""

    PARTICIPANTS = "participants"
    INTERNAL = "internal"
    REGISTER = "register"


class Format(enum.StrEnum):
    """What a list is saved as."""

    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"


class Order(enum.StrEnum):
    """By what a list is sorted."""

    NAME = "name"
    ORGANISATION = "organisation"


class Who(enum.StrEnum):
    """Whose badges are made."""

    ALL = "all"
    NEW = "new"
    SOME = "some"
    BLANK = "blank"


class Part(enum.StrEnum):
    """What can stand on a badge beside the name."""

    ORGANISATION = "organisation"
    MUNICIPALITY = "municipality"
    ROLE = "role"
    CHOICES = "choices"
    CODE = "code"


class Hidden(enum.StrEnum):
    """What stands on the badge of a protected person in place of the name."""

    BLANK = "blank"
    NUMBER = "number"


@dataclass(frozen=True)
class Sheet:
    """Badges on a sheet, in millimetres; `left` and `top` to the edge of the first one."""

    page_width: float
    page_height: float
    across: int
    down: int
    width: float
    height: float
    left: float
    top: float
    gap_x: float = 0
    gap_y: float = 0

    @property
    def places(self) -> int:
        """How many badges a sheet holds."""
        return self.across * self.down


SHEETS = {
    "90x54": Sheet(210, 297, 2, 5, 90, 54, 15, 13.5),
    "85x55": Sheet(210, 297, 2, 5, 85, 55, 15, 11, gap_x=10),
    "60x90": Sheet(210, 297, 3, 3, 60, 90, 15, 13.5),
    "a6": Sheet(210, 297, 2, 2, 105, 148, 0, 0.5),
    "62": Sheet(100, 62, 1, 1, 100, 62, 0, 0),
}


@dataclass(frozen=True)
class Wanted:
    """Which badges are asked for, and how they look.

    `text`, `sector`, `county`, `item`, `came` and `ids` choose among everybody where `who` is
    SOME, all conditions together; `start` is the first free place of the first sheet, `blanks`
    how many are made where `who` is BLANK.
    """

    sheet: str = "90x54"
    who: Who = Who.ALL
    parts: frozenset[Part] = frozenset({Part.ORGANISATION, Part.CODE})
    hidden: Hidden = Hidden.BLANK
    start: int = 1
    lines: bool = True
    text: str = ""
    sector: str = ""
    county: str = ""
    item: int | None = None
    came: bool | None = None
    ids: tuple[int, ...] = ()
    blanks: int = 10


@dataclass(frozen=True)
class WantedList:
    """Which list is asked for. `everyone`: also those without a place; `contact`: addresses too."""

    level: Level
    format: Format = Format.PDF
    order: Order = Order.NAME
    everyone: bool = False
    contact: bool = False

    @property
    def statuses(self) -> frozenset[Status]:
        """Who is in it. Whoever waits stands in no list that leaves the house."""
        everyone = self.everyone and self.level is Level.INTERNAL
        return frozenset(Status) if everyone else frozenset({Status.CONFIRMED})
