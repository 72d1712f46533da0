"""One person who has registered twice: found, made one, or remembered as two."""

import pytest

from core.db import db
from registrations.doubles.queries import likely, merges
from registrations.doubles.rules import Someone, Why, pairs
from registrations.models import CheckIn, Need
from registrations.queries.figures import figures
from registrations.queries.lists import arrivals
from registrations.queries.public import chosen
from registrations.rules import Status
from tests.reading import forms
from tests.registrations import make
from tests.registrations.make_lists import come, url


def breaches(app):
    return [line for check in app.extensions["checks"] for line in check(db.session)]


def page_of(event, one, other):
    return url(event, f"deltagare/{one.id}/sla-ihop?med={other.id}")


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (("åsa öberg", "a@x.se", ""), ("åsa öberg", "b@x.se", ""), Why.NAME),
        (("åsa öberg", "a@x.se", ""), ("åsa öbreg", "a@x.se", ""), Why.ADDRESS),
        (("öberg åsa", "a@x.se", ""), ("åsa öberg", "a@x.se", ""), Why.ADDRESS),
        (("åsa öberg", "a@x.se", ""), ("bo ek", "a@x.se", ""), None),
        (("åsa öberg", "a@x.se", "070-123 45 67"), ("å ö", "b@x.se", "+46701234567"), Why.PHONE),
        (("åsa öberg", "a@x.se", "12"), ("bo ek", "b@x.se", "12"), None),
        (("åsa öberg", "a@x.se", ""), ("bo ek", "b@x.se", ""), None),
    ],
)  # fmt: skip
def test_what_looks_like_one_person(one, other, why):
    found = pairs([Someone(1, *one), Someone(2, *other)], set())
    assert [pair.why for pair in found] == ([why] if why else [])
    assert pairs([Someone(1, *one), Someone(2, *other)], {(1, 2)}) == []


def test_a_switchboard_is_no_person():
    office = [Someone(n, f"{name} ek", f"{n}@x.se", "010-223 60 00")
              for n, name in enumerate(["åsa", "birgit", "konstantin"])]  # fmt: skip
    assert pairs(office, set()) == []


@pytest.fixture
def event(app):
    return make.conference(room=2, online=None)


@pytest.fixture
def twice(event):
    """The same person with two addresses; somebody waits for a place."""
    one = make.registration(
        event, 1, last_name="Öberg", email="ada@tranas.example.se", organisation="Tranås kommun"
    )
    other = make.registration(
        event, 2, last_name="Öberg", email="ada.oberg@example.se", phone="070-123 45 67",
        needs={"diet": "vegan", "access": ""},
    )  # fmt: skip
    make.registration(event, 3, last_name="Väntar")
    return one, other


def test_two_become_one_with_the_values_that_were_picked(app, event, twice, staff, post):
    one, other = twice
    browser = staff()
    page = browser.get(url(event, "deltagare/dubbletter")).text
    assert "1 par kan vara samma person" in page
    assert "Samma namn, olika adress" in page
    post()
    answer = browser.submit(page_of(event, one, other), email="b")
    assert answer.status_code == 303
    kept, gone = make.again(one), make.again(other)
    assert (kept.status, gone.status) == (Status.CONFIRMED, Status.CANCELLED)
    assert (kept.email, kept.organisation) == ("ada.oberg@example.se", "Tranås kommun")
    assert kept.phone == "070-123 45 67"  # where one had none, the other's was proposed
    assert gone.cancel_reason == f"Sammanslagen med anmälan {kept.id}"
    assert make.statuses(event)["Väntar"] == "confirmed"
    assert db.session.get(Need, kept.id) is not None
    assert db.session.get(Need, gone.id) is None
    assert breaches(app) == []
    told = [(str(mail["To"]), str(mail["Subject"])) for mail in post()]
    assert [subject.partition(":")[0] for to, subject in told if "ada.oberg@" in to] == [
        "Två anmälningar har blivit en", "Ändrad anmälan",
    ]  # fmt: skip
    assert not [to for to, _subject in told if "ada@tranas" in to]
    for number in (kept.id, gone.id):
        assert "Sammanslagen" in browser.get(url(event, f"deltagare/{number}")).text
    assert "Ingen ser ut" in browser.get(url(event, "deltagare/dubbletter")).text


