"""Cases C2 and C3: nothing is lost, nothing goes twice, the organiser sees what did not come."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

import core.mail
from accounts import queries
from core.db import db, write
from core.mail import Letter
from core.outbox import services
from core.outbox.models import Outbox
from core.outbox.rules import GIVE_UP_AFTER, LEASE, PAUSE, State
from core.outbox.worker import run_once, writes
from tests import world
from tests.conftest import NOW, open_client
from tests.core.relay import DROP, HANG, STAGES, relay

ROOT = Path(__file__).parents[2]


def letter(payload):
    """A letter of a kind that only tests know."""
    return Letter(
        subject=f"Prov {payload['n']}", blocks=[("text", "Hej!")],
        sender_name="Länsstyrelsen", reply_to="svar@example.se",
    )  # fmt: skip


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(core.mail, "TIMEOUT", 1)
    with relay() as running:
        yield running


@pytest.fixture
def sender(app, make_app, server):
    """The application with that relay, its context pushed; `sender(scheme…)` chooses how."""
    contexts = []

    def make(login="", query="", **settings):
        app = make_app(SMTP_URL=f"smtp://{login}{server.address}{query}", **settings)
        writes(app, "prov", letter)
        contexts.append(app.app_context())
        contexts[-1].push()
        return app

    yield make
    for context in reversed(contexts):
        db.session.remove()
        context.pop()


def enqueue(n=1, *, kind="prov", now=NOW, **more):
    def action():
        board = queries.authority_by_slug(db.session, "jonkoping")
        for number in range(n):
            services.enqueue(db.session, kind=kind, to=f"p{number}@example.se", now=now,
                             payload={"n": number}, authority_id=board.id, **more)  # fmt: skip

    write(action)


def rows():
    db.session.rollback()
    return db.session.scalars(sa.select(Outbox).order_by(Outbox.id)).all()


OURS = {"connect", "ehlo", "starttls", "auth"}


def settings_of(stage):
    return {
        "starttls": {"query": "?starttls=1"}, "auth": {"login": "namn:losen@"},
    }.get(stage, {})  # fmt: skip


@pytest.mark.parametrize("fault", ["450 later", "421 closing", DROP, HANG])
@pytest.mark.parametrize("stage", STAGES)
def test_what_may_pass_is_tried_again(sender, server, stage, fault):
    if stage == "starttls" and fault in {DROP, HANG}:
        pytest.skip("the same as at EHLO")
    app = sender(**settings_of(stage))
    enqueue()
    server.faults[stage] = fault
    run_once()
    (row,) = rows()
    assert row.state is State.WAITING
    assert NOW < row.next_try <= NOW + PAUSE
    assert row.error
    server.faults.clear()
    app.config["FAKE_NOW"] = row.next_try
    if stage == "starttls":
        app = sender(FAKE_NOW=row.next_try)
    run_once()
    (row,) = rows()
    assert row.state is State.SENT
    seen = {core_id(raw) for _to, raw in server.taken}
    assert seen == {row.message_id}


def core_id(raw):
    return next(
        line.split(b":", 1)[1].strip().decode()
        for line in raw.split(b"\r\n") if line.lower().startswith(b"message-id:")
    )  # fmt: skip


@pytest.mark.parametrize("stage", [s for s in STAGES if s not in OURS])
def test_what_is_refused_for_good_is_shown_to_the_organiser(sender, server, staff, stage):
    sender()
    enqueue(2)
    server.faults[stage] = "550 <no such user>"
    run_once()
    assert [row.state for row in rows()] == [State.FAILED] * 2
    page = staff("organiser").get("/arbeta/post").text
    assert page.count("Kom inte fram") == 2
    assert "p0@example.se" in page


@pytest.mark.parametrize("stage", [*sorted(OURS), "mail"])
def test_a_relay_that_refuses_us_stops_the_queue_and_blames_no_mail(sender, server, stage):
    app = sender(**settings_of(stage))
    enqueue(3)
    server.faults[stage] = "530 sign in first" if stage == "mail" else "554 not you"
    assert run_once() == 0
    assert [(row.state, row.tries) for row in rows()] == [(State.WAITING, 0)] * 3
    assert {row.next_try for row in rows()} == {NOW + PAUSE}
    assert run_once() == 0, "nothing is due until the pause is over"
    late = NOW + timedelta(minutes=16)
    app.config["FAKE_NOW"] = late
    ready = open_client(app).get("/readyz")
    assert "e-post" in ready.text or "post har väntat" in ready.text
    if stage != "starttls":
        server.faults.clear()
        run_once()
        assert [row.state for row in rows()] == [State.SENT] * 3


def test_the_waits_grow_and_after_five_days_it_is_given_up(sender, server):
    app = sender()
    enqueue()
    server.faults["rcpt"] = "451 greylisted"
    waits = []
    while rows()[0].state is State.WAITING:
        at = rows()[0].next_try
        app.config["FAKE_NOW"] = at
        run_once()
        waits.append(rows()[0].next_try - at)
    assert waits[:-1] == sorted(waits[:-1])
    assert waits[0] == timedelta(minutes=1)
    assert rows()[0].state is State.FAILED
    assert at - NOW >= GIVE_UP_AFTER


def test_one_bad_address_stops_no_other(sender, server):
    sender()
    enqueue(3)
    original = server.RequestHandlerClass.answer

    def answer(self, verb, line):
        if b"p1@" in line and verb == "RCPT":
            self.say("550 no such user")
            return True
        return original(self, verb, line)

    server.RequestHandlerClass = type("Picky", (server.RequestHandlerClass,), {"answer": answer})
    run_once()
    assert [row.state for row in rows()] == [State.SENT, State.FAILED, State.SENT]


def test_a_letter_that_cannot_be_written_stops_no_other(sender, server):
    app = sender()
    writes(app, "broken", lambda _payload: 1 / 0)
    enqueue(kind="broken")
    enqueue(kind="unknown")
    enqueue()
    run_once()
    assert [row.state for row in rows()] == [State.WAITING, State.WAITING, State.SENT]
    assert "ZeroDivisionError" in rows()[0].error


def test_what_there_is_no_longer_to_tell_is_not_sent(sender, server):
    app = sender()
    writes(app, "gone", lambda _payload: None)
    enqueue(kind="gone")
    run_once()
    assert rows()[0].state is State.SUPERSEDED
    assert server.taken == []


def test_only_the_newest_of_a_thread_goes_out(sender, server):
    sender()
    for _ in range(3):
        enqueue(thread="event:1:p0")
    run_once()
    assert [row.state for row in rows()] == [State.SUPERSEDED, State.SUPERSEDED, State.SENT]


def test_what_is_put_off_waits(sender, server):
    app = sender()
    enqueue(at=NOW + timedelta(days=1))
    assert run_once() == 0
    app.config["FAKE_NOW"] = NOW + timedelta(days=1)
    assert run_once() == 1


def test_a_failed_one_goes_out_again_to_the_right_address(sender, server, staff):
    sender()
    enqueue()
    server.faults["rcpt"] = "550 no such user"
    run_once()
    server.faults.clear()
    organiser, mail = staff("organiser"), rows()[0]
    wrong = organiser.submit(f"/arbeta/post/{mail.id}", to="p0.example.se")
    assert wrong.status_code == 422
    assert "550 no such user" in wrong.text
    answer = organiser.submit(f"/arbeta/post/{mail.id}", to="ratt@example.se")
    assert answer.status_code == 303
    run_once()
    assert [to for to, _raw in server.taken] == ["ratt@example.se"]
    assert "Skickat" in organiser.get("/arbeta/post").text


def test_the_letter_is_read_without_its_secrets(app, staff):
    place = world.build("jonkoping")
    organiser, reader, stranger = staff("organiser"), staff("reader"), staff("organiser", "skane")
    for row in rows():
        page = organiser.get(f"/arbeta/post/{row.id}")
        assert page.status_code == 200
        assert "Så läser mottagaren mejlet" in page.text
        for secret in place.tokens.values():
            assert secret not in page.text
        assert reader.get(f"/arbeta/post/{row.id}").status_code == 403
        assert stranger.get(f"/arbeta/post/{row.id}").status_code == 404
    assert "asa.tjale" not in stranger.get("/arbeta/post").text


def test_two_workers_never_send_the_same(sender, server):
    app = sender()
    enqueue(60)

    def work():
        with app.app_context():
            while run_once(limit=7):
                pass

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(to for to, _raw in server.taken) == {f"p{n}@example.se": 1 for n in range(60)}
    assert {row.state for row in rows()} == {State.SENT}


def test_two_workers_who_lease_at_once_do_not_share_what_is_about_one_person(app):
    enqueue(about="registration:1")
    older = rows()[0].id
    under_way, leased = threading.Event(), []

    def first():
        leased.append(services.lease(db.session, now=NOW))
        under_way.set()
        time.sleep(0.2)  # so long that the other has met the lock

    def work():
        with app.app_context():
            write(first)
            db.session.remove()

    thread = threading.Thread(target=work)
    thread.start()
    assert under_way.wait(60)
    enqueue(about="registration:1")
    assert write(lambda: services.lease(db.session, now=NOW)) == []
    thread.join()
    assert leased == [[older]]
    assert len(write(lambda: services.lease(db.session, now=NOW + 2 * LEASE))) == 2


def test_a_lease_that_ran_out_is_not_renewed(sender, server):
    sender()
    enqueue()
    (id_,) = write(lambda: services.lease(db.session, now=NOW))
    assert write(lambda: services.renew(db.session, id_, now=NOW + LEASE / 2))
    assert not write(lambda: services.renew(db.session, id_, now=NOW + 2 * LEASE))
    write(lambda: services.settle_sent(db.session, [id_], subjects={}, now=NOW))
    assert not write(lambda: services.renew(db.session, id_, now=NOW))


WORKER = """
from wsgi import create_app
from core.outbox.worker import run_once, writes
from tests.core.test_outbox import letter
app = create_app()
writes(app, "prov", letter)
with app.app_context():
    while run_once():
        pass
"""


@pytest.mark.slow
def test_a_killed_worker_loses_nothing_and_repeats_one_at_most(sender, server):
    app = sender()
    enqueue(12)
    now, kills = NOW, 0
    server.killed = None

    def kill(number):
        if number in {3, 8}:
            os.kill(server.worker.pid, signal.SIGKILL)

    server.on_taken = kill
    while any(row.state is State.WAITING for row in rows()):
        environment = os.environ | {
            "SAMLING_ENV": "test", "SAMLING_FAKE_NOW": now.isoformat(),
            "SAMLING_DATABASE_URL": app.config["DATABASE_URL"],
            "SAMLING_SMTP_URL": app.config["SMTP_URL"], "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        server.worker = subprocess.Popen([sys.executable, "-c", WORKER], env=environment, cwd=ROOT)
        kills += server.worker.wait(60) == -signal.SIGKILL
        now += LEASE
    assert kills == 2
    got = Counter(core_id(raw) for _to, raw in server.taken)
    assert set(got) == {row.message_id for row in rows()}, "none lost"
    assert sum(got.values()) - 12 <= kills
    assert {row.state for row in rows()} == {State.SENT}
