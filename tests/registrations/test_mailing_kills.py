"""Case C7: whoever is killed and however often somebody presses, each is written to once."""

import os
import signal
import threading
from collections import Counter
from datetime import timedelta

import sqlalchemy as sa
from flask import current_app

from core.db import db, write
from core.jobs import rounds
from core.jobs.models import Job
from core.jobs.rules import LEASE
from core.jobs.worker import run_once
from core.outbox.models import Outbox
from core.outbox.rules import State as MailState
from core.outbox.worker import run_once as send_due
from events import services as event_services
from events.models import Event
from events.rules import State as EventState
from registrations.mailings import services
from registrations.mailings.models import Mailing, MailingRecipient
from registrations.mailings.queries import Audience, failures, standings
from registrations.mailings.rules import Occasion, Purpose, State
from registrations.models import Registration
from registrations.rules import Status
from tests.conftest import NOW
from tests.core.relay import Relay
from tests.minutes import make as make_minutes
from tests.registrations import make
from tests.registrations.make_lists import crowd

EVERYBODY = Audience(statuses=(Status.CONFIRMED, Status.WAITING))
TEXTS = {"subject": "Nytt", "body": "Hej {förnamn}!", "subject_en": "", "body_en": ""}


def draft(event, audience=EVERYBODY, purpose=Purpose.PLACE):
    event_id = event.id

    def make_one():
        here = db.session.get_one(Event, event_id)
        facts = {"audience": audience.stored(), "purpose": purpose} | TEXTS
        return services.draft(db.session, here, facts=facts, by=None, now=NOW).id

    return write(make_one)


def press(mailing_id, now=NOW):
    return write(
        lambda: services.plan(db.session, db.session.get_one(Mailing, mailing_id), by=None, now=now)
    )


