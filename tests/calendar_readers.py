"""What four programs that people use read in a calendar file: they must agree on every entry.

icalendar, ical.js (Thunderbird), khal, and a CalDAV server (radicale) that the entries are put
on and fetched from again. The programs are started once in a process and read file after file.
"""

import atexit
import functools
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import icalendar
import pytest
import radicale.app
import radicale.config
from khal.icalendar import split_ics
from khal.khalendar.event import Event as KhalEvent
from werkzeug.test import Client, TestResponse

from core.clock import STOCKHOLM

END = b"END:VCALENDAR\r\n"
PLACE = "/a/prov/"
EVERYTHING = b"""<calendar-query xmlns="urn:ietf:params:xml:ns:caldav" xmlns:D="DAV:">
<D:prop><calendar-data/></D:prop>
<filter><comp-filter name="VCALENDAR"><comp-filter name="VEVENT"/></comp-filter></filter>
</calendar-query>"""
icalendar.use_zoneinfo()  # khal chooses another, which ends in 2037, for everybody
READER = Path(__file__).parent / "events" / "read_ical.mjs"
LOCALE = {"default_timezone": STOCKHOLM, "local_timezone": STOCKHOLM}


class Entry(NamedTuple):
    """What must be read alike: times as seconds, addresses as they stand."""

    uid: str
    starts: float
    ends: float
    summary: str
    sequence: int
    organizer: str
    attendees: tuple[str, ...]


def lines(body: bytes) -> list[str]:
    """The unfolded lines, read by the letter of RFC 5545, 3.1; each must be a property."""
    assert body.endswith(b"\r\n")
    raw = body[:-2].split(b"\r\n")
    assert all(len(line) <= 75 for line in raw)
    assert not any(b"\r" in line or b"\n" in line or b"\0" in line for line in raw)
    assert all(line.decode("utf-8") for line in raw), "cut inside a character"
    unfolded: list[str] = []
    for line in raw:
        if line.startswith(b" "):
            unfolded[-1] += line[1:].decode()
        else:
            unfolded.append(line.decode())
    return unfolded


def components(body: bytes) -> list[tuple[str, list[str]]]:
    """Every component with the names of its own properties, in order; nesting must be right."""
    found: list[tuple[str, list[str]]] = []
    open_: list[int] = []
    for line in lines(body):
        name = line.replace(";", ":", 1).split(":", 1)[0]
        if name == "BEGIN":
            found.append((line.split(":", 1)[1], ["BEGIN"]))
            open_.append(len(found) - 1)
            continue
        found[open_[-1]][1].append(name)
        if name == "END":
            assert found[open_.pop()][0] == line.split(":", 1)[1]
    assert not open_
    return found


def by_icalendar(body: bytes) -> list[Any]:
    """The VEVENTs."""
    return list(icalendar.Calendar.from_ical(body).walk("VEVENT"))


