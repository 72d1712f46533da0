"""How long lists and badges take, and how much memory, each in a process of its own."""

import dataclasses
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask_migrate import upgrade

from bench import lists as crowd
from bench.servers import ROOT, database
from core.db import db, write
from core.i18n import speaking
from events.models import Event
from registrations import spreadsheets
from registrations.papers import badges, lists, queries
from registrations.papers.rules import Format, Level, Part, Wanted, WantedList, Who
from wsgi import create_app

BADGES = 500
ALL_PARTS = frozenset({Part.ORGANISATION, Part.MUNICIPALITY, Part.CHOICES, Part.CODE})
POISON = ("a\x0bb", "\ud800x", "=1+1", "å" * 40_000)
# Seconds and megabytes above what the process held before.
GOALS = {
    "XLSX of 10,000": (2.0, 60),
    "CSV of 10,000": (2.0, 60),
    "XLSX of 20,000 × 60, poisoned": (60.0, 200),
    f"badges, {BADGES}": (3.0, 200),
}


def measure(kind: str) -> list[dict[str, Any]]:
    """A row for each thing that is made."""
    with database(kind) as url:
        app = create_app(DATABASE_URL=url, ENV="test")
        with app.app_context():
            upgrade(directory=str(ROOT / "migrations"))
            event_id, _item_id, _token = write(crowd.fill)
            db.session.remove()
            db.engine.dispose()
        return [
            {"database": kind, "data": "10 000", "what": what} | _apart(what, url, event_id)
            for what in GOALS
        ]


def show(rows: list[dict[str, Any]]) -> None:
    """Print the table."""
    for row in rows:
        print(
            f"{row['database']:12}{row['what']:32}{row['seconds']:7.2f} s"
            f" ({row['processor_seconds']:.2f} of processor)"
            f"{row['extra_mb']:7.0f} MB{row['bytes'] / 1e6:8.2f} MB file"
        )


def _apart(what: str, url: str, event_id: int) -> dict[str, Any]:
    out = subprocess.run(
        [sys.executable, "-m", "bench.papers", what, url, str(event_id)],
        check=True, capture_output=True, text=True, cwd=ROOT,
    ).stdout  # fmt: skip
    row: dict[str, Any] = json.loads(out.splitlines()[-1])
    seconds, megabytes = GOALS[what]
    wrong = [f"more than {seconds} s"] if row["seconds"] > seconds else []
    wrong += [f"more than {megabytes} MB"] if row["extra_mb"] > megabytes else []
    return row | {"wrong": wrong}


def _one(what: str, url: str, event_id: str) -> dict[str, Any]:
    """Make it once, in this process."""
    app = create_app(DATABASE_URL=url, ENV="test")
    with app.app_context():
        event = db.session.get_one(Event, int(event_id))
        make = _makers(event)[what]
        before = _peak()
        begun, worked = time.perf_counter(), time.process_time()
        body = make()
        return {
            "seconds": round(time.perf_counter() - begun, 2),
            "processor_seconds": round(time.process_time() - worked, 2),
            "extra_mb": round(_peak() - before, 1),
            "bytes": len(body),
        }


def _makers(event: Event) -> dict[str, Callable[[], bytes | str]]:
    def everybody(kind: Format) -> bytes | str:
        wanted = WantedList(Level.INTERNAL, kind, everyone=True)
        return lists.participants(db.session, event, wanted).body

    def some_badges() -> bytes | str:
        wanted = Wanted(who=Who.SOME, parts=ALL_PARTS)
        found = queries.to_badge(db.session, event.id, wanted, BADGES)
        wanted = dataclasses.replace(wanted, ids=tuple(row.id for row in found))
        return badges.file(db.session, event, wanted).body

    def poisoned() -> bytes:
        with speaking("sv"):
            rows = ([POISON[(row + column) % 4][: 40_000 if row == 7 else 40]
                     for column in range(60)] for row in range(20_000))  # fmt: skip
            return spreadsheets.to_xlsx("Gift", [f"Kolumn {n}" for n in range(60)], rows)

    makers = (lambda: everybody(Format.XLSX), lambda: everybody(Format.CSV), poisoned, some_badges)
    return dict(zip(GOALS, makers, strict=True))


def _peak() -> float:
    """The most memory that this process has held, in MB (getrusage counts the parent's too)."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


if __name__ == "__main__":  # the process of its own
    print(json.dumps(_one(*sys.argv[1:])))
