"""Measures the pages, the feeds and a whole registration; prints a table, writes latest.json.

Each public answer stands beside the same bytes from a bare Flask view on the same kind of server.
"""

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask_migrate import upgrade

from bench import importing, lists, papers, placement
from bench.scenario import EVENT, scenario
from bench.servers import ROOT, database, serving
from core.db import db, write
from core.outbox.models import Outbox
from demo.seed import Seeder
from registrations.models import Registration
from wsgi import create_app

SECONDS = int(os.environ.get("BENCH_SECONDS", "5"))
CLIENTS = 16
ROUNDS = 3
PAGES = {
    "event page": f"/evenemang/{EVENT}",
    "event .ics": f"/evenemang/{EVENT}.ics",
    "registration form": f"/evenemang/{EVENT}/anmalan",
    "start page": "/",
    "calendar feed": "/kalender.ics",
    "sakråd register": "/sakrad",
}
SIZES = {"1×": 10, "100×": 1000}  # events


def main() -> None:
    """Measure everything; exit 1 where a registration was lost or given above capacity."""
    if not shutil.which("wrk"):
        raise SystemExit("Installera wrk först (Debian: apt-get install wrk).")
    kinds = [kind for kind in ("sqlite", "postgresql") if kind in sys.argv[1:] or not sys.argv[1:]]
    rows: list[dict[str, Any]] = []
    for kind in kinds:
        for size, events in SIZES.items():
            rows += measure(kind, size, events)
        rows += placement.measure(kind)
    show(rows)
    made = [row for kind in kinds for row in papers.measure(kind)]
    papers.show(made)
    imports = [row for kind in kinds for row in importing.measure(kind)]
    importing.show(imports)
    listed = [row for kind in kinds for row in lists.measure(kind)]
    lists.show(listed)
    report = {
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "seconds_per_figure": SECONDS,
        "rows": rows,
        "papers": made,
        "imports": imports,
        "lists": listed,
    }
    (ROOT / "bench" / "latest.json").write_text(
        json.dumps(report, indent=1, ensure_ascii=False) + "\n"
    )
    if any(row.get("wrong") for row in rows):
        raise SystemExit("Anmälningar förlorades eller gavs över gränsen.")
    if any(row["wrong"] for row in made):
        raise SystemExit(papers.TOO_SLOW)
    if any(row["wrong"] for row in imports):
        raise SystemExit(importing.TOO_SLOW)
    if any(row["wrong"] for row in listed):
        raise SystemExit(lists.TOO_SLOW)


def measure(kind: str, size: str, events: int) -> list[dict[str, Any]]:
    """All rows for one kind of database with `events` events in it."""
    with database(kind) as url:
        fill(url, events)
        settings = {
            "SAMLING_DATABASE_URL": url, "SAMLING_GUARDS": "off", "SAMLING_WORKER": "none",
            "SAMLING_ENV": "development",
        }  # fmt: skip
        with serving("wsgi:create_app", "/healthz", **settings) as ours:
            rows = pages(kind, size, ours)
            if size == "1×":
                rows.append(registrations(kind, size, url, ours))
    return rows


def fill(url: str, events: int) -> None:
    """Migrate and seed."""
    app = create_app(DATABASE_URL=url, ENV="test")
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        now = datetime.now(UTC)
        write(lambda: Seeder(db.session, now=now).apply(scenario(events)))
        db.session.remove()
        db.engine.dispose()


def pages(kind: str, size: str, ours: str) -> list[dict[str, Any]]:
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
                    mine.append(wrk(ours + path))
                    theirs.append(wrk(f"{bare}/{number}"))
                rate, base = sorted(mine)[ROUNDS // 2], sorted(theirs)[ROUNDS // 2]
                rows.append({
                    "database": kind, "data": size, "what": name, "per_second": round(rate),
                    "bare_per_second": round(base), "of_bare": round(rate / base, 2),
                })  # fmt: skip
    return rows


def wrk(address: str) -> float:
    """Requests per second with 16 connections."""
    seconds = max(1, SECONDS // ROUNDS)
    out = subprocess.run(
        ["wrk", "-t1", f"-c{CLIENTS}", f"-d{seconds}s", address],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    if "Non-2xx" in out:
        raise SystemExit(f"{address}: {out}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1])  # type: ignore[index]


def registrations(kind: str, size: str, url: str, ours: str) -> dict[str, Any]:
    """Whole registrations a second: form fetched, sent, committed with its mail; then counted."""
    out = subprocess.run(
        ["wrk", "-t1", f"-c{CLIENTS}", f"-d{SECONDS * 2}s", "-s", "bench/register.lua", ours],
        check=True, capture_output=True, text=True, cwd=ROOT,
        env=os.environ | {"BENCH_FORM": f"/evenemang/{EVENT}/anmalan"},
    ).stdout  # fmt: skip
    done, refused, seconds, p99 = re.search(  # type: ignore[union-attr]
        r"COMPLETED (\d+) REFUSED (\d+) SECONDS ([\d.]+) P99MS ([\d.]+)", out
    ).groups()
    time.sleep(1)  # what was under way when the clients left is still being finished
    saved, mails, breaches = count(url)
    wrong = breaches + (["acknowledged but not saved"] if saved < int(done) else [])
    wrong += ["a registration without its mail"] if mails < saved else []
    return {
        "database": kind, "data": size, "what": "whole registration",
        "per_second": round(int(done) / float(seconds)), "p99_ms": float(p99),
        "acknowledged": int(done), "saved": saved, "refused": int(refused), "wrong": wrong,
    }  # fmt: skip


def count(url: str) -> tuple[int, int, list[str]]:
    """Registrations by the bench, receipts in the outbox, and breaches of the invariants."""
    app = create_app(DATABASE_URL=url, ENV="test")
    with app.app_context():
        people = sa.select(sa.func.count()).select_from(Registration)
        saved = db.session.scalar(people.where(Registration.last_name == "Bench")) or 0
        mails = db.session.scalar(sa.select(sa.func.count()).select_from(Outbox)) or 0
        breaches = [line for check in app.extensions["checks"] for line in check(db.session)]
        db.session.remove()
        db.engine.dispose()
    return saved, mails, breaches


def show(rows: list[dict[str, Any]]) -> None:
    """Print the table."""
    print(f"{'database':12}{'data':6}{'what':22}{'per second':>11}{'bare':>9}{'share':>7}")
    for row in rows:
        if "seconds" in row:
            print(f"{row['database']:12}{row['data']:6}{row['what']:26}{row['seconds']:>7} s")
            continue
        line = f"{row['database']:12}{row['data']:6}{row['what']:22}{row['per_second']:>11}"
        if "saved" in row:
            line += (
                f"  p99 {row['p99_ms']} ms, {row['acknowledged']} answered, {row['saved']} saved"
            )
        else:
            line += f"{row['bare_per_second']:>9}{row['of_bare']:>7}"
        print(line)


if __name__ == "__main__":
    main()
