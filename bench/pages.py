"""The public pages and feeds, each beside the same bytes from a bare Flask view."""

import os
import re
import subprocess
import tempfile
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask_migrate import upgrade

from bench.scenario import BROAD, EVENT, scenario
from bench.servers import ROOT, database, serving
from core.db import db, write
from demo.seed import Seeder
from wsgi import create_app

SECONDS = int(os.environ.get("BENCH_SECONDS", "5"))
CLIENTS = 16
ROUNDS = 3
PAGES = {
    "event page": f"/evenemang/{EVENT}",
    "event .ics": f"/evenemang/{EVENT}.ics",
    "page of 60 items": f"/evenemang/{BROAD}",
    ".ics of 60 items": f"/evenemang/{BROAD}/program.ics",
    "event in the API": f"/api/v1/events/{EVENT}",
    "registration form": f"/evenemang/{EVENT}/anmalan",
    "start page": "/",
    "calendar feed": "/kalender.ics",
    "sakråd register": "/sakrad",
}
SIZES = {"1×": 10, "100×": 1000}  # events


def measure(kind: str) -> list[dict[str, Any]]:
    """All rows for one kind of database, with few events in it and with many."""
    rows = []
    for size, events in SIZES.items():
        with database(kind) as url:
            fill(url, events)
            with serving("wsgi:create_app", "/healthz", **settings(url)) as ours:
                rows += [*_pages(kind, size, ours), _pdf(kind, size, ours)]
    return rows


def show(rows: list[dict[str, Any]]) -> None:
    """Print the rows."""
    for row in rows:
        if "seconds" in row:
            print(f"{row['database']:12}{row['data']:6}{row['what']:22}{row['seconds']:>8} s")
            continue
        print(
            f"{row['database']:12}{row['data']:6}{row['what']:22}{row['per_second']:>8}/s"
            f"{row['bare_per_second']:>9}/s bare, share {row['of_bare']}"
        )


def settings(url: str) -> dict[str, str]:
    """How the servers are set that are measured."""
    return {
        "SAMLING_DATABASE_URL": url, "SAMLING_GUARDS": "off", "SAMLING_WORKER": "none",
        "SAMLING_ENV": "development",
    }  # fmt: skip


def fill(url: str, events: int) -> None:
    """Migrate and seed."""
    app = create_app(DATABASE_URL=url, ENV="test")
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        now = datetime.now(UTC)
        write(lambda: Seeder(db.session, now=now).apply(scenario(events)))
        db.session.remove()
        db.engine.dispose()


def _pages(kind: str, size: str, ours: str) -> list[dict[str, Any]]:
    """Each page beside the same bytes from the bare view; medians of alternating rounds."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for number, path in enumerate(PAGES.values()):
            body = urllib.request.urlopen(ours + path).read()
            (Path(folder) / f"{number}{'.ics' if '.ics' in path else '.html'}").write_bytes(body)
        with serving("bench.bare:create_app", "/0", BENCH_BYTES=folder) as bare:
            for number, (name, path) in enumerate(PAGES.items()):
                mine, theirs = [], []
                for _round in range(ROUNDS):
                    mine.append(_wrk(ours + path))
                    theirs.append(_wrk(f"{bare}/{number}"))
                rate, base = sorted(mine)[ROUNDS // 2], sorted(theirs)[ROUNDS // 2]
                rows.append({
                    "database": kind, "data": size, "what": name, "per_second": round(rate),
                    "bare_per_second": round(base), "of_bare": round(rate / base, 2),
                })  # fmt: skip
    return rows


def _pdf(kind: str, size: str, ours: str) -> dict[str, Any]:
    """How long the first to ask waits for the programme of 60 items, in the slower language."""
    waits = []
    for prefix in ("", "/en"):
        begun = time.perf_counter()
        urllib.request.urlopen(f"{ours}{prefix}/evenemang/{BROAD}/program.pdf").read()
        waits.append(time.perf_counter() - begun)
    what = "programme PDF, 60 items"
    return {"database": kind, "data": size, "what": what, "seconds": round(max(waits), 2)}


def _wrk(address: str) -> float:
    """Requests per second with 16 connections."""
    seconds = max(1, SECONDS // ROUNDS)
    out = subprocess.run(
        ["wrk", "-t1", f"-c{CLIENTS}", f"-d{seconds}s", address],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    if "Non-2xx" in out:
        raise SystemExit(f"{address}: {out}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1])  # type: ignore[index]
