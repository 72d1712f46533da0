"""What a speaker consents to and answers, what is missing, and when they are reminded."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

Content = Mapping[str, Any]

REMIND_AFTER = timedelta(days=7)  # an invitation that nobody has answered
NUDGE_BEFORE = timedelta(days=5)  # the event, where a photo or slides are missing
BETWEEN = timedelta(days=1)  # letters that an organiser sends by hand
CONSENT_DAYS = 730  # after the event: what the form suggests
QUIET = timedelta(minutes=1)  # since the last change of time or place, as for participants
MOVING = frozenset({"starts", "ends", "venue_name", "venue_address", "municipality"})
SAVES = 60  # an hour, from one link


class Consent(enum.StrEnum):
    """What a speaker may say yes to, each by itself."""

    NAME = "name"
    PHOTO = "photo"
    RECORDING = "recording"
    SLIDES = "slides"


class Answer(enum.StrEnum):
    """What a speaker has answered to the question whether they come."""

    NONE = "none"
    YES = "yes"
    NO = "no"


class Need(enum.StrEnum):
    """What a speaker needs in the room."""

    PROJECTOR = "projector"
    SOUND = "sound"
    OWN_COMPUTER = "own_computer"
    HEARING_LOOP = "hearing_loop"


class Missing(enum.StrEnum):
    """What the organiser still waits for from a speaker."""

    ADDRESS = "address"
    INVITATION = "invitation"
    ANSWER = "answer"
    PRESENTATION = "presentation"
    NAME = "name"
    PHOTO = "photo"
    SLIDES = "slides"


@dataclass(frozen=True)
class Standing:
    """What may be shown of a speaker now; `photos` are the tokens of those that may."""

    named: bool
    photos: frozenset[str] = frozenset()


def shows(given: datetime | None, until: date | None, today: date) -> bool:
    """Whether what was consented to may be shown `today`: the last day counts, None has no end."""
    return given is not None and (until is None or today <= until)


def as_shown(content: Content, standings: Mapping[int, Standing]) -> dict[str, Any]:
    """A released programme without those who may not be named, and without the photos of others.

    Who is not in `standings` is unknown, and is not named.
    """
    return {
        **content,
        "items": [
            item | {"speakers": [who for who in item.get("speakers", ()) if _named(who, standings)]}
            for item in content.get("items", ())
        ],
        "speakers": [
            who | {"photo": who.get("photo") if _pictured(who, standings) else None}
            for who in content.get("speakers", ())
            if _named(who, standings)
        ],
    }


def _named(who: Content, standings: Mapping[int, Standing]) -> bool:
    standing = standings.get(who["id"])
    return standing is not None and standing.named


def _pictured(who: Content, standings: Mapping[int, Standing]) -> bool:
    return who.get("photo") in standings[who["id"]].photos


def people_in(content: Content) -> set[int]:
    """The ids of everybody whom a released programme names."""
    named = {who["id"] for item in content.get("items", ()) for who in item.get("speakers", ())}
    return named | {who["id"] for who in content.get("speakers", ())}


def may_remind(*, last: datetime | None, now: datetime) -> bool:
    """Whether an organiser may send a letter again by hand."""
    return last is None or now >= last + BETWEEN


def suggested_end(ends: date) -> date:
    """Until when a consent holds if nothing else is said, after an event that `ends` that day."""
    return ends + timedelta(days=CONSENT_DAYS)
