"""What four programs that people use read in a calendar file: they must agree on every entry.

icalendar, ical.js (Thunderbird), khal, and a CalDAV server (radicale) that the entries are put
on and fetched from again.
"""

import json
import shutil
import subprocess
import threading
import wsgiref.simple_server
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import caldav
import icalendar
import pytest
import radicale.app
import radicale.config
from khal.icalendar import split_ics
from khal.khalendar.event import Event as KhalEvent

from core.clock import STOCKHOLM

icalendar.use_zoneinfo()  # khal chooses another, which ends in 2037, for everybody
NODE = shutil.which("node")
READER = Path(__file__).parent / "events" / "read_ical.mjs"
LOCALE = {"default_timezone": STOCKHOLM, "local_timezone": STOCKHOLM}


def by_icalendar(body: bytes) -> list[Any]:
    """The VEVENTs."""
    return list(icalendar.Calendar.from_ical(body).walk("VEVENT"))


def by_ical_js(body: bytes) -> list[dict[str, Any]]:
    """What ical.js reads."""
    if NODE is None:
        pytest.skip("node is not found: ical.js has not read the calendar")
    done = subprocess.run(
        [NODE, str(READER)], input=body, capture_output=True, check=True, timeout=60
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


Entry = tuple[str, float, float, str]


def _entry(read: Any) -> Entry:
    times = (read.decoded("DTSTART").timestamp(), read.decoded("DTEND").timestamp())
    return str(read["UID"]), *times, str(read["SUMMARY"])


def by_khal(body: bytes) -> list[Entry]:
    """What khal would show."""
    found = []
    for one in split_ics(body.decode()):
        event = KhalEvent.fromString(one, locale=LOCALE, calendar="c")
        times = (event.start_local.timestamp(), event.end_local.timestamp())
        found.append((str(event.uid), *times, str(event.summary)))
    return found


@contextmanager
def caldav_server(folder: Path) -> Iterator[caldav.Calendar]:
    """A CalDAV server with one calendar, as long as it is used."""
    settings = radicale.config.load()
    settings.update(
        {
            "storage": {"filesystem_folder": str(folder), "_filesystem_fsync": "False"},
            "auth": {"type": "none"},
            "rights": {"type": "authenticated"},
            "logging": {"level": "error"},
        },
        "tests",
        privileged=True,
    )
    server = wsgiref.simple_server.make_server(
        "127.0.0.1", 0, radicale.app.Application(settings), handler_class=_Quiet
    )
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
    try:
        client = caldav.DAVClient(
            f"http://127.0.0.1:{server.server_port}/", username="a", password="a"
        )
        yield client.principal().make_calendar(name="prov")
    finally:
        server.shutdown()
        server.server_close()


class _Quiet(wsgiref.simple_server.WSGIRequestHandler):
    def log_message(self, *_details: Any) -> None:
        """Nothing."""


def by_caldav(calendar: caldav.Calendar, body: bytes) -> list[Entry]:
    """Put the entries on the server one by one, fetch them again, and take them away."""
    put = [calendar.save_event(one) for one in split_ics(body.decode())]
    found = [_entry(one) for made in calendar.events() for one in by_icalendar(made.data.encode())]
    for one in put:
        one.delete()
    return found


def agreed(body: bytes, calendar: caldav.Calendar | None = None) -> list[Any]:
    """The VEVENTs, which all the programs read alike."""
    read = by_icalendar(body)
    entries = sorted(_entry(one) for one in read)
    theirs = [(one["uid"], one["starts"], one["ends"], one["summary"]) for one in by_ical_js(body)]
    assert sorted(theirs) == entries
    assert sorted(by_khal(body)) == entries
    if calendar is not None:
        assert sorted(by_caldav(calendar, body)) == entries
    return read
