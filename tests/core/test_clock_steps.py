"""Case L4: a clock that steps, another zone of the host, the leap day, the last second."""

import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from accounts.rules import SIGN_IN_PER_ACCOUNT_AND_PLACE
from core.clock import to_instant, to_local, today
from core.db import db, write
from core.idempotency import IdempotencyKey
from core.jobs import rounds, worker
from core.outbox import services as outbox
from core.outbox.models import Outbox
from core.outbox.rules import State
from core.outbox.worker import run_once
from events.models import Event
from events.rules import WaitingRule
from registrations.models import Registration
from registrations.rules import Status
from tests import world
from tests.conftest import NOW, forms, open_client
from tests.crawl import crawl
from tests.registrations import make
from tests.registrations.test_limits import limit
from tests.registrations.test_mine import enter
from tests.registrations.test_places import breaches, cancel

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def at(app):
    """Set the clock."""

    def step(instant):
        app.config["FAKE_NOW"] = instant

    return step


def sent():
    db.session.rollback()
    return Counter(db.session.scalars(sa.select(Outbox.kind).filter_by(state=State.SENT)))


def guesses(client):
    """How many wrong passwords are listened to before we are stopped."""
    for number in range(SIGN_IN_PER_ACCOUNT_AND_PLACE + 2):
        answer = client.submit("/logga-in", email="ingen@example.se", password="fel")
        if answer.status_code == 429:
            return number
    return None


def test_an_hour_back_and_forth_opens_nothing_and_sends_nothing_twice(
    app, at, staff, client, post, monkeypatch
):
    monkeypatch.setattr(rounds, "EVERY", 0.0)
    event = make.conference(starts=NOW + 4 * DAY)
    person, browser = make.registration(event, 1), staff()
    browser.submit(f"/arbeta/evenemang/{event.id}/utskick/paminnelser", before_on="y")
    due = to_instant(to_local(event.starts - 3 * DAY).replace(hour=9, minute=0, tzinfo=None))
    post()
    [leased] = write(lambda: [enqueue()])
    assert write(lambda: outbox.lease(db.session, now=NOW, limit=5)) == [leased]  # and killed
    assert guesses(client) == SIGN_IN_PER_ACCOUNT_AND_PLACE
    for step in (-HOUR, timedelta(), -HOUR, timedelta()):
        at(NOW + step)
        assert browser.get("/arbeta/konto").status_code == 200, "still signed in"
        assert enter(open_client(app), person).status_code == 200, "the link still opens"
        assert run_once() == 0, "what another has leased is left to it"
    assert client.submit("/logga-in", email="ingen@example.se", password="fel").status_code == 429
    for step in (timedelta(), -HOUR, timedelta(), HOUR):
        at(due + step)
        rounds.look_round(at_once=True)
        assert work_and_send()["mailing.letter"] == 1, "one reminder"
    assert sent()["registration.receipt"] == 2, "the leased one once, when its lease was over"
    assert breaches(app) == []


def enqueue():
    """A receipt more, whose number is given."""
    row = db.session.scalars(sa.select(Outbox).filter_by(kind="registration.receipt")).first()
    return outbox.enqueue(db.session, kind=row.kind, to=row.recipient, payload=row.payload, now=NOW)


def work_and_send():
    while worker.run_once():
        pass
    while run_once():
        pass
    return sent()


def test_a_clock_that_runs_a_day_fast_until_it_is_set_right_costs_nobody_anything(
    app, at, staff, client, post, monkeypatch
):
    monkeypatch.setattr(rounds, "EVERY", 0.0)
    passed = [0.0]
    monkeypatch.setattr(rounds, "time", SimpleNamespace(monotonic=lambda: passed[0]))
    event = make.conference(room=1)
    limit(event, waiting_rule=WaitingRule.OFFERED, offer_hours=20)
    first = make.registration(event, 1)
    offered, waits = make.registration(event, 2), make.registration(event, 3)
    cancel(first)
    browser = staff()
    post()
    before = sent()
    url = f"/evenemang/{event.slug}/anmalan"
    client.submit(url, **make.PERSON)
    rounds.look_round()
    for clock, later in ((NOW + DAY, 60), (NOW + DAY, 120), (NOW + timedelta(minutes=3), 180)):
        at(clock)
        passed[0] = later
        rounds.look_round()
        browser.get("/arbeta/konto")
        app.test_cli_runner().invoke(args=["tidy"])
    assert make.statuses(event)["Berg2"] == Status.OFFERED
    assert make.again(waits).status is Status.WAITING
    assert browser.get("/arbeta/konto").status_code == 200
    assert enter(open_client(app), offered).status_code == 200
    assert db.session.scalar(sa.select(sa.func.count()).select_from(IdempotencyKey)) > 0
    post()
    assert sent() - before == Counter({"registration.receipt": 1})
    # It was right after all: a while later the offer is over.
    for later, over in ((0, False), (rounds.HOLD - 1, False), (rounds.HOLD + 1, True)):
        at(NOW + DAY + timedelta(seconds=later))
        passed[0] = 200 + later
        rounds.look_round()
        assert (make.again(offered).status is Status.CANCELLED) == over, later
    assert make.again(waits).status is Status.OFFERED
    assert breaches(app) == []


