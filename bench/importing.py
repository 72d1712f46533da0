"""5,000 people from a spreadsheet: how long until they are in, and how long others have to wait."""

import io
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
import xlsxwriter
from flask_migrate import upgrade
from sqlalchemy.engine import Connection

from accounts import queries as account_queries
from accounts import services as accounts
from accounts.models import User
from accounts.rules import Role
from bench.servers import ROOT, database
from core.db import LOCK_WAIT, db, write
from core.jobs.worker import run_once
from core.reference import Sector
from events import services as events
from events.models import Event
from events.rules import Kind, Mode
from registrations.importing import guessing, reading, services
from registrations.importing.checking import Layout, read_as
from registrations.importing.rules import ROWS, Surplus
from registrations.models import Registration
from wsgi import create_app

HEADINGS = ["Förnamn", "Efternamn", "E-post", "Organisation", "Sektor", "Kommun", "Telefon"]
MOST_SECONDS = 5.0
MOST_LOCKED = LOCK_WAIT * 1000  # milliseconds; longer, and other writers must try again


def show(rows: list[dict[str, Any]]) -> None:
    """Print the rows."""
    for row in rows:
        print(
            f"{row['database']:12}{'5 000':6}{row['what']:22}{row['seconds']:9.2f} s"
            f"  {row['read']:.2f} s of it to read; longest lock {row['locked_ms']} ms"
        )


def measure(kind: str) -> list[dict[str, Any]]:
    """A row: from the bytes of a file to 5,000 registrations; then the same file again."""
    with database(kind) as url:
        app = create_app(DATABASE_URL=url, ENV="test")
        with app.app_context():
            upgrade(directory=str(ROOT / "migrations"))
            event_id, user_id = write(_prepare)
            locks = _listen()
            rows = [
                _measured(kind, what, event_id, user_id, locks)
                for what in ("import", "the same again")
            ]
            breaches = [line for check in app.extensions["checks"] for line in check(db.session)]
            rows[-1]["wrong"] += breaches
            db.session.remove()
            db.engine.dispose()
    return rows


def _measured(
    kind: str, what: str, event_id: int, user_id: int, locks: list[float]
) -> dict[str, Any]:
    file = sheet()
    locks.clear()
    began = time.perf_counter()
    table = reading.read(file)
    fields = guessing.fields_of(table.rows[0])
    read = read_as(table.rows, Layout(fields, True, [Mode.ROOM], Mode.ROOM, Sector.OTHER))
    was_read = time.perf_counter()
    now = datetime.now(UTC)

    def begin() -> None:
        event, by = db.session.get_one(Event, event_id), db.session.get_one(User, user_id)
        kept = services.keep(db.session, event, name="l.xlsx", read=read, by=by, now=now)
        services.begin(db.session, kept, surplus=Surplus.REFUSE, mail=False, by=by, now=now)

    write(begin)
    while run_once():
        pass
    seconds, locked = time.perf_counter() - began, round(max(locks) * 1000)
    people = sa.select(sa.func.count()).where(Registration.event_id == event_id)
    saved = db.session.scalar(people)
    db.session.rollback()
    wrong = [] if saved == ROWS else [f"{saved} of {ROWS} are in"]
    wrong += ["too slow"] if seconds > MOST_SECONDS else []
    wrong += ["locked too long"] if kind == "sqlite" and locked > MOST_LOCKED else []
    return {
        "database": kind, "what": what, "seconds": round(seconds, 2),
        "read": round(was_read - began, 2), "locked_ms": locked, "wrong": wrong,
    }  # fmt: skip


def _prepare() -> tuple[int, int]:
    now = datetime.now(UTC)
    accounts.seed_boards(db.session)
    board = account_queries.authority_by_slug(db.session, "jonkoping")
    assert board is not None
    by = accounts.add_user(
        db.session, email="bench@example.se", name="Bench", password="x" * 20,
        roles=[(board, Role.ORGANISER)], by=None, now=now,
    )  # fmt: skip
    event = events.create_event(
        db.session, authority=board, kind=Kind.REGIONAL_CONFERENCE, by=by, now=now,
        facts={"title": "Import", "slug": "import", "starts": now + timedelta(days=60),
               "ends": now + timedelta(days=60, hours=6)},
        capacity={Mode.ROOM: ROWS},
    )  # fmt: skip
    return event.id, by.id


def _listen() -> list[float]:
    """How long each write transaction lasts from now on, in seconds."""
    locks: list[float] = []
    begun: dict[int, float] = {}

    @sa.event.listens_for(db.engine, "begin")
    def begin(connection: Connection) -> None:
        if not connection.get_execution_options().get("samling_read"):
            begun[id(connection)] = time.perf_counter()

    @sa.event.listens_for(db.engine, "commit")
    def commit(connection: Connection) -> None:
        began = begun.pop(id(connection), None)
        if began is not None:
            locks.append(time.perf_counter() - began)

    return locks


def sheet() -> bytes:
    """5,000 invented people as XLSX."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADINGS)
        for number in range(ROWS):
            page.write_row(number + 1, 0, [
                f"Förnamn{number}", f"Efternamn{number}", f"deltagare{number}@import.example.se",
                "Tranås kommun", "Kommun", "Tranås", "010-223 60 00",
            ])  # fmt: skip
    return file.getvalue()
