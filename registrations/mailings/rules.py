"""Pure decisions about mail to participants: placeholders, when a reminder goes, what may be left.

A text is taken apart before anything is put into it, and what is put in is never read as text
with placeholders of its own: a person called "{plats}" is greeted just so.
"""

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from events.rules import State as EventState

SUBJECT = 150  # characters, before the placeholders are filled in
BODY = 10_000
BATCH = 50  # letters put in the outbox in one transaction
MOST_DAYS = 60
LATEST_THANKS = timedelta(days=30)  # after they were due; later nobody understands them
LATEST_DOCUMENTED = timedelta(days=180)  # where they wait for the documentation
AT = time(9, 0)  # when in the day a reminder goes
STOCKHOLM = ZoneInfo("Europe/Stockholm")
MARK = re.compile(r"\{([^{}\n]{1,60})\}")


class Purpose(enum.StrEnum):
    """What a mailing is about, and so whether it may be unsubscribed from."""

    PLACE = "place"
    NEWS = "news"


class Occasion(enum.StrEnum):
    """What made a mailing go: somebody, or a reminder that had been switched on."""

    BY_HAND = "by_hand"
    BEFORE = "before"
    UNANSWERED = "unanswered"
    AFTER = "after"


REMINDERS = (Occasion.BEFORE, Occasion.UNANSWERED, Occasion.AFTER)
DAYS = {Occasion.BEFORE: 3, Occasion.UNANSWERED: 7, Occasion.AFTER: 1}


class State(enum.StrEnum):
    """Where a mailing stands."""

    DRAFT = "draft"
    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"


EDITABLE = frozenset({State.DRAFT, State.PLANNED})


class Skip(enum.StrEnum):
    """Why somebody who was chosen gets no letter."""

    NO_ADDRESS = "no_address"
    OPTED_OUT = "opted_out"
    GONE = "gone"


class Placeholder(enum.StrEnum):
    """What can stand in braces in a text."""

    FIRST_NAME = "förnamn"
    NAME = "namn"
    EVENT = "evenemang"
    TIME = "tid"
    PLACE = "plats"
    LAST_DAY = "sista_dag"
    CHOICES = "mina_val"
    OWN_PAGE = "min_sida"
    MEETING = "möteslänk"
    DOCUMENTATION = "dokumentation"


LINKS = frozenset({Placeholder.OWN_PAGE, Placeholder.MEETING, Placeholder.DOCUMENTATION})
# A paragraph with one of these is left out for whoever it has nothing to say to.
NEEDED = LINKS | {Placeholder.CHOICES}
IN_SUBJECT = frozenset(Placeholder) - NEEDED


@dataclass(frozen=True)
class Link:
    """A link that the template makes, never the text."""

    label: str
    address: str


Value = str | Link
Piece = str | Placeholder


def pieces(text: str) -> list[Piece]:
    """The text taken apart: what was written, and the placeholders in it.

    Raises ValueError for a placeholder that there is not.
    """
    found: list[Piece] = []
    at = 0
    for mark in MARK.finditer(text):
        if mark.start() > at:
            found.append(text[at : mark.start()])
        found.append(Placeholder(mark[1].strip().lower()))
        at = mark.end()
    return [*found, text[at:]] if at < len(text) else found


def unknown(text: str, allowed: Iterable[Placeholder] = frozenset(Placeholder)) -> list[str]:
    """The placeholders of a text, with their braces, that are not among the allowed."""
    known = {one.value for one in allowed}
    return [mark[0] for mark in MARK.finditer(text) if mark[1].strip().lower() not in known]


def filled(text: str, values: dict[Placeholder, Value]) -> list[Value]:
    """A text with `values` in it, as runs of text and links.

    A value that is empty takes a space before it along: "Hej {förnamn}!" becomes "Hej!".
    """
    found: list[Value] = []
    for piece in pieces(text):
        value = values[piece] if isinstance(piece, Placeholder) else piece
        if isinstance(value, Link):
            found.append(value)
            continue
        before = found[-1] if found else ""
        if isinstance(before, Link):
            before = ""
        elif found:
            found.pop()
        found.append((before.removesuffix(" ") if value == "" else before) + value)
    return [run for run in found if run != ""]


def line(text: str, values: dict[Placeholder, Value]) -> str:
    """A subject with `values` in it, as one text."""
    return "".join(run if isinstance(run, str) else run.label for run in filled(text, values))


def paragraphs(text: str, values: dict[Placeholder, Value]) -> list[list[Value]]:
    """The paragraphs of a text with `values` in them, without those that say nothing to one."""
    found = []
    for paragraph in re.split(r"\n[ \t]*\n\s*", text.strip()):
        marks = [piece for piece in pieces(paragraph) if isinstance(piece, Placeholder)]
        if any(mark in NEEDED and values[mark] == "" for mark in marks):
            continue
        runs = filled(paragraph, values)
        if runs:
            found.append(runs)
    return found


def due(
    occasion: Occasion, days: int, *, starts: datetime, ends: datetime, answer_by: datetime
) -> datetime:
    """When a reminder goes: in the morning, so many days before or after."""
    start = {Occasion.BEFORE: starts, Occasion.UNANSWERED: answer_by, Occasion.AFTER: ends}
    day = start[occasion].astimezone(STOCKHOLM).date()
    away = timedelta(days=days if occasion is Occasion.AFTER else -days)
    return datetime.combine(day + away, AT, STOCKHOLM)


def goes_now(
    occasion: Occasion,
    *,
    at: datetime,
    state: EventState,
    starts: datetime,
    answer_by: datetime,
    waits: bool,
    documented: bool,
    now: datetime,
) -> bool:
    """Whether a reminder that is due `at` goes at `now`: not too early, and not when it is late.

    Thanks may be told to wait (`waits`) until the event is documented.
    """
    if now < at or (waits and not documented):
        return False
    if occasion is Occasion.AFTER:
        took_place = state in {EventState.PUBLISHED, EventState.HELD, EventState.CLOSED}
        return took_place and now < at + (LATEST_DOCUMENTED if waits else LATEST_THANKS)
    last = starts if occasion is Occasion.BEFORE else answer_by
    return state is EventState.PUBLISHED and now < last
