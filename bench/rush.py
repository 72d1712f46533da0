"""Thousands race for too few seats, while limits change and the workers are killed under them.

Everything goes over HTTP to real processes; `bench.ledger` looks at every moment it can, and at
the end whether nothing was lost or given twice.
"""

import asyncio
import random
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from flask_migrate import upgrade

from bench import ledger
from bench.crowd import SLUG, Person, Race, Size, everybody
from bench.meddling import DINNER, SLOT, event_of_rush, killer, organiser, restore, set_limits
from bench.servers import ROOT, database, minding
from core.db import db, write
from core.reference import Sector
from demo.seed import Seeder
from registrations.queries.public import field_of
from wsgi import create_app

CIVIL, OTHERS = Sector.CIVIL_SOCIETY, (Sector.MUNICIPALITY, Sector.REGION)
FULL = Size(
    people=10_000, room=500, session=60, dinner=80, kept=50, most=8, cancels=100, kills=20,
    clients=40, workers=4, seconds=900,
)  # fmt: skip
SMALL = Size(
    people=400, room=30, session=8, dinner=10, kept=5, most=3, cancels=12, kills=3, clients=16,
    workers=3, seconds=180,
)  # fmt: skip


def show(rows: list[dict[str, Any]]) -> None:
    """Print the rows, each with what was wrong."""
    for row in rows:
        print(
            f"{row['database']:12}rush of {row['people']} for {row['seats']}: "
            f"{row['per_second']}/s, p50 {row['p50_ms']} ms, p99 {row['p99_ms']} ms, "
            f"{row['seconds']} s; {row['told']}, {row['counts']}, looked {row['looked']} times"
        )
        for line in row["wrong"]:
            print(f"    {line}")


def measure(kind: str, size: Size = FULL) -> list[dict[str, Any]]:
    """A row: the race on an empty database of `kind`."""
    with database(kind) as url:
        app = create_app(DATABASE_URL=url, ENV="test")
        with app.app_context():
            upgrade(directory=str(ROOT / "migrations"))
            db.session.remove()
            db.engine.dispose()
        return [{"database": kind, "what": "rush"} | run(url, size)]


def run(url: str, size: Size, **settings: str) -> dict[str, Any]:
    """The race on the migrated database at `url`: its figures, and what was `wrong`.

    `settings` are for the servers that are raced to.
    """
    app = create_app(DATABASE_URL=url, ENV="test")
    with app.app_context():
        write(lambda: _prepare(size))
        people = _crowd(size, _items())
        db.session.remove()
    given = {
        "SAMLING_DATABASE_URL": url, "SAMLING_GUARDS": "off", "SAMLING_WORKER": "none",
        "SAMLING_ENV": "development",
    }  # fmt: skip
    with minding(
        "wsgi:create_app", "/healthz", workers=size.workers, **(given | settings)
    ) as server:
        race = Race(size, app, server, people, give_up=time.monotonic() + size.seconds)
        begun = time.monotonic()
        looked = _run(race)
        seconds = time.monotonic() - begun
    with app.app_context():
        race.wrong += ledger.settle(app, race.people)
        db.session.remove()
        db.engine.dispose()
    told = Counter(person.told for person in people)
    return {
        "people": size.people, "seats": size.room, "seconds": round(seconds, 1),
        "per_second": round(told["acknowledged"] / seconds), "looked": looked,
        "p50_ms": round(statistics.median(race.took or [0]) * 1000),
        "p99_ms": round(statistics.quantiles(race.took or [0, 0], n=100)[98] * 1000),
        "told": dict(told), "counts": dict(race.counts), "wrong": race.wrong,
    }  # fmt: skip


def _prepare(size: Size) -> None:
    session, now = db.session, datetime.now(UTC)
    programme = [
        {"starts": "11:00", "ends": "12:00", "kind": "seminar", "title": "Bostäder på kort tid",
         "group": SLOT, "capacity": size.session},
        {"starts": "11:00", "ends": "12:00", "kind": "seminar", "title": "Skolans första dag",
         "group": SLOT, "capacity": size.session},
        {"starts": "18:00", "ends": "20:00", "kind": "closing", "title": "Middag",
         "group": DINNER, "capacity": size.dinner},
    ]  # fmt: skip
    conference = {
        "slug": SLUG, "title": "Den stora rusningen", "state": "published",
        "programme": programme, "starts": "D+60 09:00", "ends": "D+60 20:00",
        "capacity": {"room": size.room},
    }  # fmt: skip
    Seeder(session, now=now).apply({"events": [conference]})
    set_limits(size.kept, size.most)


def _items() -> dict[str, list[int]]:
    """The ids of what can be chosen, by its field in the form."""
    found: dict[str, list[int]] = {}
    for item in sorted(event_of_rush().items, key=lambda item: item.id):
        found.setdefault(field_of(item.group), []).append(item.id)
    return found


def _crowd(size: Size, items: Mapping[str, list[int]]) -> list[Person]:
    """Everybody, in the order they come: a third from civil society, some from a large body."""
    dice = random.Random(size.people)
    people = []
    for number in range(size.people):
        civil = number % 3 == 0
        organisation = "Stora kansliet" if number % 40 == 7 else f"Förening {number % 997}"
        fields = {
            "first_name": "Ada", "last_name": f"Berg{number}", "email": f"p{number}@example.se",
            "organisation": organisation, "municipality": "0680", "role_kind": "official",
            "sector": (CIVIL if civil else dice.choice(OTHERS)).value, "mode": "room",
        }  # fmt: skip
        people.append(Person(number, fields, _plans(dice, items)))
    dice.shuffle(people)
    return people


def _plans(dice: random.Random, items: Mapping[str, list[int]]) -> list[dict[str, str]]:
    """What somebody asks for, and what next where that is full; at last the seat alone."""
    slot, dinner = items[field_of(SLOT)], items[field_of(DINNER)]
    first = dice.sample(slot, len(slot))
    plans = [{field_of(SLOT): str(id_)} for id_ in first]
    if dice.random() < 0.5:
        plans = [{**plans[0], field_of(DINNER): str(dinner[0])}, *plans]
    return [*plans, {}]


def _run(race: Race) -> int:
    """Let them race; how often the limits were looked at meanwhile."""
    watcher = ledger.Watcher(race.app, race.over)
    helpers = [watcher.thread, _thread(race, organiser), _thread(race, killer)]
    for helper in helpers:
        helper.start()
    try:
        asyncio.run(everybody(race))
    finally:
        race.over.set()
        for helper in helpers:
            helper.join(60)
    with race.app.app_context():
        race.wrong += restore(race.size)
        db.session.remove()
    race.wrong += watcher.wrong
    return watcher.looked


def _thread(race: Race, what: Callable[[Race], None]) -> threading.Thread:
    def work() -> None:
        with race.app.app_context():
            what(race)
            db.session.remove()

    return threading.Thread(target=work, daemon=True)
