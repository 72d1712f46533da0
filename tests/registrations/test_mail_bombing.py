"""Case C8: a thousand tries at one address by every public way, over a day and two authorities."""

import threading
from datetime import timedelta
from itertools import cycle, islice

import pytest
import sqlalchemy as sa

from core.db import db, write
from core.outbox.models import Outbox
from registrations import services
from registrations.invitations import services as invitation_services
from registrations.models import Invitation, Registration
from registrations.rules import MAIL_PER_DAY, MAIL_PER_HOUR, Source, Status
from registrations.services.telling import receipt_time
from tests.conftest import NOW
from tests.events import make as events
from tests.registrations import make, make_invitations

VICTIM = "offer@example.se"
TRIES = 1000
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Attacker:
    """Knows every public form and one name after the other."""

    def __init__(self):
        self.here, self.there = make.conference(), events.event("skane", published=True)
        self.full = make.conference(title="Fullt", room=20)
        self.council = make_invitations.council()
        self.invitation_id = make_invitations.invitation(self.council, seats=1).id
        self.mine = [self._enter(self.full, n, "jag@ond.example.se") for n in range(900, 920)]
        self.number = 1000

    def _enter(self, event, number, email, now=NOW):
        return make.registration(event, number, email=email, source=Source.WEB, now=now).id

    def registers(self, now):
        self._enter(self.here, self.number, VICTIM, now)

    def registers_elsewhere(self, now):
        self._enter(self.there, self.number, "offer+till@example.se", now)

    def registers_again(self, now):
        make.registration(self.here, 1, email=VICTIM, now=now)

    def queues(self, now):
        self._enter(self.full, self.number, VICTIM, now)

    def asks_for_links(self, now):
        write(lambda: services.send_links(db.session, VICTIM, language="sv", now=now))

    def is_named_by_an_organisation(self, now):
        person = {"first_name": "Ada", "last_name": f"Berg{self.number}", "email": VICTIM}
        write(lambda: invitation_services.accept(
            db.session, db.session.get_one(Invitation, self.invitation_id),
            representatives=[person], language="sv", now=now))  # fmt: skip

    def is_let_go_by_it(self, now):
        write(lambda: invitation_services.decline(
            db.session, db.session.get_one(Invitation, self.invitation_id), message="", now=now,
        ))  # fmt: skip

    def gives_own_registration_the_address(self, now):
        own = self._enter(self.here, self.number, f"a{self.number}@ond.example.se", now)
        write(lambda: services.change(
            db.session, db.session.get_one(Registration, own), facts={"email": VICTIM}, now=now,
        ))  # fmt: skip

    def leaves_a_seat_to_the_queue(self, now):
        if self.mine:
            own = self.mine.pop()
            write(lambda: services.cancel(
                db.session, db.session.get_one(Registration, own), now=now
            ))  # fmt: skip

    def tries(self, now):
        ways = [
            self.registers, self.registers_elsewhere, self.queues, self.registers_again,
            self.asks_for_links, self.is_named_by_an_organisation, self.is_let_go_by_it,
            self.gives_own_registration_the_address, self.leaves_a_seat_to_the_queue,
        ]  # fmt: skip
        for way in islice(cycle(ways), TRIES):
            self.number += 1
            way(now)
            now += DAY / TRIES


def most_in(per, recipients):
    """The most letters in any time as long as `per`, wherever it begins."""
    db.session.rollback()
    wanted = sa.select(Outbox.next_try).where(Outbox.recipient.in_(recipients))
    times = sorted(db.session.scalars(wanted))
    return max(sum(begun <= at < begun + per for at in times) for begun in times)


@pytest.mark.slow
def test_a_thousand_tries_by_every_way_bring_one_mailbox_three_an_hour_and_ten_a_day(app):
    attacker = Attacker()
    attacker.tries(NOW)
    boxes = {VICTIM, "offer+till@example.se"}
    assert most_in(HOUR, boxes) == MAIL_PER_HOUR
    assert most_in(DAY, boxes) == MAIL_PER_DAY
    assert most_in(10 * DAY, boxes) > MAIL_PER_DAY, "it goes on the next day: nobody is shut out"
    promoted = db.session.scalars(
        sa.select(Outbox.next_try).where(Outbox.kind == "registration.promoted")
    ).all()
    assert promoted, "the queue's letters were part of it"
    kinds = set(db.session.scalars(sa.select(Outbox.kind).where(Outbox.recipient == VICTIM)))
    assert kinds >= {"registration.receipt", "registration.changed", "registration.promoted"}
    late = NOW + DAY
    make.registration(attacker.here, 1, email="annan@example.se", now=late)
    sent = sa.select(Outbox.next_try).where(Outbox.recipient == "annan@example.se")
    assert db.session.scalars(sent).all() == [late]
    thanked = most_in(HOUR, {"kaffevagnen@example.se"})
    assert thanked <= MAIL_PER_HOUR + 1, "and the invitation itself, which staff sent"


def test_the_bound_is_no_hour_of_the_clock_and_what_is_put_off_is_not_lost(app):
    event = make.conference(room=40)
    begun = NOW + timedelta(minutes=50)
    for number in range(3):
        make.registration(event, number, email=VICTIM, now=begun)
    for number in range(3, 12):
        make.registration(event, number, email=VICTIM, now=begun + timedelta(minutes=15))
    assert most_in(HOUR, {VICTIM}) == MAIL_PER_HOUR
    assert most_in(DAY, {VICTIM}) == MAIL_PER_DAY
    times = sorted(db.session.scalars(sa.select(Outbox.next_try).filter_by(recipient=VICTIM)))
    assert [at - begun for at in times] == [
        *[timedelta(0)] * 3, *[HOUR] * 3, *[2 * HOUR] * 3, 3 * HOUR, DAY, DAY
    ]  # fmt: skip


def test_two_who_ask_at_once_get_a_turn_each(app):
    barrier, turns = threading.Barrier(6), []

    def ask():
        with app.app_context():
            barrier.wait()
            turns.append(write(lambda: receipt_time(db.session, VICTIM, now=NOW)))

    threads = [threading.Thread(target=ask) for _each in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(turns) == [*[NOW] * 3, *[NOW + HOUR] * 3]


def test_colleagues_of_one_mailbox_are_all_told_of_their_places_in_time(app):
    event = make.conference(room=8)
    for number in range(8):
        make.registration(event, number)
    for number in range(10, 18):
        make.registration(event, number, email=VICTIM)
    for person in db.session.scalars(
        sa.select(Registration).where(Registration.email != VICTIM)
    ).all():
        id_ = person.id
        write(lambda id_=id_: services.cancel(
            db.session, db.session.get_one(Registration, id_), now=NOW + timedelta(minutes=5)
        ))  # fmt: skip
    db.session.rollback()
    told = db.session.execute(
        sa.select(Outbox.payload, Outbox.next_try).where(Outbox.kind == "registration.promoted")
    ).all()
    assert len(told) == 8
    assert max(at for _payload, at in told) < event.starts
    confirmed = sa.select(sa.func.count()).where(
        Registration.email == VICTIM, Registration.status == Status.CONFIRMED
    )
    assert db.session.scalar(confirmed) == 8
