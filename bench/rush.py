"""Thousands race for too few seats, while limits change and the workers are killed under them.

By itself: `./run bench rush [sqlite] [postgresql]`. Everything goes over HTTP to real processes;
`bench.ledger` looks at every moment it can, and at the end whether nothing was lost or given twice.
"""

import asyncio
import os
import random
import signal
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from bench import ledger
from bench.browser import Answer, Broken, Browser, hidden
from bench.servers import ROOT, Server, database, minding
from core import crypto
from core.db import Busy, Stale, db, write
from core.errors import Refusal
from core.reference import Sector
from demo.seed import Seeder
from events import services as events
from events.models import Event, ProgrammeItem
from events.rules import Mode
from registrations.models import Registration
from registrations.places import services as places
from registrations.places.rules import Kept
from registrations.queries.public import field_of
from wsgi import create_app

SLUG = "den-stora-rusningen"
FORM = f"/evenemang/{SLUG}/anmalan"
SLOT, DINNER = "11.00", "Middag"
CIVIL, OTHERS = Sector.CIVIL_SOCIETY, (Sector.MUNICIPALITY, Sector.REGION)
LOST = "Rusningen höll inte: se raderna ovan."
RULES = {"approval": False}


@dataclass(frozen=True)
class Size:
    """How many of everything, and after how many seconds it is called off."""

    people: int
    room: int
    session: int
    dinner: int
    kept: int
    most: int
    cancels: int
    kills: int
    clients: int
    workers: int
    seconds: float


FULL = Size(
    people=10_000, room=500, session=60, dinner=80, kept=50, most=8, cancels=100, kills=20,
    clients=40, workers=4, seconds=900,
)  # fmt: skip
SMALL = Size(
    people=400, room=30, session=8, dinner=10, kept=5, most=3, cancels=12, kills=3, clients=16,
    workers=3, seconds=180,
)  # fmt: skip


@dataclass
class Person:
    """Somebody who wants a seat, and what they were told: acknowledged, refused, cut, late."""

    number: int
    fields: dict[str, str]
    plans: list[dict[str, str]]
    told: str = ""
    cancelled: bool = False

    @property
    def email(self) -> str:
        """By which they are found again."""
        return self.fields["email"]


@dataclass
class Race:
    """One race: what it is about, who runs in it, and what has happened so far."""

    size: Size
    app: Flask
    server: Server
    people: list[Person]
    give_up: float
    over: threading.Event = field(default_factory=threading.Event)
    took: list[float] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    next: int = 0
    settled: int = 0

    @property
    def late(self) -> bool:
        """Whether it is called off."""
        return time.monotonic() > self.give_up

    def part(self) -> float:
        """How much of the crowd has its answer, 0 to 1."""
        return self.settled / len(self.people)


def main(kinds: list[str] | None = None) -> list[dict[str, Any]]:
    """The race at full size on the databases that are named, or on both; exit 1 if it is lost."""
    kinds = kinds or sys.argv[1:] or ["sqlite", "postgresql"]
    rows = [measure(kind) for kind in kinds]
    show(rows)
    if any(row["wrong"] for row in rows):
        raise SystemExit(LOST)
    return rows


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


def measure(kind: str, size: Size = FULL) -> dict[str, Any]:
    """The race on an empty database of `kind`."""
    with database(kind) as url:
        app = create_app(DATABASE_URL=url, ENV="test")
        with app.app_context():
            upgrade(directory=str(ROOT / "migrations"))
            db.session.remove()
            db.engine.dispose()
        return {"database": kind} | run(url, size)


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
    _set_limits(size.kept, size.most)


def _event() -> Event:
    return db.session.scalars(sa.select(Event).filter_by(slug=SLUG)).one()


