"""Places: never more than there are, whoever asks at the same time (cases A2, A3, A7, A8, B3)."""

import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter

import pytest
import sqlalchemy as sa

from core.db import db, write
from core.errors import Refusal
from core.outbox.models import Outbox
from core.settings import UnsafeSettings
from events import services as event_services
from events.models import Event, Pool
from events.rules import Mode
from registrations import services
from registrations.models import ItemChoice, Registration
from registrations.rules import Source, Status
from tests.conftest import NOW, forms, open_client
from tests.registrations import make, make_parties

CROWD = 50
ROUNDS = 200


def together(app, number, act):
    """`act(n)` for each n at the same instant, in threads; what they gave, or raised."""
    start, given = threading.Barrier(number), [None] * number

    def run(n):
        with app.app_context():
            start.wait()
            try:
                given[n] = act(n)
            except Exception as error:  # noqa: BLE001 - the test looks at what came
                given[n] = error
            db.session.remove()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def ask(event_id, n, choices=(), **facts):
    """Register person `n` in a transaction of its own; their status."""

    def action():
        event = db.session.get_one(Event, event_id)
        return services.register(
            db.session, event, facts=make.person(n, **facts), choices=choices, needs={},
            source=Source.WEB, language="sv", now=NOW,
        ).status  # fmt: skip

    return write(action)


def breaches(app):
    db.session.rollback()
    return [line for check in app.extensions["checks"] for line in check(db.session)]


def confirmed(event_id):
    db.session.rollback()
    return db.session.scalar(
        sa.select(sa.func.count())
        .select_from(Registration)
        .where(Registration.event_id == event_id, Registration.status == Status.CONFIRMED)
    )


class Crowd:
    """Fifty threads, each with a connection of its own, that all ask at the same instant."""

    def __init__(self, app):
        self.app, self.event_id, self.given = app, 0, [None] * CROWD
        self.start, self.end = threading.Barrier(CROWD + 1), threading.Barrier(CROWD + 1)
        self.threads = [threading.Thread(target=self.run, args=(n,)) for n in range(CROWD)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.event_id = None
        self.start.wait(60)
        for thread in self.threads:
            thread.join()

    def run(self, n):
        with self.app.app_context():
            while self.start.wait(60) is not None and self.event_id is not None:
                try:
                    self.given[n] = ask(self.event_id, n)
                except Exception as error:  # noqa: BLE001 - the test looks at what came
                    self.given[n] = error
                self.end.wait(60)

    def rush(self, event_id):
        """What each of them was answered who wanted a seat at the event."""
        self.event_id, self.given = event_id, [None] * CROWD
        self.start.wait(60)
        self.end.wait(60)
        return Counter(self.given)


def kept(event_id):
    """How many have which status, and how many seats are taken."""
    db.session.rollback()
    rows = db.session.execute(
        sa.select(Registration.status, sa.func.count())
        .where(Registration.event_id == event_id)
        .group_by(Registration.status)
    )
    taken = sa.select(Pool.taken).filter_by(event_id=event_id, mode=Mode.ROOM)
    return Counter(dict(rows.all())), db.session.scalar(taken)


@pytest.mark.slow
def test_the_last_seat_has_one_winner_however_many_ask(app):
    """Case A3: in each of 200 rounds, fifty want one seat."""
    as_it_should = {Status.CONFIRMED: 1, Status.WAITING: CROWD - 1}
    with Crowd(app) as crowd:
        for number in range(ROUNDS):
            event_id = make.conference(room=1).id
            assert crowd.rush(event_id) == as_it_should, f"round {number}"
            assert kept(event_id) == (as_it_should, 1), f"round {number}"
    assert breaches(app) == []


def test_without_the_lock_the_same_rush_oversells(make_app):
    app = make_app(UNSAFE_SEATS="on")
    with app.app_context(), Crowd(app) as crowd:
        event_id = make.conference(room=1).id
        assert crowd.rush(event_id)[Status.CONFIRMED] > 1
        assert kept(event_id)[0][Status.CONFIRMED] > 1
        assert any("det finns bara 1" in line for line in breaches(app))


def test_parties_of_four_that_race_for_three_seats_get_none_and_hear_what_is_left(app):
    event_id = make.conference(room=3).id

    def come(n):
        address = {"email": f"kontakt{n}@habo.example.se"}
        people = [
            one | {"email": f"n{n}.{one['email']}"} for one in make_parties.people(4)
        ]  # fmt: skip
        make_parties.party(
            db.session.get_one(Event, event_id), contact=make_parties.CONTACT | address,
            people=people,
        )  # fmt: skip

    given = together(app, 12, come)
    assert all(isinstance(one, Refusal) for one in given), given
    assert all("Det finns 3 platser kvar i salen och ni är 4." in str(one) for one in given)
    assert kept(event_id) == (Counter(), 0)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Outbox)) == 0
    assert breaches(app) == []


