"""Pure decisions about minutes: what they consist of, and what is odd before publishing."""

import enum
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from events.rules import Kind
from events.rules import State as EventState

MOST_SECTIONS = 60
ADDENDUM_LENGTH = 5_000  # characters
CONTENTS_FROM = 6  # sections; fewer are seen at a glance
COMPARED_LINES = 400  # of each text; longer ones are shown whole, side by side


class State(enum.StrEnum):
    """Where minutes stand."""

    DRAFT = "draft"
    PUBLISHED = "published"


class Part(enum.StrEnum):
    """What a section is. All but `ITEM` exist once, in this order, and keep their place."""

    INTRODUCTION = "introduction"
    PARTICIPANTS = "participants"
    ITEM = "item"
    CONCLUSIONS = "conclusions"
    CLOSING = "closing"


FIRST_POSITION = {
    Part.INTRODUCTION: 1,
    Part.PARTICIPANTS: 2,
    Part.ITEM: 10,
    Part.CONCLUSIONS: 1_000_000,
    Part.CLOSING: 1_000_001,
}


class Form(enum.StrEnum):
    """What the document is called: a meeting gets notes, a conference a summary report."""

    NOTES = "notes"
    REPORT = "report"


MEETINGS = frozenset(
    {
        Kind.ISSUE_COUNCIL,
        Kind.HIGH_LEVEL_MEETING,
        Kind.DIALOGUE_MEETING,
        Kind.CONSULTATION,
        Kind.NETWORK_MEETING,
    }
)
PUBLISHABLE = frozenset({EventState.PUBLISHED, EventState.HELD, EventState.CLOSED})


def form_of(kind: Kind) -> Form:
    """Notes from meetings, a summary report from conferences and trainings."""
    return Form.NOTES if kind in MEETINGS else Form.REPORT


class Odd(enum.StrEnum):
    """What is empty or odd in minutes that are about to be published."""

    NOT_OVER = "not_over"
    NO_CASE_NUMBER = "no_case_number"
    UNUSUAL_CASE_NUMBER = "unusual_case_number"
    NO_CHAIR = "no_chair"
    NO_NOTE_TAKER = "no_note_taker"
    NO_INTRODUCTION = "no_introduction"
    NO_SECTIONS = "no_sections"
    EMPTY_SECTION = "empty_section"
    NO_CONCLUSIONS = "no_conclusions"
    NOBODY_CAME = "nobody_came"


@dataclass(frozen=True)
class Text:
    """A section as the checks see it."""

    part: Part
    heading: str
    body: str


def odd_head(
    *, ends: datetime, now: datetime, case_number: str, usual: bool, chair: str, note_taker: str
) -> list[Odd]:
    """What is empty or odd about the occasion and the head. `usual`: the case number's form."""
    found = {
        Odd.NOT_OVER: ends > now,
        Odd.NO_CASE_NUMBER: not case_number,
        Odd.UNUSUAL_CASE_NUMBER: bool(case_number) and not usual,
        Odd.NO_CHAIR: not chair,
        Odd.NO_NOTE_TAKER: not note_taker,
    }
    return [odd for odd, is_so in found.items() if is_so]


def odd_texts(texts: Sequence[Text]) -> list[tuple[Odd, str]]:
    """What has no text: the oddity, and the heading of the section where it is one of many."""
    found = [(Odd.EMPTY_SECTION, text.heading) for text in texts if _empty(text, Part.ITEM)]
    if any(_empty(text, Part.INTRODUCTION) for text in texts):
        found.insert(0, (Odd.NO_INTRODUCTION, ""))
    if not any(text.part is Part.ITEM for text in texts):
        found.append((Odd.NO_SECTIONS, ""))
    if any(_empty(text, Part.CONCLUSIONS) for text in texts):
        found.append((Odd.NO_CONCLUSIONS, ""))
    return found


def _empty(text: Text, part: Part) -> bool:
    return text.part is part and not text.body.strip()


def digest(content: dict[str, Any]) -> str:
    """SHA-256 of a document as data, whatever order its keys have; hexadecimal."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def checksum(file: bytes) -> str:
    """SHA-256 of a file, hexadecimal: what `sha256sum` prints."""
    return hashlib.sha256(file).hexdigest()


def named(people: Iterable[tuple[str, str, str]]) -> str:
    """Speakers in one line, from (name, title and organisation, role to mention or "")."""
    return "; ".join(
        ", ".join(piece for piece in (name, by) if piece) + (f" ({role})" if role else "")
        for name, by, role in people
    )
