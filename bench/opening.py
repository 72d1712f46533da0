"""The minute after the letters have gone out: a thousand people register, each from a new place.

The same minute once more while long lists are made all the time and two hundred connections are
as slow as they can be.
"""

import asyncio
import contextlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_migrate import upgrade

from bench import lists
from bench.browser import Broken, Browser, hidden
from bench.servers import ROOT, database, minding
from core.db import db, write
from core.settings import cookie_name
from wsgi import create_app

PEOPLE, SECONDS = 1000, 60
LISTED, SLOW = 2000, 200
PAGE_MS, SUBMIT_MS = 500, 1000  # of 95 in a hundred
PAGE = "/evenemang/samlingen"
FORM = f"{PAGE}/anmalan"


@dataclass
class Minute:
    """What has happened in it so far."""

    port: int
    people: int
    seconds: float
    name: str
    pages: list[float] = field(default_factory=list)
    submits: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    lists: int = 0

    async def ask(
        self, browser: Browser, path: str, fields: Mapping[str, str] | None = None
    ) -> str:
        """The page at `path`, on the clock."""
        begun = time.monotonic()
        try:
            answer = await browser.ask(path, fields)
        except Broken:
            self.answers["none"] += 1
            return ""
        (self.pages if fields is None else self.submits).append(time.monotonic() - begun)
        self.answers[str(answer.status)] += 1
        return answer.text


def show(rows: list[dict[str, Any]]) -> None:
    """Print the rows."""
    for row in rows:
        print(
            f"{row['database']:12}{row['what']:30}page p95 {row['page_p95_ms']:5} ms, submit p95 "
            f"{row['submit_p95_ms']:5} ms, {row['answers']}, {row['lists']} lists made"
        )


def measure(kind: str, people: int = PEOPLE, seconds: float = SECONDS) -> list[dict[str, Any]]:
    """A row for the plain minute, and one for the hard one."""
    with database(kind) as url:
        app = create_app(DATABASE_URL=url, ENV="test")
        with app.app_context():
            upgrade(directory=str(ROOT / "migrations"))
            event_id, _item_id, token = write(lambda: lists.fill(LISTED))
            db.session.remove()
            db.engine.dispose()
        settings = {
            "SAMLING_DATABASE_URL": url, "SAMLING_GUARDS": "off", "SAMLING_WORKER": "none",
            "SAMLING_ENV": "development",
        }  # fmt: skip
        with minding("wsgi:create_app", "/healthz", **settings) as server, _jobs(settings):
            plain = Minute(server.port, people, seconds, "a")
            asyncio.run(_pass(plain))
            hard = Minute(server.port, people, seconds, "b")
            cookies = {cookie_name(app, "samling"): token}
            asyncio.run(_pass_with_all(hard, event_id, cookies))
    return [
        {"database": kind, "data": f"{people}"} | _row("opening", plain),
        {"database": kind, "data": f"{people}"} | _row("opening, lists, slow ones", hard),
    ]


def _row(what: str, minute: Minute) -> dict[str, Any]:
    page, submit = (
        round(statistics.quantiles(took or [0, 0], n=20)[18] * 1000)
        for took in (minute.pages, minute.submits)
    )
    wrong = [f"pages take more than {PAGE_MS} ms"] if page > PAGE_MS else []
    wrong += [f"forms take more than {SUBMIT_MS} ms"] if submit > SUBMIT_MS else []
    wrong += [f"answers {code}" for code in minute.answers if code not in {"200", "303"}]
    wrong += [] if minute.answers["303"] == minute.people else ["not everybody is registered"]
    return {
        "what": what, "page_p95_ms": page, "submit_p95_ms": submit, "lists": minute.lists,
        "answers": dict(minute.answers), "wrong": wrong,
    }  # fmt: skip


@contextlib.contextmanager
def _jobs(settings: Mapping[str, str]) -> Iterator[None]:
    """Whoever makes the long lists, in a process of its own, as in production."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "run"]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | settings)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


async def _pass(minute: Minute) -> None:
    """People come evenly spread over the minute, whether the others have their answers or not."""
    async with asyncio.TaskGroup() as group:
        for number in range(minute.people):
            group.create_task(_person(minute, number))
            await asyncio.sleep(minute.seconds / minute.people)


async def _person(minute: Minute, number: int) -> None:
    browser = Browser(minute.port)
    await minute.ask(browser, PAGE)
    form = hidden(await minute.ask(browser, FORM))
    if form:
        fields = {
            "first_name": "Ada", "last_name": f"Nu{number}{minute.name}", "organisation": "Bina",
            "email": f"nu{number}{minute.name}@example.se", "sector": "civil_society",
            "municipality": "0680", "role_kind": "official", "mode": "room",
        }  # fmt: skip
        await minute.ask(browser, FORM, fields | form)
    browser.close()


async def _pass_with_all(minute: Minute, event_id: int, cookies: dict[str, str]) -> None:
    beside = [asyncio.create_task(_slow(minute.port, n)) for n in range(SLOW)]
    beside.append(asyncio.create_task(_lists(minute, event_id, cookies)))
    await _pass(minute)
    for task in beside:
        task.cancel()
    await asyncio.gather(*beside, return_exceptions=True)


async def _slow(port: int, number: int) -> None:
    """A connection that never comes to the end of its request; a new one when it is hung up on."""
    while True:
        with contextlib.suppress(OSError):
            _reader, writer = await asyncio.open_connection("127.0.0.1", port)
            with contextlib.closing(writer):
                writer.write(f"GET {PAGE}?{number} HTTP/1.1\r\nHost: 127.0.0.1\r\n".encode())
                while True:
                    writer.write(b"X")
                    await writer.drain()
                    await asyncio.sleep(2)
        await asyncio.sleep(0.5)


async def _lists(minute: Minute, event_id: int, cookies: dict[str, str]) -> None:
    """The organiser has the long list made, as a spreadsheet and as PDF, again and again."""
    browser = Browser(minute.port)
    browser.cookies |= cookies
    address = f"/arbeta/evenemang/{event_id}/listor"
    while True:
        for kind in ("xlsx", "pdf"):
            with contextlib.suppress(Broken):
                form = hidden((await browser.ask(address)).text)
                wanted = {"level": "internal", "format": kind, "order": "name"}
                answer = await browser.ask(f"{address}/deltagare", form | wanted, wait=60)
                await _made(browser, answer.headers.get("location", ""))
                minute.lists += answer.status in {200, 303}
        await asyncio.sleep(0.2)


async def _made(browser: Browser, job: str) -> None:
    while job and json.loads((await browser.ask(f"{job}/lage")).body)["under_way"]:
        await asyncio.sleep(0.3)