def _items() -> dict[str, list[int]]:
    """The ids of what can be chosen, by its field in the form."""
    found: dict[str, list[int]] = {}
    for item in sorted(_event().items, key=lambda item: item.id):
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
    helpers = [watcher.thread, _thread(race, _organiser), _thread(race, _killer)]
    for helper in helpers:
        helper.start()
    try:
        asyncio.run(_everybody(race))
    finally:
        race.over.set()
        for helper in helpers:
            helper.join(60)
    with race.app.app_context():
        race.wrong += _restore(race.size)
        db.session.remove()
    race.wrong += watcher.wrong
    return watcher.looked


def _thread(race: Race, what: Callable[[Race], None]) -> threading.Thread:
    def work() -> None:
        with race.app.app_context():
            what(race)
            db.session.remove()

    return threading.Thread(target=work, daemon=True)


async def _everybody(race: Race) -> None:
    await asyncio.gather(*(_client(race) for _ in range(race.size.clients)), _regrets(race))


async def _client(race: Race) -> None:
    """One after the other of the crowd."""
    browser = Browser(race.server.port)
    while race.next < len(race.people) and not race.late:
        person = race.people[race.next]
        race.next += 1
        browser.forget()
        await _register(race, browser, person)
        race.settled += 1
    browser.close()


async def _register(race: Race, browser: Browser, person: Person) -> None:
    """Open the form and send it until there is an answer; choose anew where something is full."""
    plans = iter(person.plans)
    plan = next(plans)
    form: dict[str, str] = {}
    person.told = "late"
    while not race.late:
        if not form:
            page = await _insist(race, browser, FORM)
            form = hidden(page.text) if page else {}
            if not form:
                await asyncio.sleep(0.1)  # closed for a moment
                continue
        sent = person.fields | form | plan
        if person.number % 100 == 3:
            await browser.ask_and_leave(FORM, sent)
            person.told = "cut"
            return
        begun = time.monotonic()
        answer = await _insist(race, browser, FORM, sent)
        if answer is None:
            return
        race.took.append(time.monotonic() - begun)
        if answer.status == 303:
            person.told = "acknowledged"
            return
        if answer.status != 422:
            race.counts[f"answered {answer.status}"] += 1
            form = {}
        elif "som varje organisation får" in answer.text:
            person.told = "refused"
            return
        elif "har blivit fullt" in answer.text:
            race.counts["another choice"] += 1
            plan = next(plans)
        else:
            race.counts["closed"] += 1
            form = {}
            await asyncio.sleep(0.1)


async def _insist(
    race: Race, browser: Browser, path: str, fields: Mapping[str, str] | None = None
) -> Answer | None:
    """Ask until something answers, with the same form and key each time; None when it is late."""
    while not race.late:
        try:
            answer = await browser.ask(path, fields)
        except Broken:
            race.counts["broken"] += 1
            await asyncio.sleep(0.05)
            continue
        if answer.status != 503:
            return answer
        race.counts["busy"] += 1
        await asyncio.sleep(0.2)
    return None


async def _regrets(race: Race) -> None:
    """So many cancel by their links, most of them from among the first, who have seats."""
    dice, browser = random.Random(5), Browser(race.server.port)
    done = 0
    while done < race.size.cancels and not race.late:
        early = race.size.room * 0.9
        if race.settled < early + (len(race.people) - early) * done / race.size.cancels:
            await asyncio.sleep(0.02)
            continue
        first = race.people[: race.settled if done % 4 == 3 else race.size.room]
        known = [one for one in first if one.told == "acknowledged" and not one.cancelled]
        if known:
            browser.forget()
            await _cancel(race, browser, dice.choice(known))
        done += 1
    browser.close()


async def _cancel(race: Race, browser: Browser, person: Person) -> None:
    link = await asyncio.to_thread(_link, race.app, person.email)
    while not race.late:
        await _insist(race, browser, link)
        page = await _insist(race, browser, "/min-anmalan/avanmal")
        form = hidden(page.text) if page else {}
        answer = await _insist(race, browser, "/min-anmalan/avanmal", form) if form else None
        if answer and answer.status == 303:
            person.cancelled = True
            race.counts["cancelled"] += 1
            return
        race.counts[f"cancel answered {answer.status if answer else 'nothing'}"] += 1
        await asyncio.sleep(0.05)