def test_who_registers_a_third_time_meets_the_one_that_was_kept(app, event, twice, staff):
    one, other = twice
    staff().submit(page_of(event, one, other), email="b")
    third = make.registration(event, 9, last_name="Öberg", email="ada.oberg@example.se")
    assert third.id == one.id


def test_choices_are_taken_over_with_their_seats(app, staff):
    event = make.conference(room=None)
    school, homes = make.parallel(event, group="11.00", seats=(1, 1))
    late, *_rest = make.parallel(event, group="14.00", seats=(1,))
    one = make.registration(event, 1, last_name="Ek", choices=(school.id,))
    other = make.registration(event, 2, last_name="Ek", choices=(homes.id, late.id))
    staff().submit(page_of(event, one, other))
    assert chosen(db.session, one.id) == [school.id, late.id]
    assert breaches(app) == []
    make.registration(event, 3, choices=(homes.id,))  # given back
    assert breaches(app) == []


def test_what_the_door_has_written_stays_and_counts_once(app, event, twice, staff):
    one, other = twice
    come(other)
    before = [(line.id, line.registration_id, line.tick) for line in db.session.query(CheckIn)]
    assert figures(db.session, event.id).came == 1
    staff().submit(page_of(event, one, other))
    db.session.rollback()
    lines = db.session.query(CheckIn).order_by(CheckIn.id).all()
    assert [(x.id, x.registration_id, x.tick) for x in lines][: len(before)] == before
    assert figures(db.session, event.id).came == 1
    there = arrivals(db.session, event.id, [one.id, other.id])
    assert there == {one.id: lines[0].at}
    assert all("Sammanslagen" in line.reason for line in lines[1:])
    assert breaches(app) == []


def test_both_came_is_one_who_came(app, event, twice, staff):
    one, other = twice
    come(one)
    come(other)
    staff().submit(page_of(event, one, other))
    db.session.rollback()
    assert figures(db.session, event.id).came == 1


def test_the_place_is_never_lost(app, staff):
    event = make.conference(room=1, online=None)
    one = make.registration(event, 1, last_name="Ek")
    other = make.registration(event, 2, last_name="Ek")
    browser = staff()
    answer = browser.submit(page_of(event, other, one), keep="b")  # keep the one that waits
    assert answer.status_code == 422
    assert "Den andra anmälan har platsen" in answer.text
    assert make.again(one).status is Status.CONFIRMED
    assert browser.submit(page_of(event, other, one)).status_code == 303
    assert make.again(one).status is Status.CONFIRMED
    assert breaches(app) == []


def test_not_the_same_person_is_remembered(app, event, twice, staff):
    _one, other = twice
    browser = staff()
    assert browser.submit(url(event, "deltagare/dubbletter")).status_code == 303
    assert likely(db.session, event.id) == []
    assert "Ingen ser ut" in browser.get(url(event, "deltagare/dubbletter")).text
    assert "Inte samma person" in browser.get(url(event, f"deltagare/{other.id}")).text


def test_one_that_was_changed_meanwhile_is_compared_again(app, event, twice, staff):
    one, other = twice
    browser = staff()
    address = page_of(event, one, other)
    fields = forms(browser.get(address).text)[0]["fields"]
    browser.submit(url(event, f"deltagare/{other.id}/andra"), organisation="En annan")
    answer = browser.post(address, data=fields)
    assert answer.status_code in {409, 422}
    assert make.again(other).status is Status.CONFIRMED
    assert merges(db.session, one.id) == []


def test_protected_persons_and_other_events_are_not_compared(app, event, twice, staff):
    one, _other = twice
    secret = make.registration(event, 5, last_name="Öberg", email="hemlig@example.se",
                               protected=True)  # fmt: skip
    stranger = make.registration(make.conference(), 6, last_name="Öberg")
    browser = staff()
    page = browser.get(url(event, "deltagare/dubbletter")).text
    assert "hemlig@" not in page
    for other in (secret, stranger):
        assert browser.get(page_of(event, one, other)).status_code == 404
    assert browser.get(page_of(event, one, one)).status_code == 404
    for role in ("secretary", "reader", "check-in"):
        assert staff(role).get(url(event, "deltagare/dubbletter")).status_code == 403
