"""How iCalendar is written, line by line (RFC 5545, 3.1–3.3), and read over again.

A county's feed holds hundreds of events and is made anew when one changes: written like this it
takes a tenth of what a library takes for it. Every component is read over before it goes out.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from core.clock import STOCKHOLM, to_local
from core.text import clean_line, clean_prose

END = b"END:VCALENDAR\r\n"
# By rules, not by lists of dates: a zone of RDATE lists, as libraries make it, is an hour wrong
# all summer in ical.js and is not read by Outlook, which goes by RRULE and the two offsets.
STOCKHOLM_ZONE = b"\r\n".join(
    [
        b"BEGIN:VTIMEZONE",
        b"TZID:Europe/Stockholm",
        b"BEGIN:DAYLIGHT",
        b"DTSTART:19810329T020000",
        b"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        b"TZNAME:CEST",
        b"TZOFFSETFROM:+0100",
        b"TZOFFSETTO:+0200",
        b"END:DAYLIGHT",
        b"BEGIN:STANDARD",
        b"DTSTART:19961027T030000",
        b"RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        b"TZNAME:CET",
        b"TZOFFSETFROM:+0200",
        b"TZOFFSETTO:+0100",
        b"END:STANDARD",
        b"END:VTIMEZONE",
        b"",
    ]
)
LONGEST = 75  # octets in a line, without its end
_PROPERTY = re.compile(rb"([A-Z][A-Z0-9-]*)[;:]")
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


class BrokenComponent(Exception):
    """A component came out with other lines than were put into it."""


class Component:
    """Properties in the order they are added, and components within."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.names = ["BEGIN"]
        self.lines = [b"BEGIN:" + kind.encode() + b"\r\n"]

    def add(self, name: str, value: str, parameters: str = "") -> None:
        """A property whose value is written already: a time, a number, a code."""
        self.names.append(name)
        self.lines.append(folded(f"{name}{parameters}:{value}"))

    def text(self, name: str, *values: str) -> None:
        """A property of one text or several."""
        self.add(name, ",".join(clean_prose(value).translate(_ESCAPED) for value in values))

    def time(self, name: str, instant: datetime) -> None:
        """A time in the zone; in UTC in the hour that the wall shows twice that night.

        RFC 5545, 3.3.5 says that a local time that occurs twice means the first; ical.js reads
        it as the second.
        """
        local = to_local(instant)
        if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
            self.add(name, f"{local:%Y%m%dT%H%M%S}", f";TZID={STOCKHOLM.key}")
        else:
            self.stamp(name, instant)

    def stamp(self, name: str, instant: datetime) -> None:
        """A time in UTC."""
        self.add(name, f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}")

    def address(self, name: str, address: str, parameters: str = "") -> None:
        """A web address."""
        self.add(name, quote(clean_line(address), safe=":/?#[]@!$&'()*+,;=%~-._"), parameters)

    def person(self, name: str, address: str, called: str, parameters: str = "") -> None:
        """Somebody with a mail address."""
        known = f';CN="{quoted(called)}"' if quoted(called) else ""
        mailbox = quote(clean_line(address), safe="@+.!#$&'*/=?^_`{|}~-")
        self.add(name, f"mailto:{mailbox}", known + parameters)

    def put(self, inner: "Component") -> None:
        """A component within this one."""
        self.names += [*inner.names, "END"]
        self.lines += [*inner.lines, b"END:" + inner.kind.encode() + b"\r\n"]

    def take(self, other: "Component") -> None:
        """The properties of another, as it has written them."""
        self.names += other.names[1:]
        self.lines += other.lines[1:]

    def finished(self) -> bytes:
        """The bytes, read over again. Raises `BrokenComponent`."""
        made = b"".join(self.lines) + b"END:" + self.kind.encode() + b"\r\n"
        if property_names(made) != [name.encode() for name in [*self.names, "END"]]:
            raise BrokenComponent
        return made


def quoted(text: str) -> str:
    """`text` as it may stand between the quotes of a parameter, which can hold none (3.2)."""
    return clean_line(text).replace('"', "'").replace("^", "")


def folded(line: str) -> bytes:
    """The line with its end, cut into pieces of at most 75 octets, never inside a character."""
    rest = line.encode()
    if len(rest) <= LONGEST:
        return rest + b"\r\n"
    pieces, most = [], LONGEST
    while len(rest) > most:
        cut = most
        while rest[cut] & 0xC0 == 0x80:
            cut -= 1
        pieces.append(rest[:cut])
        rest, most = rest[cut:], LONGEST - 1
    return b"\r\n ".join([*pieces, rest]) + b"\r\n"


def property_names(made: bytes) -> list[bytes]:
    """The names of all properties, BEGIN and END included. Raises `BrokenComponent`.

    Reads lines as RFC 5545, 3.1 has them and knows nothing of how they were written.
    """
    names = []
    if not made.endswith(b"\r\n") or b"\0" in made:
        raise BrokenComponent
    for line in made.replace(b"\r\n ", b"").removesuffix(b"\r\n").split(b"\r\n"):
        found = _PROPERTY.match(line)
        if not found or b"\r" in line or b"\n" in line:
            raise BrokenComponent
        names.append(found[1])
    return names


def whole(head: Component, components: Iterable[bytes]) -> bytes:
    """A VCALENDAR of a head without its end, the zone and finished components."""
    opening = head.finished().removesuffix(END)
    inner: Sequence[bytes] = list(components)
    return b"".join([opening, STOCKHOLM_ZONE, *inner, END])
