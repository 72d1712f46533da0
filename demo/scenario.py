"""The seed format: what a scenario file may hold, read and checked before anything is saved."""

import enum
import json
import re
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar

from core import reference
from core.clock import NoSuchTime, to_instant, to_local

EVENT_TEXTS = (
    "title", "lead", "purpose", "target_group", "in_cooperation_with", "case_number", "cost",
    "directions", "parking", "online_url", "contact_name", "contact_email", "contact_phone",
    "question", "can_achieve", "inviter_name", "inviter_title",
)  # fmt: skip
EVENT_FLAGS = ("step_free", "hearing_loop", "lift", "invited_only", "approval")
EVENT_NUMBERS = ("offer_hours", "max_per_organisation")
EVENT_CODES = ("themes", "audiences")
EVENT_TIMES = ("starts", "ends", "registration_opens", "registration_closes", "cancel_by")
KEYS: dict[str, set[str]] = {
    "": {"authorities", "users", "organisations", "events"},
    "authorities": {"slug", "name", "county"},
    "users": {"email", "password", "name", "roles"},
    "users.roles": {"authority", "role"},
    "organisations": {"slug", "name", "sector", "municipality", "county"},
    "events": {
        "slug", "authority", "kind", "state", "venue", "capacity", "rooms", "programme",
        "invitations", "registrations", "note", "state_note", *EVENT_TEXTS, *EVENT_FLAGS,
        *EVENT_NUMBERS, *EVENT_CODES, *EVENT_TIMES, "waiting_rule",
    },
    "events.venue": {"name", "address", "municipality"},
    "events.capacity": {"room", "online"},
    "events.programme": {
        "starts", "ends", "kind", "title", "text", "room", "group", "track", "capacity", "speakers",
    },
    "events.rooms": {"name", "seats", "step_free", "hearing_loop", "note"},
    "events.programme.speakers": {"name", "title", "organisation", "role", "consent"},
    "events.invitations": {
        "organisation", "seats", "criterion", "reason", "email", "answer", "message",
        "representatives",
    },
    "events.invitations.representatives": {"first_name", "last_name", "email", "came"},
    "events.registrations": {
        "first_name", "last_name", "email", "phone", "organisation", "sector", "municipality",
        "role_kind", "mode", "status", "came", "protected", "diet", "access_needs", "choices",
        "list_consent",
    },
}  # fmt: skip
REQUIRED = {
    "authorities": {"slug", "name"}, "organisations": {"slug", "name"},
    "events": {"slug", "title"}, "users": {"email", "password"},
    "users.roles": {"authority", "role"}, "events.programme": {"starts", "ends", "title"},
    "events.rooms": {"name"},
    "events.programme.speakers": {"name"}, "events.invitations": {"organisation"},
    "events.registrations": {"first_name", "last_name"},
    "events.invitations.representatives": {"first_name", "last_name", "email"},
}  # fmt: skip
E = TypeVar("E", bound=enum.StrEnum)
RELATIVE = re.compile(r"D([+-]\d{1,4})(?: (\d{2})[:.](\d{2}))?")


class ScenarioError(Exception):
    """The file is not a scenario; the message names the place and what is wrong there."""


def read(path: Path) -> dict[str, Any]:
    """The scenario in the file. Raises `ScenarioError`."""
    try:
        scenario = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise ScenarioError(f"{path.name}: går inte att läsa som JSON ({error})") from None
    check(scenario)
    checked: dict[str, Any] = scenario
    return checked


def check(part: Any, kind: str = "", place: str = "") -> None:
    """Raise `ScenarioError` for the first key that is unknown or missing, or of the wrong sort."""
    if not isinstance(part, dict):
        raise ScenarioError(f"{place or 'filen'}: ska vara ett objekt")
    if kind in KEYS:
        for key in part:
            if key not in KEYS[kind]:
                raise ScenarioError(f"{_join(place, key)}: okänd nyckel")
        for key in sorted(REQUIRED.get(kind, set()) - part.keys()):
            raise ScenarioError(f"{_join(place, key)}: saknas")
    for key, value in part.items():
        below = f"{kind}.{key}".lstrip(".")
        if below not in KEYS:
            continue
        if isinstance(value, list):
            for number, item in enumerate(value):
                check(item, below, f"{_join(place, key)}[{number}]")
        else:
            check(value, below, _join(place, key))


def instant(
    text: str, *, place: str, today: date, on: date | None = None, late: bool = False
) -> datetime:
    """The instant of a local time: "2027-03-04 09:30", "D+60 09:30" (days from `today`; weekends
    move to Monday), "09:30" (on the day `on`) or a date alone (00:00, or 23:59 where `late`).
    """
    end = time(23, 59) if late else time(0)
    try:
        if match := RELATIVE.fullmatch(text):
            day = today + timedelta(days=int(match[1]))
            day += timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
            clock = time(int(match[2]), int(match[3])) if match[2] else end
            return to_instant(datetime.combine(day, clock))
        if on and re.fullmatch(r"\d{2}[:.]\d{2}", text):
            return to_instant(datetime.combine(on, time.fromisoformat(text.replace(".", ":"))))
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return to_instant(datetime.combine(date.fromisoformat(text), end))
        return to_instant(datetime.fromisoformat(text).replace(tzinfo=None))
    except NoSuchTime:
        raise ScenarioError(f"{place}: {text} finns inte, då ställs klockan om") from None
    except (ValueError, TypeError):
        raise ScenarioError(f"{place}: {text!r} är ingen tid, skriv 2027-03-04 09:30") from None


def municipality(value: str | None, *, place: str) -> str | None:
    """The code of a municipality given by code or by name; None where none is given."""
    if not value:
        return None
    if value in reference.municipalities():
        return value
    for found in reference.municipalities().values():
        if found.name.casefold() == value.casefold():
            return found.code
    raise ScenarioError(f"{place}.municipality: {value!r} är ingen kommun")


def one_of(codes: type[E], value: Any, place: str) -> E:
    """The member of `codes` with that value. Raises `ScenarioError`."""
    try:
        return codes(value)
    except ValueError:
        known = ", ".join(member.value for member in codes)
        raise ScenarioError(f"{place}: {value!r} är inget av {known}") from None


def local_day(when: datetime) -> date:
    """The day in Stockholm."""
    return to_local(when).date()


def _join(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key
