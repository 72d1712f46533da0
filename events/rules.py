"""Pure decisions about events: states, what may follow what, what is odd before publishing."""

import enum
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol


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


class Step(enum.StrEnum):
    """What the organiser of an event does next."""

    PROGRAMME = "programme"
    PUBLISH = "publish"
    NEW_TIME = "new_time"
    HELD = "held"
    MINUTES = "minutes"


class Odd(enum.StrEnum):
    """What is missing or odd about an event that is to be published."""

    NO_MODE = "no_mode"
    OVER = "over"
    CLOSES_LATE = "closes_late"
    CLOSED_ALREADY = "closed_already"
    NO_PLACE = "no_place"
    NO_CONTACT = "no_contact"
    ROOM_CLASH = "room_clash"
    SPEAKER_CLASH = "speaker_clash"
    NO_QUESTION = "no_question"
    NO_INVITER = "no_inviter"
    NO_PROGRAMME = "no_programme"
    OUTSIDE = "outside"
    NO_CONSENT = "no_consent"
    NO_LINK = "no_link"
    NO_LEAD = "no_lead"
    NO_CASE_NUMBER = "no_case_number"
    ODD_CASE_NUMBER = "odd_case_number"
    NO_ACHIEVE = "no_achieve"
    NO_ACCESS = "no_access"


SERIOUS = frozenset(
    {
        Odd.NO_MODE, Odd.OVER, Odd.CLOSES_LATE, Odd.CLOSED_ALREADY, Odd.NO_PLACE, Odd.NO_CONTACT,
        Odd.ROOM_CLASH, Odd.SPEAKER_CLASH, Odd.NO_QUESTION, Odd.NO_INVITER,
    }
)  # fmt: skip
IN_PROGRAMME = frozenset(
    {Odd.ROOM_CLASH, Odd.SPEAKER_CLASH, Odd.NO_PROGRAMME, Odd.OUTSIDE, Odd.NO_CONSENT}
)


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
LINGERS = timedelta(days=3)  # so long an event that is over stays among those to come
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


class Planned(Protocol):
    """An event as the checks before publishing see it."""

    kind: Any
    starts: Any
    ends: Any
    registration_closes: Any
    lead: Any
    case_number: Any
    venue_name: Any
    online_url: Any
    contact_name: Any
    contact_email: Any
    contact_phone: Any
    step_free: Any
    hearing_loop: Any
    lift: Any
    question: Any
    can_achieve: Any
    inviter_name: Any
    inviter_title: Any


@dataclass(frozen=True)
class Finding:
    """One thing that is missing or odd, and whom or what it concerns."""

    odd: Odd
    what: str = ""

    @property
    def serious(self) -> bool:
        """Whether publishing all the same must be said expressly."""
        return self.odd in SERIOUS


def findings(
    event: Planned, slots: Sequence[Slot], modes: Iterable[Mode], now: datetime
) -> list[Finding]:
    """All that is missing or odd before publishing, the serious first."""
    odd = {
        finding.odd: finding
        for finding in (
            *_odd_in_facts(event, set(modes), now),
            *_odd_in_programme(event, slots),
        )
    }
    return [odd[one] for one in Odd if one in odd]


def _odd_in_facts(event: Planned, modes: set[Mode], now: datetime) -> Iterable[Finding]:
    closes = event.registration_closes
    council = event.kind is Kind.ISSUE_COUNCIL
    room = Mode.ROOM in modes
    checks = {
        Odd.NO_MODE: not modes,
        Odd.OVER: event.ends <= now,
        Odd.CLOSES_LATE: closes is not None and closes > event.starts,
        Odd.CLOSED_ALREADY: closes is not None and closes <= now < event.ends,
        Odd.NO_PLACE: room and not event.venue_name,
        Odd.NO_CONTACT: not (event.contact_name and (event.contact_email or event.contact_phone)),
        Odd.NO_QUESTION: council and not event.question,
        Odd.NO_INVITER: council and not (event.inviter_name and event.inviter_title),
        Odd.NO_ACHIEVE: council and not event.can_achieve,
        Odd.NO_LINK: Mode.ONLINE in modes and not event.online_url,
        Odd.NO_LEAD: not event.lead,
        Odd.NO_CASE_NUMBER: not event.case_number,
        Odd.ODD_CASE_NUMBER: bool(event.case_number) and not usual_case_number(event.case_number),
        Odd.NO_ACCESS: room and not (event.step_free or event.hearing_loop or event.lift),
    }
    return [Finding(odd) for odd, found in checks.items() if found]


def _odd_in_programme(event: Planned, slots: Sequence[Slot]) -> Iterable[Finding]:
    rooms = [f"{one.title} – {other.title}" for one, other in room_clashes(slots)]
    people = [name for name, _one, _other in speaker_clashes(slots)]
    out = [slot.title for slot in outside(slots, event.starts, event.ends, timedelta(hours=1))]
    lists = {
        Odd.ROOM_CLASH: rooms,
        Odd.SPEAKER_CLASH: list(dict.fromkeys(people)),
        Odd.OUTSIDE: out,
        Odd.NO_CONSENT: without_consent(slots),
    }
    found = [Finding(odd, "; ".join(names)) for odd, names in lists.items() if names]
    return found if slots else [Finding(Odd.NO_PROGRAMME)]


@dataclass(frozen=True)
class Difference:
    """What the draft programme has that the latest release has not, by item id."""

    added: frozenset[int]
    changed: frozenset[int]
    removed: tuple[str, ...]
    people: int

    @property
    def count(self) -> int:
        """How many changes are not published; those of people only where no item tells them."""
        items = len(self.added) + len(self.changed) + len(self.removed)
        return items or self.people


def difference(released: Mapping[str, Any] | None, draft: Mapping[str, Any]) -> Difference:
    """Compare two programmes in the form of `Release.content`; None was never released."""
    old = {item["id"]: item for item in (released or {}).get("items", [])}
    new = {item["id"]: item for item in draft["items"]}
    people_before = {person["id"]: person for person in (released or {}).get("speakers", [])}
    people_after = {person["id"]: person for person in draft["speakers"]}
    both = set(people_before) | set(people_after)
    return Difference(
        added=frozenset(new.keys() - old.keys()),
        changed=frozenset(id_ for id_ in new.keys() & old.keys() if new[id_] != old[id_]),
        removed=tuple(old[id_]["title"] for id_ in old.keys() - new.keys()),
        people=sum(people_before.get(id_) != people_after.get(id_) for id_ in both),
    )


def _overlapping(slots: Sequence[Slot]) -> list[tuple[Slot, Slot]]:
    ordered = sorted(slots, key=lambda slot: slot.starts)
    return [
        (one, other)
        for place, one in enumerate(ordered)
        for other in ordered[place + 1 :]
        if other.starts < one.ends
    ]