def _link(app: Flask, email: str) -> str:
    """The address in the person's letter."""
    with app.app_context():
        found = sa.select(Registration.link_key, Registration.token_version)
        row = db.session.execute(found.where(Registration.email_key == email)).one()
        db.session.remove()
        token = crypto.derived_token("registration", row.link_key, row.token_version)
        return f"/min-anmalan/{token}"


def _organiser(race: Race) -> None:
    """Change the limits until it is over: up, down, below what is taken, closed and open."""
    dice, size = random.Random(7), race.size
    some = max(1, size.room // 25)
    edits: list[Callable[[], None]] = [
        lambda: _set_room(size.room - dice.randint(0, some)),
        lambda: _set_room(dice.choice((size.room, size.room // 2))),
        lambda: _set_limits(size.kept - dice.randint(0, min(some, size.kept - 1)), size.most),
        lambda: _set_limits(size.kept, size.most + dice.randint(0, 1)),
        lambda: _set_limits(dice.choice((0, size.kept)), dice.choice((None, size.most + 1))),
        lambda: _set_item(dice.choice((SLOT, DINNER)), size, less=dice.randint(0, 2)),
        lambda: _pause(stop=dice.random() < 0.3),
    ]
    while not race.over.wait(dice.uniform(0.02, 0.3)):
        race.counts[_try(dice.choice(edits))] += 1
        race.counts[_try(lambda: _pause(stop=False))] += 0


def _try(edit: Callable[[], None]) -> str:
    try:
        write(edit)
    except Refusal:
        return "edits refused"
    except (Stale, Busy):
        return "edits stale"
    return "edits"


def _restore(size: Size) -> list[str]:
    """The limits as they were announced. What stands in the way of it."""
    edits = (
        lambda: _pause(stop=False), lambda: _set_room(size.room),
        lambda: _set_limits(size.kept, size.most + 1),
        lambda: _set_item(SLOT, size), lambda: _set_item(DINNER, size),
    )  # fmt: skip
    return [
        f"the limits cannot be restored: {said}" for said in map(_try, edits) if said != "edits"
    ]


def _set_room(seats: int) -> None:
    events.change_event(
        db.session, _event(), facts={}, capacity={Mode.ROOM: seats}, by=None, now=datetime.now(UTC)
    )


def _set_limits(kept: int, most: int | None) -> None:
    places.set_limits(
        db.session, _event(), kept=[Kept(Mode.ROOM, CIVIL, kept)] if kept else [], most=most,
        rules=RULES, version=None, by=None, now=datetime.now(UTC),
    )  # fmt: skip


def _set_item(group: str, size: Size, less: int = 0) -> None:
    """The first item of a group, with so many seats less than announced."""
    item = db.session.scalars(
        sa.select(ProgrammeItem).filter_by(group=group).order_by(ProgrammeItem.id)
    ).first()
    assert item is not None
    seats = (size.dinner if group == DINNER else size.session) - less
    events.change_item(db.session, item, facts={"capacity": seats}, by=None, now=datetime.now(UTC))


def _pause(*, stop: bool) -> None:
    events.change_event(
        db.session, _event(), facts={"registration_paused": stop}, by=None, now=datetime.now(UTC)
    )


def _killer(race: Race) -> None:
    """Kill the oldest worker again and again, at even steps of the race."""
    for turn in range(race.size.kills):
        while race.part() < (turn + 1) / (race.size.kills + 1):
            if race.over.wait(0.02):
                return
        workers = race.server.workers()
        while len(workers) < 2 and not race.over.wait(0.05):
            workers = race.server.workers()
        if race.over.is_set():
            return
        os.kill(workers[0], signal.SIGKILL)
        race.counts["killed"] += 1


if __name__ == "__main__":
    main()
