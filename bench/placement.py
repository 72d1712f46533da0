"""How long it takes to place 2,000 people in 4 slots of 6 seminars: work out, show, carry out."""

import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_migrate import upgrade

from bench.servers import ROOT, database
from core.db import db, write
from core.jobs import worker
from core.jobs.models import Job
from core.reference import Sector
from core.text import name_key, swedish_order
from demo.seed import Seeder
from events.models import Event, Pool
from events.rules import Mode
from registrations.models import ItemChoice, Registration
from registrations.placement import services
from registrations.placement.models import Wish
from registrations.placement.preview import preview
from registrations.placement.queries import situation
from registrations.placement.rules import How, plan
from registrations.placement.services.placing import KIND
from registrations.rules import RoleKind, Source, Status
from wsgi import create_app

PEOPLE, SLOTS, SEMINARS, SEATS = 2000, 4, 6, 360
POPULAR = (9, 6, 4, 3, 2, 1)
GOALS = {"placement worked out": 3.0, "step of placement, median": 0.2}  # seconds
EVENT = "plats-for-tvatusen"


def show(rows: list[dict[str, Any]]) -> None:
    """Print the rows."""
    for row in rows:
        print(f"{row['database']:12}{row['what']:28}{row['seconds']:7.3f} s  {row['wrong'] or ''}")


def measure(kind: str) -> list[dict[str, Any]]:
    """A row for each part: the seconds it took, and what was wrong."""
    with database(kind) as url:
        app = create_app(DATABASE_URL=url, ENV="test")
        with app.app_context():
            upgrade(directory=str(ROOT / "migrations"))
            event_id = write(_fill)
            took = _place(app, event_id)
            wrong = [line for check in app.extensions["checks"] for line in check(db.session)]
            seated = sa.select(sa.func.count()).select_from(ItemChoice)
            if db.session.scalar(seated) != PEOPLE * SLOTS:
                wrong.append("not everybody has a seat in each slot")
            db.session.remove()
            db.engine.dispose()
    return [
        {
            "database": kind, "data": "2 000", "what": what, "seconds": round(seconds, 3),
            "wrong": wrong
            + ([f"more than {GOALS[what]} s"] if seconds > GOALS.get(what, seconds) else []),
        }
        for what, seconds in took.items()
    ]  # fmt: skip


def _place(app: Any, event_id: int) -> dict[str, float]:
    steps: list[float] = []

    def step(session: Any, job: Job, *, now: datetime) -> bool:
        begun = time.perf_counter()
        more = known.step(session, job, now=now)  # type: ignore[misc]
        steps.append(time.perf_counter() - begun)
        return more

    known = worker.work_of(KIND)
    worker.steps(app, KIND, step)
    now = datetime.now(UTC)
    there = situation(db.session, event_id, anew=False)
    pure, _plan = _timed(lambda: plan(there.slots, there.people, fill=True))
    seen, made = _timed(lambda: preview(db.session, event_id, fill=True, anew=False))

    def begin() -> None:
        here = db.session.get_one(Event, event_id)
        services.begin(
            db.session, here, made, fill=True, anew=False, letters=True, by=None, now=now
        )

    begun, _run = _timed(lambda: write(begin))
    carried, _jobs = _timed(_work)
    return {
        "placement worked out": pure, "placement previewed": seen, "placement begun": begun,
        "placement carried out": carried,
        "step of placement, median": statistics.median(steps),
        "step of placement, longest": max(steps),
    }  # fmt: skip


def _work() -> None:
    while worker.run_once():
        pass


def _timed(what: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    result = what()
    return time.perf_counter() - begun, result


def _fill() -> int:
    """The conference, with people who have two wishes in each slot; its id."""
    session, now, dice = db.session, datetime.now(UTC), random.Random(11)
    Seeder(session, now=now).apply({"events": [_conference()]})
    event = session.scalars(sa.select(Event).filter_by(slug=EVENT)).one()
    slots: dict[str, list[int]] = {}
    for item in event.items:
        slots.setdefault(item.group, []).append(item.id)
    services.set_slots(
        session, event, how=dict.fromkeys(slots, How.PLACED), online=(), by=None, now=now
    )
    begun = now - timedelta(days=20)
    session.execute(
        sa.insert(Registration), [_person(event.id, number, begun) for number in range(PEOPLE)]
    )
    session.execute(
        sa.update(Pool).filter_by(event_id=event.id, mode=Mode.ROOM).values(taken=PEOPLE)
    )
    wishes = [
        {"registration_id": id_, "item_id": item_id, "rank": rank, "at": begun}
        for id_ in session.scalars(sa.select(Registration.id)).all()
        for ids in slots.values()
        for rank, item_id in enumerate(_two(dice, ids), 1)
    ]
    session.execute(sa.insert(Wish), wishes)
    return event.id


def _two(dice: random.Random, ids: list[int]) -> list[int]:
    first = dice.choices(ids, POPULAR)[0]
    return [first, dice.choice([id_ for id_ in ids if id_ != first])]


def _conference() -> dict[str, Any]:
    """In the seed format."""
    programme = [
        {
            "starts": f"{10 + slot}:00", "ends": f"{11 + slot}:00", "kind": "seminar",
            "title": f"Seminarium {slot}.{number}", "group": f"{10 + slot}.00", "capacity": SEATS,
        }
        for slot in range(SLOTS)
        for number in range(SEMINARS)
    ]  # fmt: skip
    return {
        "slug": EVENT, "title": "Plats för tvåtusen", "state": "published", "programme": programme,
        "starts": "D+60 09:00", "ends": "D+60 17:00", "capacity": {"room": PEOPLE},
    }  # fmt: skip


def _person(event_id: int, number: int, begun: datetime) -> dict[str, Any]:
    """A row put in past the services: registering is not what is measured."""
    first, last = "Åsa", f"Öberg{number:05}"
    at = begun + timedelta(minutes=number)
    return {
        "event_id": event_id, "first_name": first, "last_name": last, "phone": "",
        "name_key": name_key(f"{first} {last}"), "sort_key": swedish_order(f"{last} {first}"),
        "search": "", "email": f"a{number}@example.se", "email_key": f"a{number}@example.se",
        "organisation": "Tranås kommun", "sector": Sector.MUNICIPALITY, "municipality": "0687",
        "role_kind": RoleKind.OFFICIAL, "mode": Mode.ROOM, "status": Status.CONFIRMED,
        "source": Source.WEB, "list_consent": False, "protected": False, "language": "sv",
        "token_hash": f"{number:064}", "token_version": 1, "sequence": 0, "created": at,
        "updated": at, "queued": at, "cancel_reason": "", "version": 1,
    }  # fmt: skip
