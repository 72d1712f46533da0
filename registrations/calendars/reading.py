"""Read an answer to an invitation out of a mail (RFC 6047): what a stranger wrote, bounded."""

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from typing import Any

import icalendar

from core.text import clean_line
from registrations.calendars.rules import MOST_BYTES, Answer

MOST_OF_HEADER = 1000  # characters: what reads addresses takes minutes over a hundred thousand

MOST_RULES = 20
_FOLD = re.compile(r"[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+[ \t]")
_RULE = re.compile(
    r"RRULE:FREQ=YEARLY(?=.*;BYMONTH=)(;(INTERVAL=1|BYMONTH=\d{1,2}|BYDAY=[+-]?\d?[A-Z]{2}|BYMONTHDAY=[\d,-]{1,30}"
    r"|WKST=[A-Z]{2}|UNTIL=[\dTZ]{8,16}))*",
    re.IGNORECASE,
)


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
    event = _event(_calendar(message))
    attendees = event.get("ATTENDEE")
    if attendees is None or isinstance(attendees, list):
        raise NoReply("ett svar är från en deltagare")
    try:
        answer = Answer(str(attendees.params.get("PARTSTAT", "")).lower())
    except ValueError:
        raise NoReply("varken ja, kanske eller nej") from None
    senders = _senders(str(message.get("From", "")))
    return Reply(
        uid=clean_line(str(event.get("UID", "")))[:200].casefold(),
        answer=answer,
        attendee=_address(str(attendees)),
        sender=clean_line(senders[0])[:320] if len(senders) == 1 else "",
        sequence=min(max(int(event.get("SEQUENCE", 0)), 0), 2**31 - 1),
        stamped=_instant(event.decoded("DTSTAMP")),
        starts=_instant(event.decoded("DTSTART")) if "DTSTART" in event else None,
        comment=clean_line(str(event.get("COMMENT", "")))[:500],
        automatic="auto-replied" in str(message.get("Auto-Submitted", "")).lower(),
    )


def _senders(header: str) -> list[str]:
    """The addresses in From."""
    if len(header) > MOST_OF_HEADER:
        raise NoReply("en orimlig avsändare")
    read_header: Any = email.policy.default.header_factory("From", header)
    return [one.addr_spec for one in read_header.addresses]


def _calendar(message: Message) -> Any:
    for part in message.walk():
        if part.get_content_type() in {"text/calendar", "application/ics"}:
            body: Any = part.get_payload(decode=True) or b""
            _refuse_endless_rules(body.decode("utf-8", "replace"))
            calendar = icalendar.Calendar.from_ical(body)
            if str(calendar.get("METHOD", "")).upper() == "REPLY":
                return calendar
    raise NoReply("inget svar på en kalenderinbjudan")


def _refuse_endless_rules(text: str) -> None:
    """A time zone changes at most some times a year: one that does each minute is never read."""
    lines = [line.strip() for line in _FOLD.sub("", text).splitlines()]
    rules = [line for line in lines if line.upper().startswith(("RRULE", "EXRULE"))]
    if len(rules) > MOST_RULES or not all(_RULE.fullmatch(rule) for rule in rules):
        raise NoReply("en orimlig tidszon")


def _event(calendar: Any) -> Any:
    events = calendar.walk("VEVENT")
    if len(events) != 1:
        raise NoReply("inte om precis ett evenemang")
    return events[0]


def _address(text: str) -> str:
    return clean_line(text.removeprefix("MAILTO:").removeprefix("mailto:"))[:320]


def _instant(moment: Any) -> datetime:
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise NoReply("en tid utan zon")
    return moment.astimezone(UTC)