def test_the_lock_cannot_be_taken_off_in_production(make_app):
    with pytest.raises(UnsafeSettings, match="SAMLING_UNSAFE_SEATS"):
        make_app(
            ENV="production", UNSAFE_SEATS="1", SECRET_KEY="k" * 40, FAKE_NOW=None,
            BASE_URL="https://samling.example.se", SMTP_URL="smtp://relay.example.se",
        )  # fmt: skip


def test_booking_swapping_and_cancelling_in_any_order_stops_nobody(app):
    """Case A8: deadlocks are met, or tried again; none reaches a person."""
    event = make.conference(room=30, online=5)
    items = [item.id for item in make.parallel(event, seats=(8, 9, 10))]
    afternoon = [item.id for item in make.parallel(event, group="14.00", seats=(9, 8, 10))]
    event_id = event.id

    def busy(n):
        dice = random.Random(n)
        outcomes = Counter()
        for turn in range(6):
            try:
                _one_thing(dice, event_id, n * 100 + turn, items, afternoon)
            except Refusal:
                outcomes["refused"] += 1
            else:
                outcomes["done"] += 1
        return outcomes

    given = together(app, 8, busy)
    assert all(isinstance(one, Counter) for one in given), given
    assert sum((one for one in given), Counter())["done"] >= 8
    assert breaches(app) == []


def _one_thing(dice, event_id, number, items, afternoon):
    choices = [dice.choice(items), dice.choice(afternoon)]
    dice.shuffle(choices)
    ask(event_id, number, choices=choices)

    def swap_or_leave():
        mine = db.session.scalars(
            sa.select(Registration).filter_by(event_id=event_id, last_name=f"Berg{number}")
        ).one()
        if dice.random() < 0.5:
            services.cancel(db.session, mine, now=NOW)
        else:
            other = [dice.choice(items), dice.choice(afternoon)]
            mode = dice.choice(list(Mode))
            services.change(db.session, mine, facts={"mode": mode}, choices=other, now=NOW)

    write(swap_or_leave)


def test_a_double_click_registers_once_and_is_answered_alike(app):
    event = make.conference()
    url, event_id = f"/evenemang/{event.slug}/anmalan", event.id
    client = open_client(app)
    [form] = forms(client.get(url).text)
    body = form["fields"] | make.PERSON
    cookie = client.get_cookie("visitor").value

    def press(_n):
        browser = open_client(app)
        browser.set_cookie("visitor", cookie)
        answer = browser.post(url, data=body)
        return answer.status_code, answer.location

    assert together(app, 20, press) == [(303, f"{url}/tack")] * 20
    db.session.rollback()
    assert confirmed(event_id) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Outbox)) == 1
    other = client.post(url, data=body | {"first_name": "Bo"})
    assert other.status_code == 422
    assert "har redan skickats, med andra uppgifter" in other.text
    assert confirmed(event_id) == 1


def test_an_answer_that_got_lost_is_given_again(client):
    """Case B3: the first answer never arrives; the browser sends the form once more."""
    event = make.conference(room=1)
    url = f"/evenemang/{event.slug}/anmalan"
    [form] = forms(client.get(url).text)
    body = form["fields"] | make.PERSON
    client.post(url, data=body)
    again = client.post(url, data=body)
    assert (again.status_code, again.location) == (303, f"{url}/tack")
    assert make.statuses(event) == {"Öberg": "confirmed"}
    assert [row.kind for row in db.session.query(Outbox)] == ["registration.receipt"]