def killed(make_app, now, at_write):
    """Work in a process of its own that is killed in the middle of its write number `at_write`."""
    pid = os.fork()
    if pid == 0:
        try:
            with make_app(FAKE_NOW=now).app_context():
                letters = 0

                def count(_connection, _cursor, statement, parameters, _context, many):
                    nonlocal letters
                    if statement.startswith("UPDATE mailing_recipient"):
                        letters += len(parameters) if many else 1
                        if letters >= at_write:
                            os.kill(os.getpid(), signal.SIGKILL)

                sa.event.listen(db.engine, "after_cursor_execute", count)
                while run_once():
                    pass
        finally:
            os._exit(1)
    _pid, status = os.waitpid(pid, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def test_two_thousand_are_written_to_once_each_though_the_worker_is_killed_three_times(
    app, make_app
):
    event = make.conference(room=None)
    crowd(event, 2000)
    mailing_id = draft(event)
    assert [press(mailing_id), press(mailing_id)] == [True, False]
    now = NOW
    for at_write in (1, 420, 733):
        assert killed(make_app, now, at_write)
        now += LEASE + timedelta(seconds=1)
    db.session.rollback()
    so_far = db.session.scalar(sa.select(sa.func.count()).select_from(Outbox))
    assert 0 < so_far < 2000
    assert not press(mailing_id, now)
    with make_app(FAKE_NOW=now).app_context():
        while run_once():
            pass
    db.session.rollback()
    sent_to = Counter(
        db.session.scalars(sa.select(Outbox.recipient).where(Outbox.kind == "mailing.letter"))
    )
    assert sent_to == Counter(f"a{n}@example.se" for n in range(2000))
    mailing = db.session.get_one(Mailing, mailing_id)
    assert mailing.state is State.SENT
    assert db.session.get_one(Job, mailing.job_id).done == 2000
    assert standings(db.session, [mailing_id])[mailing_id].chosen == 2000
    assert not press(mailing_id, now)


def test_two_who_work_and_two_who_press_at_once_make_one_mailing(app, make_app):
    event = make.conference()
    crowd(event, 120)
    mailing_id = draft(event)
    barrier = threading.Barrier(2)
    pressed = []

    def both(one):
        with one.app_context():
            barrier.wait()
            pressed.append(press(mailing_id))
            while run_once():
                pass
            db.session.remove()

    workers = [threading.Thread(target=both, args=(make_app(),)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    db.session.rollback()
    assert sorted(pressed) == [False, True]
    while run_once():
        pass
    recipients = db.session.scalars(
        sa.select(Outbox.recipient).where(Outbox.kind == "mailing.letter")
    ).all()
    assert len(recipients) == len(set(recipients)) == 120
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Job)) == 1


def test_a_reminder_goes_once_though_the_clock_steps_and_two_look_at_once(app, make_app):
    event = make.conference()
    for number in range(3):
        make.registration(event, number, notify=False)
    event_id = event.id

    def switch_on():
        facts = {"is_on": True, "days": 3} | TEXTS
        services.set_reminder(
            db.session, db.session.get_one(Event, event_id), Occasion.BEFORE, facts=facts,
            by=None, now=NOW,
        )  # fmt: skip

    write(switch_on)
    due = (event.starts - timedelta(days=3)).replace(hour=8, minute=0)  # 09.00 in Stockholm
    steps = [due - timedelta(minutes=1), due, due - timedelta(hours=1), due + timedelta(days=1),
             due - timedelta(days=1), due + timedelta(hours=1)]  # fmt: skip
    counts = []
    for moment in steps:
        found = []

        apps = [make_app(FAKE_NOW=moment) for _ in range(2)]

        def look(one, at=moment, into=found):
            with one.app_context():
                into.append(services.remind_due(db.session, now=at))
                while run_once():
                    pass
                db.session.remove()

        lookers = [threading.Thread(target=look, args=(one,)) for one in apps]
        for one in lookers:
            one.start()
        for one in lookers:
            one.join(60)
        counts.append(sum(found))
    db.session.rollback()
    assert counts == [0, 1, 0, 0, 0, 0]
    letters = db.session.scalars(
        sa.select(Outbox.recipient).where(Outbox.kind == "mailing.letter")
    ).all()
    assert sorted(letters) == [f"ada.berg{number}@example.se" for number in range(3)]


def test_a_reminder_moves_with_the_event_and_does_not_go_for_one_that_is_called_off(app):
    event = make.conference()
    make.registration(event, notify=False)
    event_id = event.id
    facts = {"is_on": True, "days": 3} | TEXTS
    here = lambda: db.session.get_one(Event, event_id)  # noqa: E731
    write(lambda: services.set_reminder(
        db.session, here(), Occasion.BEFORE, facts=facts, by=None, now=NOW))  # fmt: skip
    first_day = event.starts - timedelta(days=2)
    week = timedelta(days=7)
    write(lambda: event_services.change_event(
        db.session, here(), by=None, now=NOW,
        facts={"starts": here().starts + week, "ends": here().ends + week}))  # fmt: skip
    assert services.remind_due(db.session, now=first_day) == 0
    write(
        lambda: event_services.set_state(
            db.session, here(), EventState.CANCELLED, note="Sjukdom.", by=None, now=NOW
        )
    )
    assert services.remind_due(db.session, now=first_day + week) == 0
    assert db.session.scalar(sa.select(Mailing.id)) is None


def test_the_round_of_the_worker_looks_at_reminders(app, make_app):
    event = make.conference()
    make.registration(event, notify=False)
    event_id = event.id
    facts = {"is_on": True, "days": 3} | TEXTS
    write(lambda: services.set_reminder(
        db.session, db.session.get_one(Event, event_id), Occasion.BEFORE, facts=facts, by=None,
        now=NOW))  # fmt: skip
    with make_app(FAKE_NOW=event.starts - timedelta(days=2)).app_context():
        rounds.look_round(at_once=True)
        assert db.session.scalars(sa.select(Mailing.occasion)).all() == [Occasion.BEFORE]


def test_nobody_who_has_left_since_is_written_to(app):
    event = make.conference()
    crowd(event, 3)
    mailing_id = draft(event)
    press(mailing_id)
    write(lambda: services.step(
        db.session, db.session.get_one(Job, db.session.get_one(Mailing, mailing_id).job_id),
        now=NOW))  # fmt: skip
    gone = db.session.scalars(sa.select(Registration).order_by(Registration.id)).first()

    def leave():
        db.session.get_one(Registration, gone.id).status = Status.CANCELLED

    write(leave)
    while run_once():
        pass
    db.session.rollback()
    assert standings(db.session, [mailing_id])[mailing_id].gone == 1
    assert db.session.scalars(
        sa.select(sa.func.count()).select_from(Outbox).where(Outbox.state == MailState.WAITING)
    ).one() == 2  # fmt: skip
    assert db.session.scalar(sa.select(sa.func.count()).select_from(MailingRecipient)) == 3


def test_an_address_that_is_none_and_one_that_is_refused_are_told_and_stop_nobody(make_app):
    relay = Relay()
    original = relay.RequestHandlerClass.answer

    def answer(self, verb, line):
        if b"a3@" in line and verb == "RCPT":
            self.say("550 no such user")
            return True
        return original(self, verb, line)

    relay.RequestHandlerClass = type("Picky", (relay.RequestHandlerClass,), {"answer": answer})
    threading.Thread(target=relay.serve_forever, daemon=True).start()
    with make_app(SMTP_URL=f"smtp://{relay.address}").app_context():
        event = make.conference()
        crowd(event, 9)
        spoiled = sa.update(Registration).where(Registration.email == "a5@example.se")
        write(lambda: db.session.execute(spoiled.values(email="ingen adress")))
        mailing_id = draft(event)
        press(mailing_id)
        while run_once():
            pass
        while send_due():
            pass
        db.session.rollback()
        told = standings(db.session, [mailing_id])[mailing_id]
        assert (told.sent, told.failed, told.letters) == (7, 2, 9)
        assert {one.outbox.recipient for one in failures(db.session, mailing_id)} == {
            "a3@example.se", "ingen adress",
        }  # fmt: skip
        assert sorted(to for to, _raw in relay.taken) == sorted(
            f"a{n}@example.se" for n in range(9) if n not in {3, 5}
        )
        assert [line for check in current_app.extensions["checks"]
                for line in check(db.session) if line.startswith("utskick")] == []  # fmt: skip
    relay.shutdown()
    relay.server_close()


def test_thanks_can_wait_until_the_documentation_is_published(app):
    event = make_minutes.with_people(make_minutes.held(), registered=2, came=1)
    event_id = event.id
    facts = {"is_on": True, "days": 60, "waits": True} | TEXTS
    write(lambda: services.set_reminder(
        db.session, db.session.get_one(Event, event_id), Occasion.AFTER, facts=facts, by=None,
        now=NOW))  # fmt: skip
    late = event.ends + timedelta(days=100)
    assert services.remind_due(db.session, now=late) == 0
    make_minutes.published(event)
    assert services.remind_due(db.session, now=NOW) == 0
    assert services.remind_due(db.session, now=late) == 1
    assert services.remind_due(db.session, now=late) == 0
