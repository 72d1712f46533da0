"""What the organiser does for people: enter, change, cancel, let pass."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from accounts.models import AuditEntry
from core.db import db, write
from core.outbox.models import Outbox
from events import services as event_services
from events.models import Event
from events.rules import Mode
from registrations.models import Need, Registration
from registrations.rules import Source, Status
from tests.events import make as events
from tests.events.make import NOW
from tests.registrations import make
from tests.registrations.make_lists import statements, url

RINGS = {"first_name": "Karin", "last_name": "Ek", "organisation": "Ydre kommun",
         "sector": "municipality", "municipality": "0617", "mode": "room"}  # fmt: skip


def one(last_name):
    db.session.rollback()
    return db.session.query(Registration).filter_by(last_name=last_name).one()


def mails():
    db.session.rollback()
    return [row.recipient for row in db.session.scalars(sa.select(Outbox).order_by(Outbox.id))]


def test_somebody_who_rings_is_entered_without_an_address(app, staff):
    event = make.conference()
    browser = staff("organiser")
    answer = browser.submit(url(event, "deltagare/ny"), **RINGS, diet="Vegan")
    assert answer.status_code == 303, answer.text
    page = browser.get(answer.headers["Location"]).text
    assert "Karin Ek är anmäld." in page
    assert "Inlagd av handläggare" in page
    assert "Uppgifter finns." in page
    person = one("Ek")
    assert (person.source, person.status, person.email) == (Source.STAFF, Status.CONFIRMED, "")
    assert mails() == []


def test_with_an_address_a_confirmation_goes_out(app, staff):
    event = make.conference()
    staff().submit(url(event, "deltagare/ny"), **RINGS, email="karin.ek@ydre.example.se")
    assert mails() == ["karin.ek@ydre.example.se"]


def test_a_protected_person_is_entered_under_a_chosen_name(app, staff):
    event = make.conference()
    browser = staff()
    answer = browser.submit(
        url(event, "deltagare/ny"), **RINGS | {"last_name": "Alias"}, protected="y"
    )
    person = one("Alias")
    assert person.protected
    assert person.search == ""
    assert f"Skyddad deltagare {person.id}" in browser.get(answer.headers["Location"]).text


def test_entered_when_full_the_person_waits(app, staff):
    event = make.conference(room=1)
    make.registration(event, 1)
    browser = staff()
    answer = browser.submit(url(event, "deltagare/ny"), **RINGS)
    assert (
        "står på reservlistan: alla platser är tagna"
        in browser.get(answer.headers["Location"]).text
    )


def test_entered_twice_the_person_is_one(app, staff):
    event = make.conference()
    make.registration(
        event, first_name="Karin", last_name="Ek", email="", now=NOW - timedelta(days=1)
    )
    browser = staff()
    answer = browser.submit(url(event, "deltagare/ny"), **RINGS)
    assert "var redan anmäld" in browser.get(answer.headers["Location"]).text
    assert db.session.query(Registration).count() == 1


def test_a_parallel_item_can_be_chosen_by_hand(app, staff):
    event = make.conference()
    items = make.parallel(event)
    browser = staff()
    wish = {"choice_11-00": str(items[0].id)}
    answer = browser.submit(url(event, "deltagare/ny"), **RINGS, **wish)
    assert "Ensamkommande barn" in browser.get(answer.headers["Location"]).text
    answer = browser.submit(url(event, "deltagare/ny"), **RINGS | {"last_name": "Nästa"}, **wish)
    assert answer.status_code == 422
    assert "har blivit fullt" in answer.text
    assert 'value="Nästa"' in answer.text
    assert answer.text.count("Ensamkommande barn") >= 2


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"first_name": ""}, "Skriv förnamnet."), ({"sector": "x"}, "Välj ett av alternativen"),
        ({"email": "karin"}, "Skriv en e-postadress"), ({"phone": "r"}, "Skriv ett telefonnummer"),
        ({"municipality": "9999"}, "Välj ett av alternativen"), ({"mode": "x"}, "Välj"),
        ({"first_name": "å" * 101}, "Korta texten"), ({"mode": "online"}, "Välj"),
    ],
)  # fmt: skip
def test_mistakes_are_said_at_the_field_and_nothing_is_lost(app, staff, fields, sentence):
    event = make.conference()
    answer = staff().submit(url(event, "deltagare/ny"), **RINGS | fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Ydre kommun"' in answer.text
    assert db.session.query(Registration).count() == 0


def test_a_change_keeps_the_needs_it_does_not_name(app, staff):
    event = make.conference()
    person = make.registration(event, 1, needs={"diet": "Vegan"})
    browser = staff()
    path = url(event, f"deltagare/{person.id}/andra")
    assert "Vegan" not in browser.get(path).text
    sealed = db.session.get_one(Need, person.id).diet
    answer = browser.submit(path, organisation="Nya föreningen")
    assert answer.status_code == 303, answer.text
    assert make.again(person).organisation == "Nya föreningen"
    assert db.session.get_one(Need, person.id).diet == sealed
    browser.submit(path, forget_needs="y")
    db.session.rollback()
    assert db.session.get(Need, person.id) is None


def test_a_change_from_an_old_page_is_a_conflict(app, staff):
    event = make.conference()
    person = make.registration(event, 1)
    browser = staff()
    path = url(event, f"deltagare/{person.id}/andra")
    browser.submit(path, organisation="Först")
    answer = browser.submit(path, organisation="Sist", version="1")
    assert answer.status_code == 409
    assert 'value="Sist"' in answer.text
    assert make.again(person).organisation == "Först"


def test_cancelling_asks_why_and_the_next_in_line_gets_the_place(app, staff):
    event = make.conference(room=1)
    gone, next_ = make.registration(event, 1), make.registration(event, 2)
    browser = staff()
    path = url(event, f"deltagare/{gone.id}/avanmal")
    assert "Platsen går till nästa" in browser.get(path).text
    assert make.again(gone).status is Status.CONFIRMED
    answer = browser.submit(path)
    assert answer.status_code == 422
    assert "Skriv varför" in answer.text
    browser.submit(path, reason="Ringde återbud")
    assert make.again(gone).status is Status.CANCELLED
    assert make.again(next_).status is Status.CONFIRMED
    page = browser.get(url(event, f"deltagare/{gone.id}")).text
    assert "Ringde återbud" in page
    assert "Avanmäl</a>" not in page


def test_somebody_may_pass_the_others_on_the_waiting_list(app, staff):
    event = make.conference(room=1)
    seated, first, last = (make.registration(event, n) for n in range(3))
    browser = staff()
    path = url(event, f"deltagare/{last.id}/forst")
    assert browser.submit(path).status_code == 422
    answer = browser.submit(path, reason="Ska hålla tal")
    page = browser.get(answer.headers["Location"]).text
    assert "står först på reservlistan" in page
    assert "Reserv 1" in page
    assert "Flyttad först på reservlistan: Ska hålla tal" in page
    browser.submit(url(event, f"deltagare/{seated.id}/avanmal"), reason="Sjuk")
    assert make.again(last).status is Status.CONFIRMED
    assert make.again(first).status is Status.WAITING


def test_who_does_not_wait_cannot_pass_anybody(app, staff):
    event = make.conference()
    person = make.registration(event, 1)
    answer = staff().submit(url(event, f"deltagare/{person.id}/forst"), reason="x")
    assert answer.status_code == 422
    assert "inte på reservlistan" in answer.text


def test_every_step_stands_in_the_history_with_who_did_it(app, staff):
    event = make.conference()
    browser = staff("organiser")
    answer = browser.submit(url(event, "deltagare/ny"), **RINGS)
    person = one("Ek")
    browser.submit(url(event, f"deltagare/{person.id}/andra"), organisation="Kinda kommun")
    browser.submit(url(event, f"deltagare/{person.id}/avanmal"), reason="Sjuk")
    page = browser.get(answer.headers["Location"]).text
    steps = [page.index(f"<span>{word}") for word in ("Avanmäld", "Ändrad", "Anmäld")]
    assert steps == sorted(steps)
    assert page.count("Organiser Exempel</span>") == 3
    actions = [row.action for row in db.session.scalars(sa.select(AuditEntry).filter_by(
        subject_type="registration", subject_id=person.id).order_by(AuditEntry.id))]  # fmt: skip
    assert actions == ["registration.made", "registration.changed", "registration.cancelled"]


def test_who_may_see_and_do_what(app, staff, client):
    event = make.conference()
    person = make.registration(event, 1)
    paths = ["deltagare/ny", f"deltagare/{person.id}"] + [
        f"deltagare/{person.id}/{verb}" for verb in ("andra", "avanmal", "forst")
    ]
    for role, code in [("admin", 200), ("organiser", 200), ("secretary", 403), ("reader", 403),
                       ("check-in", 403)]:  # fmt: skip
        browser = staff(role)
        for path in paths:
            assert browser.get(url(event, path)).status_code == code, (role, path)
    stranger = staff("admin", "skane")
    for path in paths:
        assert stranger.get(url(event, path)).status_code == 404
        assert client.get(url(event, path)).status_code == 302


def test_a_person_of_another_event_is_not_found_under_this_one(app, staff):
    event, other = make.conference(), make.conference()
    person = make.registration(other, 1)
    browser = staff("admin")
    for rest in ("", "/andra", "/avanmal", "/forst"):
        assert browser.get(url(event, f"deltagare/{person.id}{rest}")).status_code == 404


def test_another_authoritys_person_under_ones_own_event_is_404(app, staff):
    theirs = make.registration(events.event("skane", published=True), 1)
    mine = make.conference()
    assert staff("admin").get(url(mine, f"deltagare/{theirs.id}")).status_code == 404


def test_the_page_of_one_person_costs_the_same_beside_many(app, staff):
    browser = staff()
    costs = []
    for number in (1, 30):
        event = make.conference(room=None, online=None)
        people = [make.registration(event, n, mode=Mode.ROOM) for n in range(number)]
        page = url(event, f"deltagare/{people[0].id}")
        with statements() as asked:
            browser.get(page)
        costs.append(len([s for s in asked if s.startswith("SELECT")]))
    assert costs[0] == costs[1]


def test_whoever_has_no_address_is_sent_no_letters(app, staff):
    event = make.conference(room=1)
    first = make.registration(event, 1, email="")
    second = make.registration(event, 2, email="")
    staff().submit(url(event, f"deltagare/{first.id}/avanmal"), reason="Sjuk")
    assert make.again(second).status is Status.CONFIRMED
    event_id = event.id

    def move():
        here = db.session.get_one(Event, event_id)
        moved = {"venue_name": "Folkets park", "starts": here.starts + timedelta(hours=1)}
        event_services.change_event(db.session, here, facts=moved, by=None, now=NOW)

    write(move)
    assert mails() == []