@functools.cache
def _node() -> subprocess.Popen[bytes]:
    """ical.js, which reads a body a line until its input ends with this process."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not found: ical.js has not read the calendar")
    return subprocess.Popen([node, str(READER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def by_ical_js(body: bytes) -> list[dict[str, Any]]:
    """What ical.js reads of the VEVENTs."""
    process = _node()
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps(body.decode()).encode() + b"\n")
    process.stdin.flush()
    read: dict[str, Any] = json.loads(process.stdout.readline())
    assert "error" not in read, read
    assert read["method"] == icalendar.Calendar.from_ical(body).get("METHOD")
    found: list[dict[str, Any]] = read["events"]
    return found


def _entry(read: Any) -> Entry:
    attendees = read.get("ATTENDEE", [])
    return Entry(
        uid=str(read["UID"]),
        starts=read.decoded("DTSTART").timestamp(),
        ends=read.decoded("DTEND").timestamp(),
        summary=str(read["SUMMARY"]),
        sequence=int(read["SEQUENCE"]),
        organizer=str(read.get("ORGANIZER", "")),
        attendees=tuple(map(str, attendees if isinstance(attendees, list) else [attendees])),
    )


def by_khal(body: bytes) -> list[Entry]:
    """What khal would show."""
    found = []
    for one in split_ics(body.decode()):
        event = KhalEvent.fromString(one, locale=LOCALE, calendar="c")
        [kept] = by_icalendar(one.encode())
        found.append(
            _entry(kept)._replace(
                starts=event.start_local.timestamp(),
                ends=event.end_local.timestamp(),
                summary=str(event.summary),
            )
        )
    return found


@functools.cache
def _store() -> Client:
    """A calendar on a CalDAV server that ends with this process."""
    folder = tempfile.mkdtemp(prefix="samling-caldav-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    settings = radicale.config.load()
    settings.update(
        {
            "storage": {"filesystem_folder": folder, "_filesystem_fsync": "False"},
            "auth": {"type": "none"},
            "rights": {"type": "authenticated"},
            "logging": {"level": "error"},
        },
        "tests",
        privileged=True,
    )
    store = Client(radicale.app.Application(settings))
    assert _asked(store, "MKCALENDAR", PLACE).status_code == 201
    return store


def _asked(store: Client, method: str, path: str, body: bytes = b"") -> TestResponse:
    return store.open(
        path, method=method, data=body, auth=("a", "a"), content_type="text/calendar; charset=utf-8"
    )


def by_caldav(body: bytes) -> list[Entry]:
    """Put the entries on the server one by one, ask for all, and take them away.

    Byte for byte as we wrote them, but for METHOD, which no store takes and every client leaves
    out (RFC 4791, 4.1).
    """
    stored = re.sub(rb"(?m)^METHOD:.*\r\n", b"", body)
    head, *entries = re.split(rb"(?m)^(?=BEGIN:VEVENT\r\n)", stored.removesuffix(END))
    put = {f"{PLACE}{n}.ics": head + one + END for n, one in enumerate(entries)}
    # What holds no entry can only be put as a whole calendar.
    for path, one in (put or {PLACE: stored}).items():
        answer = _asked(_store(), "PUT", path, one)
        assert answer.status_code == 201, (answer.text, one)
    told = ElementTree.fromstring(_asked(_store(), "REPORT", PLACE, EVERYTHING).data)
    for path in put:
        _asked(_store(), "DELETE", path)
    return [
        _entry(one)
        for data in told.iter("{urn:ietf:params:xml:ns:caldav}calendar-data")
        for one in by_icalendar((data.text or "").encode())
    ]


def _by_the_letter(body: bytes, method: str) -> None:
    """What the standards ask of every entry (RFC 5545, 3.6.1; 5546, 3.2; 7986, 5.7)."""
    calendar, *inner = components(body)
    assert set(calendar[1]) >= {"PRODID", "VERSION", "CALSCALE", "METHOD"}
    assert ("NAME" in calendar[1]) == ("REFRESH-INTERVAL" in calendar[1])
    for kind, names in inner:
        if kind == "VEVENT":
            assert set(names) >= {"UID", "DTSTAMP", "DTSTART", "SEQUENCE", "ORGANIZER", "SUMMARY"}
            assert len(names) == len(set(names))
            assert ("ATTENDEE" in names) == (method != "PUBLISH")
            assert "VALARM" not in {kind for kind, _names in inner} or method == "PUBLISH"


def agreed(body: bytes) -> list[Any]:
    """The VEVENTs, which all the programs read alike."""
    read = by_icalendar(body)
    _by_the_letter(body, str(icalendar.Calendar.from_ical(body)["METHOD"]))
    entries = sorted(_entry(one) for one in read)
    theirs = [
        Entry(
            **{name: one[name] for name in Entry._fields} | {"attendees": tuple(one["attendees"])}
        )
        for one in by_ical_js(body)
    ]
    assert sorted(theirs) == entries
    assert sorted(by_khal(body)) == entries
    assert sorted(by_caldav(body)) == entries
    return read
