"""What is missing or odd before publishing, and what has changed since the last release."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from events.rules.decisions import usual_case_number
from events.rules.nouns import SERIOUS, Kind, Mode, Odd

NAMED = 3  # things that a finding names


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
    found = [Finding(odd, _some(names)) for odd, names in lists.items() if names]
    return found if slots else [Finding(Odd.NO_PROGRAMME)]


def _some(names: list[str]) -> str:
    """The first few; of more than that only how many."""
    more = len(names) - NAMED
    return "; ".join(names[:NAMED]) + (f" (+{more})" if more > 0 else "")


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
