"""How long the first to ask waits for a calendar file, and what whoever has it is answered."""

import time
from typing import Any

import sqlalchemy as sa

from bench.pages import fill
from bench.scenario import BROAD
from bench.servers import database
from core.cache import page_cache
from core.db import db, write
from events.models import Event
from wsgi import create_app

EVENTS, COUNTY = 500, "06"
TIMES = 7
# What is fetched, and within how many milliseconds it is made.
FILES = {
    f"county feed of {EVENTS} events": (f"/kalender.ics?lan={COUNTY}", 150),
    "programme of 60 entries": (f"/evenemang/{BROAD}/program.ics", 15),
}


def measure(kind: str) -> list[dict[str, Any]]:
    """A row for each file: made anew with nothing kept, then asked for by who has it."""
    with database(kind) as url:
        fill(url, EVENTS)
        app = create_app(DATABASE_URL=url, ENV="test")
        with app.app_context():
            write(lambda: db.session.execute(sa.update(Event).values(county_code=COUNTY)))
        rows = [
            {"database": kind, "data": str(EVENTS), "what": what} | _time(app, path, most)
            for what, (path, most) in FILES.items()
        ]
        with app.app_context():
            db.engine.dispose()
        return rows


def show(rows: list[dict[str, Any]]) -> None:
    """Print the rows."""
    for row in rows:
        print(
            f"{row['database']:12}{row['what']:30}{row['ms']:7.1f} ms made anew, "
            f"{row['again_ms']:.1f} ms and {row['again']} for who has it; {row['entries']} entries"
        )


def _time(app: Any, path: str, most: int) -> dict[str, Any]:
    browser = app.test_client()
    took = []
    for _time in range(TIMES):
        page_cache(app).pages.clear()
        begun = time.perf_counter()
        answer = browser.get(path)
        took.append((time.perf_counter() - begun) * 1000)
    begun = time.perf_counter()
    again = browser.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    again_ms = (time.perf_counter() - begun) * 1000
    ms = sorted(took)[TIMES // 2]
    wrong = [f"more than {most} ms"] if ms > most else []
    wrong += ["not answered with 304"] if again.status_code != 304 else []
    return {
        "ms": round(ms, 1), "again_ms": round(again_ms, 1), "again": again.status_code,
        "entries": answer.data.count(b"BEGIN:VEVENT"), "wrong": wrong,
    }  # fmt: skip