KILLED = """
import os, signal, sys
from datetime import datetime
from sqlalchemy import event
from wsgi import create_app
from core.db import db
url, host, cookie, body = sys.argv[1:5]
app = create_app(ENV="test", DATABASE_URL=host, BASE_URL="http://localhost",
                 FAKE_NOW=datetime.fromisoformat("2026-11-22T09:00+00:00"))
with app.app_context():
    # Flask-SQLAlchemy's own session: whatever it has committed is on disk when we die.
    event.listen(db.session, "after_commit", lambda _s: os.kill(os.getpid(), signal.SIGKILL))
    client = app.test_client()
    client.set_cookie("visitor", cookie)
    client.post(url, data=body, content_type="application/x-www-form-urlencoded")
"""


def test_a_server_killed_after_the_commit_has_kept_its_word(app, client, database_url):
    from urllib.parse import urlencode  # noqa: PLC0415

    event = make.conference(room=1)
    url = f"/evenemang/{event.slug}/anmalan"
    [form] = forms(client.get(url).text)
    body = form["fields"] | make.PERSON
    cookie = client.get_cookie("visitor").value
    db.session.rollback()
    dead = subprocess.run(
        [sys.executable, "-c", KILLED, url, database_url, cookie, urlencode(body)],
        check=False, env=os.environ | {"PYTHONPATH": "."}, timeout=60, capture_output=True,
    )  # fmt: skip
    assert dead.returncode == -signal.SIGKILL, dead.stderr.decode()
    assert make.statuses(event) == {"Öberg": "confirmed"}
    again = client.post(url, data=body)
    assert (again.status_code, again.location) == (303, f"{url}/tack")
    assert make.statuses(event) == {"Öberg": "confirmed"}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Outbox)) == 1
    assert breaches(app) == []


def cancel(person):
    write(lambda: services.cancel(db.session, db.session.get_one(Registration, person.id), now=NOW))


def test_who_cancels_gives_the_place_to_the_first_in_the_queue(app, post):
    event = make.conference(room=1)
    first = make.registration(event, 1)
    make.registration(event, 2)
    make.registration(event, 3)
    assert make.statuses(event) == {"Berg1": "confirmed", "Berg2": "waiting", "Berg3": "waiting"}
    post()
    cancel(first)
    assert make.statuses(event) == {"Berg1": "cancelled", "Berg2": "confirmed", "Berg3": "waiting"}
    assert [(mail["To"], mail["Subject"].split(":")[0]) for mail in post()] == [
        ("ada.berg1@example.se", "Du är avanmäld"),
        ("ada.berg2@example.se", "Du har fått en plats"),
    ]
    cancel(first)
    assert make.statuses(event)["Berg3"] == "waiting"
    assert breaches(app) == []


def test_more_seats_go_to_those_who_wait(app, post):
    event = make.conference(room=1)
    for number in range(4):
        make.registration(event, number)
    post()
    write(
        lambda: event_services.change_event(
            db.session, db.session.get_one(Event, event.id), facts={}, capacity={Mode.ROOM: 3},
            by=None, now=NOW,
        )
    )  # fmt: skip
    assert Counter(make.statuses(event).values()) == {"confirmed": 3, "waiting": 1}
    assert make.statuses(event)["Berg3"] == "waiting"
    assert len(post()) == 2
    assert breaches(app) == []


def test_who_waits_holds_no_seat_in_a_seminar_and_gets_it_with_the_place(app, post):
    event = make.conference(room=1)
    few, _many = make.parallel(event, seats=(1, None))
    first = make.registration(event, 1)
    waiting = make.registration(event, 2, choices=(few.id,))
    assert waiting.status is Status.WAITING
    assert db.session.scalar(sa.select(Pool.taken).filter_by(item_id=few.id)) == 0
    cancel(first)
    assert make.again(waiting).status is Status.CONFIRMED
    assert db.session.scalar(sa.select(Pool.taken).filter_by(item_id=few.id)) == 1
    assert breaches(app) == []


