"""Whole registrations a second: form fetched, sent, committed with its mail; then counted.

Plain, and with a seat in two parallel items beside that of the mode: three pools each.
"""

import os
import re
import subprocess
import time
from typing import Any

import sqlalchemy as sa

from bench.pages import CLIENTS, SECONDS, fill, settings
from bench.scenario import EVENT, EVENT_WITH_CHOICES
from bench.servers import ROOT, database, serving
from core.db import db
from core.outbox.models import Outbox
from events.models import Event
from registrations.models import ItemChoice, Registration
from registrations.queries.public import field_of
from wsgi import create_app

PER_SECOND = 200
WARMING = 2  # seconds
FIGURES = re.compile(
    r"COMPLETED (\d+) REFUSED (\d+) SECONDS ([\d.]+) P50MS ([\d.]+) P99MS ([\d.]+)"
)


def measure(kind: str) -> list[dict[str, Any]]:
    """A row for registrations without choices, and one with three pools each."""
    with database(kind) as url:
        fill(url, 10)
        choices = _choices(url)
        with serving("wsgi:create_app", "/healthz", **settings(url)) as ours:
            plain = _measured(url, ours, EVENT, "")
            three = _measured(url, ours, EVENT_WITH_CHOICES, choices)
    for row in (plain, three):
        if row["per_second"] < PER_SECOND:
            row["wrong"].append(f"fewer than {PER_SECOND}/s")
    return [
        {"database": kind, "data": "1×", "what": "whole registration"} | plain,
        {"database": kind, "data": "1×", "what": "with three pools"} | three,
    ]


def show(rows: list[dict[str, Any]]) -> None:
    """Print the rows."""
    for row in rows:
        print(
            f"{row['database']:12}{row['data']:6}{row['what']:22}{row['per_second']:>8}/s  p50 "
            f"{row['p50_ms']} ms, p99 {row['p99_ms']} ms, {row['acknowledged']} answered, "
            f"{row['saved']} saved {'; '.join(row['wrong'])}"
        )


def _measured(url: str, ours: str, slug: str, choices: str) -> dict[str, Any]:
    """A round after a short one, in which the servers read their code and fill their caches."""
    _round("a", WARMING, ours, slug, choices)
    before, _seated, _wrong = _count(url, slug)
    done, refused, seconds, p50, p99 = _round("b", SECONDS * 2, ours, slug, choices)
    saved, seated, wrong = _count(url, slug)
    wrong += ["acknowledged but not saved"] if saved - before < int(done) else []
    wrong += ["not everybody has both items"] if choices and seated != 2 * saved else []
    return {
        "per_second": round(int(done) / float(seconds)), "p50_ms": float(p50),
        "p99_ms": float(p99), "acknowledged": int(done), "saved": saved - before,
        "refused": int(refused), "wrong": wrong,
    }  # fmt: skip


def _round(name: str, seconds: int, ours: str, slug: str, choices: str) -> tuple[str, ...]:
    """What the clients say of so many seconds, as in `FIGURES`."""
    form = {"BENCH_FORM": f"/evenemang/{slug}/anmalan", "BENCH_CHOICES": choices}
    out = subprocess.run(
        ["wrk", "-t1", f"-c{CLIENTS}", f"-d{seconds}s", "-s", "bench/register.lua", ours],
        check=True, capture_output=True, text=True, cwd=ROOT,
        env=os.environ | form | {"BENCH_ROUND": name},
    ).stdout  # fmt: skip
    time.sleep(1)  # what was under way when the clients left is still being finished
    return FIGURES.search(out).groups()  # type: ignore[union-attr]


def _choices(url: str) -> str:
    """Every pair of items, as the form sends it; the clients take one after the other."""
    app = create_app(DATABASE_URL=url, ENV="test")
    with app.app_context():
        event = db.session.scalars(sa.select(Event).filter_by(slug=EVENT_WITH_CHOICES)).one()
        slots: dict[str, list[int]] = {}
        for item in event.items:
            if item.group:
                slots.setdefault(field_of(item.group), []).append(item.id)
        first, second = slots.items()
        pairs = [f"{first[0]}={a}&{second[0]}={b}" for a in first[1] for b in second[1]]
        db.session.remove()
        db.engine.dispose()
    return " ".join(pairs)


def _count(url: str, slug: str) -> tuple[int, int, list[str]]:
    """Registrations by the bench at an event, the items they sit in, and what is wrong."""
    app = create_app(DATABASE_URL=url, ENV="test")
    with app.app_context():
        mine = (Registration.last_name == "Bench", Event.slug == slug)
        people = sa.select(sa.func.count()).select_from(Registration).join(Registration.event)
        saved = db.session.scalar(people.where(*mine)) or 0
        seated = db.session.scalar(people.join(ItemChoice).where(*mine)) or 0
        everybody = sa.select(sa.func.count()).select_from(Registration)
        all_saved = db.session.scalar(everybody.where(Registration.last_name == "Bench")) or 0
        mails = db.session.scalar(sa.select(sa.func.count()).select_from(Outbox)) or 0
        wrong = [line for check in app.extensions["checks"] for line in check(db.session)]
        wrong += ["a registration without its mail"] if mails < all_saved else []
        db.session.remove()
        db.engine.dispose()
    return saved, seated, wrong