@pytest.fixture
def zone(monkeypatch):
    """Move the host to another zone."""

    def move(name):
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield move
    monkeypatch.undo()
    time.tzset()


def test_where_the_host_stands_changes_no_page_no_file_and_no_deadline(make_app, app, zone):
    closes = datetime(2026, 11, 30, 22, 59, 59, tzinfo=UTC)  # 23.59.59 in Stockholm
    event = make.conference(registration_closes=closes)
    seen = []
    for name in ("Europe/Stockholm", "America/Los_Angeles", "Pacific/Kiritimati"):
        zone(name)
        assert to_local(closes).strftime("%d %H.%M") == "30 23.59"
        pages = []
        for instant in (NOW, closes - timedelta(seconds=1), closes, closes + timedelta(seconds=1)):
            there = make_app(FAKE_NOW=instant)
            with there.app_context():
                client = open_client(there)
                pages += [
                    client.get(f"/evenemang/{event.slug}").text,
                    client.get(f"/evenemang/{event.slug}.ics").text,
                    "form_key" in client.get(f"/evenemang/{event.slug}/anmalan").text,
                    str(today()),
                ]
        assert pages[2::4] == [True, True, False, False]
        assert "30 november" in pages[0]
        assert pages[3::4] == ["2026-11-22", "2026-11-30", "2026-11-30", "2026-12-01"]
        seen.append(pages)
    assert seen[0] == seen[1] == seen[2]


def test_in_the_last_second_one_gets_in_and_after_it_is_told_so(app, at):
    closes = to_instant(datetime(2026, 11, 30, 23, 59, 59))  # noqa: DTZ001 - the wall clock
    event = make.conference(registration_closes=closes)
    url = f"/evenemang/{event.slug}/anmalan"
    browser = open_client(app)
    at(closes - timedelta(seconds=1))
    assert browser.submit(url, **make.PERSON).status_code == 303
    late = make.PERSON | {"email": "sen@example.se", "last_name": "Sen"}
    form = browser.get(url)
    assert form.status_code == 200
    at(closes)
    [fields] = [one["fields"] for one in forms(form.text) if "form_key" in one["fields"]]
    answer = browser.post(url, data=fields | late)
    assert answer.status_code in {409, 422}
    assert "stängd" in answer.text or "stängde" in answer.text
    at(closes - timedelta(seconds=1))
    assert browser.post(url, data=fields | late).status_code == 303, "the clock was set right"
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Registration)) == 2
    assert db.session.get_one(Event, event.id).registration_closes == closes


def test_on_the_leap_day_every_page_opens_and_a_year_on_is_a_day_that_exists(app, at, staff):
    world.build("jonkoping")
    at(datetime(2028, 2, 29, 23, 30, tzinfo=UTC) - HOUR)  # 23.30 in Stockholm
    browser = staff("admin")
    at(datetime(2028, 2, 29, 11, tzinfo=UTC))
    found = crawl(browser, starts=("/", "/arbeta/", "/sakrad", "/uppdrag"))
    assert len(found.pages) > 40
    runner = app.test_cli_runner()
    for command in (["tidy"], ["dispose", "--dry-run"]):
        done = runner.invoke(args=command)
        assert done.exit_code == 0, done.output
    rounds.look_round(at_once=True)
    event = make.conference(starts=datetime(2028, 2, 29, 8, tzinfo=UTC))
    assert "29 februari 2028" in browser.get(f"/evenemang/{event.slug}").text
    assert browser.get(f"/arbeta/evenemang/{event.id}/kopiera").status_code == 200
