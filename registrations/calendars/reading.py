"""Read an answer to an invitation out of a mail (RFC 6047): what a stranger wrote, bounded.

The few lines that are asked for are read one by one. A library that reads the whole makes the
time zones that it finds, and remembers them for every later mail.
"""

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from typing import Any
from zoneinfo import ZoneInfo

from icalendar.parser import Contentline
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from core.text import clean_line
from registrations.calendars.rules import MOST_BYTES, Answer

MOST_OF_HEADER = 1000  # characters: what reads addresses takes minutes over a hundred thousand
MOST_OF_LINE = 5000  # characters: a comment may be as long
ASKED_FOR = ("UID", "ATTENDEE", "SEQUENCE", "DTSTAMP", "DTSTART", "COMMENT")
ONCE = frozenset(ASKED_FOR) - {"COMMENT"}
_NAME = re.compile(r"[A-Za-z-]+")
_UTC = re.compile(r"\d{8}T\d{6}Z")
_LOCAL = re.compile(r"\d{8}T\d{6}")
_ZONE = re.compile(r"[A-Za-z0-9_+/-]{1,64}")

Property = tuple[Any, str]  # parameters and value


class NoReply(Exception):
    """The mail holds no answer to an invitation; the message says why not."""


@dataclass(frozen=True)
class Reply:
    """An answer as it was written. `starts` is the time it is about, where it says so."""

    uid: str
    answer: Answer
    attendee: str
    sender: str
    sequence: int
    stamped: datetime
    starts: datetime | None
    comment: str
    automatic: bool


def read(raw: bytes) -> Reply:
    """The one answer in a mail. Raises `NoReply`."""
    if len(raw) > MOST_BYTES:
        raise NoReply("för stort")
    try:
        return _read(raw)
    except NoReply:
        raise
    except Exception as error:  # libraries raise many kinds over what a stranger wrote
        raise NoReply(f"oläsligt: {type(error).__name__}") from error


def _read(raw: bytes) -> Reply:
    message = email.message_from_bytes(raw)
    event = _event(message)
    parameters, attendee = _one(event, "ATTENDEE")
    try:
        answer = Answer(str(parameters.get("PARTSTAT", "")).lower())
    except ValueError:
        raise NoReply("varken ja, kanske eller nej") from None
    stamped = _instant(*_one(event, "DTSTAMP"))
    if stamped is None:
        raise NoReply("en tid utan zon")
    senders = _senders(str(message.get("From", "")))
    return Reply(
        uid=clean_line(_one(event, "UID")[1])[:200].casefold(),
        answer=answer,
        attendee=_address(attendee),
        sender=clean_line(senders[0])[:320] if len(senders) == 1 else "",
        sequence=min(max(int(_one(event, "SEQUENCE", "0")[1]), 0), 2**31 - 1),
        stamped=stamped,
        starts=_instant(*_one(event, "DTSTART", "")),
        comment=clean_line(_one(event, "COMMENT", "")[1])[:500],
        automatic="auto-replied" in str(message.get("Auto-Submitted", "")).lower(),
    )


def _senders(header: str) -> list[str]:
    """The addresses in From."""
    if len(header) > MOST_OF_HEADER:
        raise NoReply("en orimlig avsändare")
    read_header: Any = email.policy.default.header_factory("From", header)
    return [one.addr_spec for one in read_header.addresses]


def _event(message: Message) -> dict[str, list[Property]]:
    """What is asked for of the one VEVENT of a REPLY."""
    for part in message.walk():
        if part.get_content_type() in {"text/calendar", "application/ics"}:
            body: Any = part.get_payload(decode=True) or b""
            method, events = _components(body.decode("utf-8-sig", "replace"))
            if method == "REPLY":
                if len(events) != 1:
                    raise NoReply("inte om precis ett evenemang")
                return events[0]
    raise NoReply("inget svar på en kalenderinbjudan")


def _components(text: str) -> tuple[str, list[dict[str, list[Property]]]]:
    """METHOD, and of each VEVENT that ends what is asked for; components within are passed by."""
    method, within = "", list[str]()
    events, found = list[dict[str, list[Property]]](), dict[str, list[Property]]()
    for line in re.split(r"\r?\n", re.sub(r"\r?\n[ \t]", "", text)):
        named = _NAME.match(line)
        name = named[0].upper() if named else ""
        if name == "BEGIN":
            within.append(line[6:].strip().upper())
            found = {} if within == ["VCALENDAR", "VEVENT"] else found
        elif name == "END":
            if within == ["VCALENDAR", "VEVENT"]:
                events.append(found)
            if not within or within.pop() != line[4:].strip().upper():
                raise NoReply("oläsligt: delar som inte slutar")
        elif within == ["VCALENDAR"] and name == "METHOD":
            method = _parts(line)[1].strip().upper()
        elif within == ["VCALENDAR", "VEVENT"] and name in ASKED_FOR:
            found.setdefault(name, []).append(_parts(line))
    return method, events


def _parts(line: str) -> Property:
    if len(line) > MOST_OF_LINE:
        raise NoReply("en orimlig rad")
    _name, parameters, value = Contentline(line).parts()  # type: ignore[no-untyped-call]
    return parameters, value


def _one(event: dict[str, list[Property]], name: str, otherwise: str | None = None) -> Property:
    """The property; only a COMMENT may be there more than once (RFC 5546, 3.2.3)."""
    found = event.get(name, [])
    if len(found) > 1 and name in ONCE:
        raise NoReply(f"mer än en {name}")
    if not found and otherwise is None:
        raise NoReply(f"ingen {name}")
    return found[0] if found else ({}, otherwise or "")


def _address(text: str) -> str:
    return clean_line(text.removeprefix("MAILTO:").removeprefix("mailto:"))[:320]


def _instant(parameters: Any, value: str) -> datetime | None:
    """The moment; None for a day, a time without zone, or in a zone that only they know."""
    if _UTC.fullmatch(value):
        return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    zone = _zone(str(parameters.get("TZID", "")))
    if zone is None or not _LOCAL.fullmatch(value):
        return None
    return datetime.strptime(value, "%Y%m%dT%H%M%S").replace(tzinfo=zone).astimezone(UTC)


def _zone(name: str) -> ZoneInfo | None:
    """A zone of the world's list, also by the name that Windows or libical has for it."""
    known = WINDOWS_TO_OLSON.get(name, name).strip("/")
    parts = known.split("/")
    for guess in (known, "/".join(parts[-2:]), "/".join(parts[-3:])):
        if _ZONE.fullmatch(guess):
            try:
                return ZoneInfo(guess)
            except (KeyError, ValueError, OSError):
                continue
    return None
