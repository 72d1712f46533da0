"""States, what may follow what, whether one can register, and how things are found."""

import re
import unicodedata
from datetime import datetime

from events.rules.nouns import Registering, State, Step

PUBLIC_STATES = frozenset(State) - {State.DRAFT}
MAY_FOLLOW = {
    State.DRAFT: {State.PUBLISHED},
    State.PUBLISHED: {State.CANCELLED, State.POSTPONED, State.HELD},
    State.CANCELLED: {State.PUBLISHED},
    State.POSTPONED: {State.PUBLISHED, State.CANCELLED},
    State.HELD: {State.CLOSED, State.PUBLISHED},
    State.CLOSED: {State.HELD},
}
# Forms of case numbers: a board's own, class based, and the Government Offices'.
CASE_NUMBERS = (
    r"(\d{3}-)?\d{1,6}-(\d{4}|\d{2})",
    r"\d{4}-\d+(\.\d+)*-\d+(/\d+)?",
    r"\d+(\.\d+)+-\d{4}-\d+",
    r"[A-ZÅÄÖ][a-zåäö]{0,2}\d{4}/\d{4,5}(/[\wÅÄÖåäö -]+)?",
)


def usual_case_number(text: str) -> bool:
    """Whether `text` has a form that case numbers usually have (a hint, never a bar)."""
    return any(re.fullmatch(form, text) for form in CASE_NUMBERS)


def search_text(*parts: str) -> str:
    """What `parts` are found by: NFC and casefolded, so that Å is å but å is not a."""
    words = " ".join(unicodedata.normalize("NFC", part) for part in parts if part)
    return " ".join(words.casefold().split())


def next_step(*, state: State, ends: datetime, items: int, now: datetime) -> Step | None:
    """What must be done next, if anything."""
    if state is State.DRAFT:
        return Step.PUBLISH if items else Step.PROGRAMME
    if state is State.POSTPONED:
        return Step.NEW_TIME
    if state is State.PUBLISHED:
        return Step.HELD if now >= ends else None
    return Step.MINUTES if state is State.HELD else None


def registering(
    *,
    state: State,
    opens: datetime | None,
    closes: datetime | None,
    ends: datetime,
    paused: bool,
    invited_only: bool,
    now: datetime,
) -> Registering:
    """Whether registration is open at `now`. The closing instant itself is too late."""
    if state in {State.CANCELLED, State.POSTPONED, State.DRAFT}:
        return Registering.OFF
    if state in {State.HELD, State.CLOSED} or now >= ends:
        return Registering.OVER
    if paused or (closes is not None and now >= closes):
        return Registering.CLOSED
    if opens is not None and now < opens:
        return Registering.NOT_YET
    return Registering.INVITED_ONLY if invited_only else Registering.OPEN


def may_cancel_place(*, cancel_by: datetime | None, starts: datetime, now: datetime) -> bool:
    """Whether a participant may still cancel or change by themselves."""
    return now < (cancel_by or starts)
