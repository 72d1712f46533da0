"""What a file may be, which columns there are, and what becomes of those who do not fit."""

import enum
from dataclasses import dataclass, field
from datetime import timedelta

ROWS = 5_000  # of participants
COLUMNS = 60
FILE_BYTES = 5 * 1024 * 1024
UNPACKED_BYTES = 50 * 1024 * 1024  # of all that an XLSX file holds
PASTED = 200_000  # characters
CELL = 1_000  # characters kept of a cell; no field takes more
MAILS_A_STEP = 40
KEPT = timedelta(days=1)  # what was sent and not taken in
FAULTS_A_PAGE = 100
SAMPLE = 3  # rows shown


class Field(enum.StrEnum):
    """What a column may hold."""

    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    ORGANISATION = "organisation"
    SECTOR = "sector"
    MUNICIPALITY = "municipality"
    ROLE_KIND = "role_kind"
    MODE = "mode"
    LIST_CONSENT = "list_consent"
    PROTECTED = "protected"


class Surplus(enum.StrEnum):
    """What becomes of those for whom there are no seats."""

    REFUSE = "refuse"
    QUEUE = "queue"


@dataclass(frozen=True)
class Table:
    """What was sent, as rows of text. `guarded`: apostrophes stand before would-be formulas."""

    rows: list[list[str]]
    guarded: bool = False


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be taken: the row as the spreadsheet counts, the column, what to do."""

    row: int
    column: str
    value: str
    sentence: str


@dataclass
class Checked:
    """The rows as they would be registered, each a list in the order of `columns`, and the faults.

    `double` are rows (as the spreadsheet counts) that hold a person of an earlier row again,
    `assumed` those of which nothing tells the sector. What a row says of the event's own
    questions and seminars stands last in it.
    """

    ready: list[list[object]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    double: list[int] = field(default_factory=list)
    assumed: list[int] = field(default_factory=list)


def letter(place: int) -> str:
    """The letters of a column as a spreadsheet shows them: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
