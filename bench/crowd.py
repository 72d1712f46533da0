"""The crowd of a rush: each opens the form, sends it until there is an answer, some cancel."""

import asyncio
import random
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from flask import Flask

from bench.browser import Answer, Broken, Browser, hidden
from bench.servers import Server
from core import crypto
from core.db import db
from registrations.models import Registration

SLUG = "den-stora-rusningen"
FORM = f"/evenemang/{SLUG}/anmalan"


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


async def everybody(race: Race) -> None:
    """Until each has an answer, or it is late."""
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
            race.wrong.append(f"a form was answered with {answer.status}")
            await asyncio.sleep(1)
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
