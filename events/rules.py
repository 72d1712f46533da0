"""Pure decisions about events: states, what may follow what, what is odd before publishing."""

import enum
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


class Kind(enum.StrEnum):
    """What sort of event it is."""

    REGIONAL_CONFERENCE = "regional_conference"
    INSPIRATION_CONFERENCE = "inspiration_conference"
    NATIONAL_SUMMIT = "national_summit"
    ISSUE_COUNCIL = "issue_council"
    HIGH_LEVEL_MEETING = "high_level_meeting"
    DIALOGUE_MEETING = "dialogue_meeting"
    CONSULTATION = "consultation"
    TRAINING = "training"
    WEBINAR = "webinar"
    NETWORK_MEETING = "network_meeting"


class State(enum.StrEnum):
    """Where an event stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    HELD = "held"
    CLOSED = "closed"


class Mode(enum.StrEnum):
    """How a person takes part."""

    ROOM = "room"
    ONLINE = "online"


class ItemKind(enum.StrEnum):
    """What a programme item is."""

    REGISTRATION = "registration"
    WELCOME = "welcome"
    TALK = "talk"
    LOCAL_EXAMPLE = "local_example"
    PANEL = "panel"
    SEMINAR = "seminar"
    GROUP_WORK = "group_work"
    Q_AND_A = "q_and_a"
    DISCUSSION = "discussion"
    STATUS_REPORT = "status_report"
    ROUND = "round"
    BREAK = "break"
    COFFEE = "coffee"
    LUNCH = "lunch"
    CLOSING = "closing"


PAUSES = {ItemKind.REGISTRATION, ItemKind.BREAK, ItemKind.COFFEE, ItemKind.LUNCH}


class SpeakerRole(enum.StrEnum):
    """What a person does in an item."""

    SPEAKER = "speaker"
    MODERATOR = "moderator"
    PANELLIST = "panellist"
    HOST = "host"


class AssignmentState(enum.StrEnum):
    """Where a government assignment stands."""

    DRAFT = "draft"
    ONGOING = "ongoing"
    REPORTED = "reported"
    INVOICED = "invoiced"
    CLOSED = "closed"


class Registering(enum.StrEnum):
    """Whether one can register now; derived, never stored."""

    NOT_YET = "not_yet"
    OPEN = "open"
    CLOSED = "closed"
    OVER = "over"
    OFF = "off"
    INVITED_ONLY = "invited_only"


class Part(enum.StrEnum):
    """What a copy of an event may take along."""

    FACTS = "facts"
    PROGRAMME = "programme"
    SPEAKERS = "speakers"


# What the organiser decides about an event; all else is set by the verbs.
COPIED_FACTS = frozenset(
    {
        "assignment_id", "lead", "purpose", "target_group", "in_cooperation_with", "cost",
        "venue_name", "venue_address", "municipality", "county_code", "directions", "step_free",
        "hearing_loop", "lift", "parking", "contact_name", "contact_email", "contact_phone",
        "question", "can_achieve", "inviter_name", "inviter_title",
    }
)  # fmt: skip
FACTS = COPIED_FACTS | {
    "title", "kind", "case_number", "starts", "ends", "online_url", "registration_opens",
    "registration_closes", "registration_paused", "invited_only", "cancel_by", "co_organisers",
}  # fmt: skip
CALENDAR_FACTS = frozenset(
    {"title", "starts", "ends", "venue_name", "venue_address", "municipality", "online_url"}
)
ITEM_FACTS = frozenset({"kind", "starts", "ends", "title", "text", "room", "group", "capacity"})
SPEAKER_FACTS = frozenset({"name", "title", "organisation", "text", "email", "consent"})
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


@dataclass(frozen=True)
class Slot:
    """A programme item as the checks see it. `speakers` are (id, name, may be published)."""

    title: str
    starts: datetime
    ends: datetime
    room: str
    group: str
    speakers: tuple[tuple[int, str, bool], ...] = ()
    pause: bool = False


def room_clashes(slots: Sequence[Slot]) -> list[tuple[Slot, Slot]]:
    """Pairs of items at the same time in the same room; without a room means in the plenary."""
    return [
        (one, other)
        for one, other in _overlapping(slots)
        if one.room.casefold() == other.room.casefold()
        and not (one.group and other.group and not one.room)
    ]


def speaker_clashes(slots: Sequence[Slot]) -> list[tuple[str, Slot, Slot]]:
    """Speakers who are in two rooms at the same time."""
    clashes = []
    for one, other in _overlapping(slots):
        names = {id_: name for id_, name, _consent in one.speakers}
        clashes += [(names[id_], one, other) for id_, _n, _c in other.speakers if id_ in names]
    return clashes


def without_consent(slots: Iterable[Slot]) -> list[str]:
    """The names in the programme that may not be published yet, each once."""
    names = [name for slot in slots for _id, name, consent in slot.speakers if not consent]
    return list(dict.fromkeys(names))


def outside(
    slots: Iterable[Slot], starts: datetime, ends: datetime, slack: timedelta
) -> list[Slot]:
    """Items that begin more than `slack` before the event or end after it."""
    return [slot for slot in slots if slot.starts < starts - slack or slot.ends > ends]


def _overlapping(slots: Sequence[Slot]) -> list[tuple[Slot, Slot]]:
    ordered = sorted(slots, key=lambda slot: slot.starts)
    return [
        (one, other)
        for place, one in enumerate(ordered)
        for other in ordered[place + 1 :]
        if other.starts < one.ends
    ]