def test_a_seminar_that_is_full_by_then_is_dropped_and_the_letter_says_so(app, post):
    event = make.conference(room=2)
    few, _many = make.parallel(event, seats=(1, None))
    first = make.registration(event, 1)
    make.registration(event, 2)
    waiting = make.registration(event, 3, choices=(few.id,))
    write(
        lambda: services.change(
            db.session, db.session.get_one(Registration, first.id), facts={}, choices=[few.id],
            now=NOW,
        )
    )  # fmt: skip
    post()
    cancel(db.session.scalars(sa.select(Registration).filter_by(last_name="Berg2")).one())
    assert make.again(waiting).status is Status.CONFIRMED
    choosers = db.session.scalars(sa.select(ItemChoice.registration_id)).all()
    assert choosers == [first.id]
    text = post()[-1].get_body(("plain",)).get_content()
    assert "Det du hade valt är fullt: Ensamkommande barn." in text
    assert breaches(app) == []


def test_changing_to_a_full_mode_keeps_the_place_there_was(app):
    event = make.conference(room=5, online=1)
    make.registration(event, 1, mode=Mode.ONLINE)
    mine = make.registration(event, 2)
    change = lambda: services.change(  # noqa: E731
        db.session, db.session.get_one(Registration, mine.id), facts={"mode": Mode.ONLINE}, now=NOW
    )
    with pytest.raises(Refusal, match="Du behåller den plats du har"):
        write(change)
    assert make.again(mine).mode is Mode.ROOM
    assert breaches(app) == []


def test_changing_mode_frees_a_seat_for_who_waits(app):
    event = make.conference(room=1, online=5)
    mine = make.registration(event, 1)
    waiting = make.registration(event, 2)
    write(
        lambda: services.change(
            db.session, db.session.get_one(Registration, mine.id), facts={"mode": Mode.ONLINE},
            now=NOW,
        )
    )  # fmt: skip
    assert make.again(mine).mode is Mode.ONLINE
    assert make.again(waiting).status is Status.CONFIRMED
    assert breaches(app) == []


def test_who_waits_and_changes_to_a_mode_with_room_gets_a_place(app):
    event = make.conference(room=1, online=5)
    make.registration(event, 1)
    waiting = make.registration(event, 2)
    write(
        lambda: services.change(
            db.session, db.session.get_one(Registration, waiting.id), facts={"mode": Mode.ONLINE},
            now=NOW,
        )
    )  # fmt: skip
    assert make.again(waiting).status is Status.CONFIRMED
    assert breaches(app) == []


def test_nobody_is_confirmed_beyond_the_seats_by_decree(app):
    event = make.conference(room=1)
    make.registration(event, 1)
    with pytest.raises(Refusal, match="Alla platser är tagna"):
        make.registration(event, 2, source=Source.STAFF, status=Status.CONFIRMED)


def test_an_item_that_only_waiting_people_wish_for_may_be_removed(app):
    event = make.conference(room=1)
    few, many = make.parallel(event, seats=(1, None))
    make.registration(event, 1, choices=(many.id,))
    make.registration(event, 2, choices=(few.id,))
    remove = lambda item: event_services.remove_item(  # noqa: E731
        db.session, db.session.merge(item, load=True), by=None, now=NOW
    )
    write(lambda: remove(few))
    with pytest.raises(Refusal):
        write(lambda: remove(many))
    assert breaches(app) == []


def test_the_check_of_invariants_sees_a_count_that_is_off(app):
    event = make.conference(room=3)
    make.registration(event, 1)
    assert app.test_cli_runner().invoke(args=["check"]).exit_code == 0
    write(lambda: db.session.execute(sa.update(Pool).values(taken=2)))
    seen = app.test_cli_runner().invoke(args=["check"])
    assert seen.exit_code == 1
    assert "2 platser räknade som tagna, men 1 har plats" in seen.output
