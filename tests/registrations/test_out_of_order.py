"""Case D1: a relay that puts mail off, so that an older letter is due after a newer one has gone.

What the relay took is read in the order in which it came, by a reader that is not ours.
"""

import email
import email.policy
from datetime import timedelta
from itertools import pairwise

import pytest

from core.db import db, write
from core.outbox import services as outbox
from core.outbox.models import Outbox
from core.outbox.rules import State as MailState
from core.outbox.worker import run_once
from events import services as events
from events.models import Event, ProgrammeItem
from events.rules import State
from registrations import services
from registrations.models import Registration
from tests.calendar_readers import by_icalendar
from tests.conftest import NOW
from tests.core.relay import relay
from tests.registrations import make

HOURS = timedelta(hours=9)  # later than any letter here is put off to


@pytest.fixture
def server():
    with relay() as running:
        yield running


@pytest.fixture
def app(make_app, server):
    made = make_app(GUARDS="off", SMTP_URL=f"smtp://{server.address}")
    with made.app_context():
        yield made


class Clock:
    """The time of the application, and what is done then."""

    def __init__(self, app, server):
        self.app, self.server = app, server
        self.now = NOW

    def pass_by(self, time):
        self.now += time
        self.app.config["FAKE_NOW"] = self.now

    def put_off(self, tries=3):
        """What is due is tried and put off, until it has to wait a quarter of an hour."""
        self.server.faults["dot"] = "451 try again later"
        for _again in range(tries):
            while run_once():
                pass
            self.pass_by(timedelta(minutes=6))
        self.server.faults.clear()

    def send(self):
        """What is due within the next two minutes goes out."""
        for _minute in range(2):
            self.pass_by(timedelta(minutes=1))
            while run_once():
                pass

    def do(self, verb, model, thing, *args, **more):
        write(lambda: verb(
            db.session, db.session.get_one(model, thing.id), *args, now=self.now, **more
        ))  # fmt: skip


def received(server):
    """(subject, method, SEQUENCE, UID) of each letter, in the order in which the relay took it."""
    found = []
    for _to, raw in server.taken:
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        bodies = [p for p in mail.walk() if p.get_content_type() == "text/calendar"]
        [entry] = [one for part in bodies for one in by_icalendar(part.get_content().encode())]
        [method] = [part["Content-Type"].params["method"] for part in bodies]
        found.append((mail["Subject"].split(":")[0], method, entry["SEQUENCE"], str(entry["UID"])))
    for (_s, _m, before, uid), (_subject, _method, after, same) in pairwise(found):
        assert uid == same
        assert after > before
    return [(subject, method) for subject, method, _sequence, _uid in found]


def states():
    db.session.rollback()
    return [row.state for row in db.session.query(Outbox).order_by(Outbox.id)]


def test_of_a_registration_nothing_older_comes_after_what_is_newer(app, server):
    clock = Clock(app, server)
    event = make.conference()
    person = make.registration(event, now=NOW)
    clock.put_off()
    later = {"starts": event.starts + timedelta(hours=1), "ends": event.ends + timedelta(hours=1)}
    clock.do(events.change_event, Event, event, facts=later, by=None)
    clock.send()
    assert received(server) == [("Ändrat", "REQUEST")]
    assert "Du har kvar din plats." in email.message_from_bytes(
        server.taken[0][1], policy=email.policy.default
    ).get_body(("plain",)).get_content()  # fmt: skip
    clock.pass_by(HOURS)
    clock.send()  # the receipt is due again
    assert states() == [MailState.SUPERSEDED, MailState.SENT]

    clock.do(events.change_event, Event, event, facts={"venue_name": "Rådhuset"}, by=None)
    clock.pass_by(timedelta(minutes=2))
    clock.put_off()
    clock.do(services.cancel, Registration, person)
    clock.send()
    clock.pass_by(HOURS)
    clock.send()
    make.registration(event, now=clock.now)
    clock.put_off()
    clock.do(events.set_state, Event, event, State.CANCELLED, by=None)
    clock.pass_by(HOURS)
    clock.send()
    assert received(server) == [
        ("Ändrat", "REQUEST"), ("Du är avanmäld", "CANCEL"), ("INSTÄLLT", "CANCEL"),
    ]  # fmt: skip
    assert MailState.WAITING not in states()


def test_of_a_programme_nothing_older_comes_after_what_is_newer(app, server):
    clock = Clock(app, server)
    event = make.conference()
    one, _other = make.parallel(event)
    make.registration(event, choices=(one.id,), now=NOW)
    clock.send()
    for hours in (1, 2):
        moved = {"starts": one.starts + timedelta(hours=hours),
                 "ends": one.ends + timedelta(hours=hours)}  # fmt: skip
        clock.do(events.change_item, ProgrammeItem, one, facts=moved, by=None)
        clock.do(events.release_programme, Event, event, tell=True, by=None)
        if hours == 1:
            clock.pass_by(timedelta(minutes=2))
            clock.put_off()
    clock.send()
    clock.pass_by(HOURS)
    clock.send()
    assert received(server) == [("Du är anmäld", "REQUEST"), ("Ändrat", "REQUEST")]
    assert states() == [MailState.SENT, MailState.SUPERSEDED, MailState.SENT]


def test_what_is_newer_waits_while_another_worker_has_the_older_one(app, server):
    event = make.conference()
    make.registration(event, now=NOW)
    [older] = write(lambda: outbox.lease(db.session, now=NOW))
    clock = Clock(app, server)
    clock.do(events.change_event, Event, event, facts={"venue_name": "Rådhuset"}, by=None)
    clock.send()
    assert server.taken == []
    write(lambda: outbox.settle_sent(db.session, [older], subjects={}, now=clock.now))
    clock.send()
    assert received(server) == [("Ändrat", "REQUEST")]
