"""Programs that fill in the form: found out without puzzles, and nobody else is stopped."""

import hashlib
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.db import db, write
from core.jobs.rounds import look_round
from core.outbox.models import Outbox
from core.throttle import RateCount, Turns
from registrations import services
from registrations.bots.rules import LINK_LATER
from registrations.models import Registration
from registrations.rules import Status
from registrations.words import STATUS
from tests.conftest import NOW, forms, links, open_client
from tests.registrations import make, make_parties

OTHER = {"first_name": "Bo", "last_name": "Ek", "email": "bo.ek@example.se"}


@pytest.fixture
def app(make_app):
    """As in production: two seconds at least, and three registrations a minute are no rush."""
    made = make_app(FORM_SECONDS=2, RUSH=3)
    with made.app_context():
        yield made


def later(app, **more):
    app.config["FAKE_NOW"] += timedelta(**more)


def address(event):
    return f"/evenemang/{event.slug}/anmalan"


def opened(client, event):
    """The fields of a form that has just been opened."""
    return forms(client.get(address(event)).text)[0]["fields"]


def send(client, event, fields, **more):
    return client.post(address(event), data=fields | make.PERSON | more)


def one(**where):
    db.session.rollback()
    return db.session.scalars(sa.select(Registration).filter_by(**where)).one()


def rush(event, client):
    """Three have registered within a minute, and one more."""
    for number in range(4):
        fields = opened(client, event)
        later(client.application, seconds=3)
        send(client, event, fields, last_name=f"Ek{number}", email=f"ek{number}@example.se")
        client.application.config["FAKE_NOW"] = NOW


def worked(fields):
    """The fields as a browser sends them that has done the sum."""
    challenge = fields["form_opened"].rpartition(".")[2]
    nonce = 0
    while hashlib.sha256(f"{challenge}:{nonce}".encode()).digest()[:2] != b"\0\0":
        nonce += 1
    return fields | {"form_work": str(nonce)}


def breaches(app):
    """What `flask check` would say."""
    db.session.rollback()
    return [line for check in app.extensions["checks"] for line in check(db.session)]


def prove(client, mail):
    """Open the link of a letter and press the button; the last answer."""
    assert client.get(links(mail.get_body(("plain",)).get_content())[0]).status_code == 303
    return client.submit("/min-anmalan", _to="/min-anmalan/bekrafta")


def test_a_person_who_took_their_time_is_registered_at_once(app, client, post):
    event = make.conference()
    fields = opened(client, event)
    later(app, seconds=2)
    assert send(client, event, fields).location == f"{address(event)}/tack"
    assert one().status is Status.CONFIRMED
    assert [mail["Subject"].split(":")[0] for mail in post()] == ["Du är anmäld"]


@pytest.mark.parametrize("why", ["at once", "trap"])
def test_what_a_program_sends_has_a_seat_for_half_an_hour_and_is_confirmed_by_mail(
    app, client, post, why
):
    event = make.conference(room=1)
    fields = opened(client, event)
    if why == "trap":
        later(app, seconds=60)
        fields["website"] = "https://ond.example"
    answer = send(client, event, fields)
    assert (answer.status_code, answer.location) == (303, f"{address(event)}/tack")
    assert one().status is Status.UNPROVEN
    fields = opened(client, event)
    later(app, seconds=5)
    send(client, event, fields, **OTHER)
    assert one(last_name="Ek").status is Status.WAITING, "the seat is held"
    assert breaches(app) == []
    mail = next(mail for mail in post() if make.PERSON["email"] in mail["To"])
    text = mail.get_body(("plain",)).get_content()
    assert "Bekräfta din anmälan" in mail["Subject"]
    assert "kalender.ics" not in str(mail)
    assert len([link for link in links(text) if "min-anmalan" in link]) == 1
    client.get(links(text)[0])
    page = client.get("/min-anmalan").text
    assert "Bekräfta min anmälan" in page
    assert one(last_name="Öberg").status is Status.UNPROVEN, "opening the link changes nothing"
    assert prove(client, mail).status_code == 303
    assert one(last_name="Öberg").status is Status.CONFIRMED
    assert "Du är anmäld" in post()[0]["Subject"]
    again = client.submit("/min-anmalan/avanmal", _to="/min-anmalan/bekrafta")
    assert again.status_code == 303, "twice changes nothing"
    assert post() == []


def test_a_seat_that_is_not_confirmed_goes_to_the_queue(app, client, post):
    event = make.conference(room=1)
    send(client, event, opened(client, event))
    fields = opened(client, event)
    later(app, seconds=5)
    send(client, event, fields, **OTHER)
    mail = next(mail for mail in post() if make.PERSON["email"] in mail["To"])
    later(app, minutes=29)
    look_round(at_once=True)
    assert one(last_name="Ek").status is Status.WAITING
    later(app, minutes=1)
    look_round(at_once=True)
    assert one(last_name="Ek").status is Status.CONFIRMED
    assert [who["To"] for who in post()] == [OTHER["email"]], "no letter to an unproven address"
    assert breaches(app) == []
    late = one(last_name="Öberg")
    assert (late.status, late.unproven) == (Status.WAITING, True)
    assert prove(client, mail).status_code == 303
    late = one(last_name="Öberg")
    assert (late.status, late.unproven) == (Status.WAITING, False)
    assert "reservlistan" in post()[0]["Subject"]


def test_who_confirms_late_gets_a_seat_if_there_is_one_and_after_a_day_nothing(app, client, post):
    event = make.conference(room=5)
    send(client, event, opened(client, event))
    send(client, event, opened(client, event), **OTHER)
    mails = {mail["To"]: mail for mail in post()}
    later(app, minutes=31)
    look_round(at_once=True)
    assert prove(client, mails[make.PERSON["email"]]).status_code == 303
    assert one(last_name="Öberg").status is Status.CONFIRMED
    later(app, hours=24)
    look_round(at_once=True)
    assert one(last_name="Ek").status is Status.CANCELLED
    client.get(links(mails[OTHER["email"]].get_body(("plain",)).get_content())[0])
    assert "Anmäl dig på nytt" in client.get("/min-anmalan").text


def test_whoever_waits_unproven_is_passed_by_and_counts_in_nobodys_place(app, client, post):
    event = make.conference(room=1)
    first = make.registration(event, 1)
    send(client, event, opened(client, event))
    held = one(last_name="Öberg")
    assert (held.status, held.unproven) == (Status.WAITING, True)
    fields = opened(client, event)
    later(app, seconds=5)
    send(client, event, fields, **OTHER)
    second = next(mail for mail in post() if OTHER["email"] in mail["To"])
    assert "nummer 1 på reservlistan" in second.get_body(("plain",)).get_content()
    make_room(first)
    assert one(last_name="Ek").status is Status.CONFIRMED
    assert one(last_name="Öberg").status is Status.WAITING


def make_room(person):
    write(lambda: services.cancel(
        db.session, db.session.get_one(Registration, person.id), now=NOW, notify=False
    ))  # fmt: skip


def test_slow_hands_are_not_stopped(app, client):
    """A form that has been open for forty minutes."""
    event = make.conference()
    fields = opened(client, event)
    later(app, minutes=40)
    assert send(client, event, fields).status_code == 303
    assert one().status is Status.CONFIRMED


def test_a_form_open_for_longer_than_a_day_is_sent_once_more_with_everything_kept(app, client):
    event = make.conference()
    fields = opened(client, event)
    later(app, hours=25)
    answer = send(client, event, fields, diet="vegetariskt")
    assert answer.status_code == 422
    assert "allt du skrev finns kvar" in answer.text
    again = forms(answer.text)[0]["fields"]
    assert (again["last_name"], again["diet"]) == ("Öberg", "vegetariskt")
    assert client.post(address(event), data=again).status_code == 303
    assert one().status is Status.CONFIRMED


def test_a_shared_address_and_a_screen_reader_are_not_stopped(app, client):
    """Colleagues behind one address register one after the other; the trap is met by nobody."""
    app.config["RUSH"] = 0
    event = make.conference(room=300)
    page = client.get(address(event)).text
    wrapper = page[page.index('<div class="visually-hidden" aria-hidden="true">') :]
    wrapper = wrapper[: wrapper.index("</div>")]
    assert 'name="website" tabindex="-1" autocomplete="off"' in wrapper
    assert "Lämna det här fältet tomt" in wrapper
    for number in range(20):
        fields = opened(client, event)
        later(app, seconds=2)
        send(client, event, fields, last_name=f"Ek{number}", email=f"ek{number}@example.se")
    assert set(make.statuses(event).values()) == {"confirmed"}


def test_no_sum_is_asked_for_until_very_many_register(app, client):
    event, other = make.conference(), make.conference(title="En annan dag")
    assert "data-bits" not in client.get(address(event)).text
    rush(event, client)
    page = client.get(address(event)).text
    assert 'role="status"' in page
    assert "data-bits" in page
    assert "form-work.js" in page
    assert "data-bits" not in client.get(address(other)).text
    later(app, minutes=3)
    assert "data-bits" not in client.get(address(event)).text


def test_in_a_rush_who_worked_is_registered_and_who_did_not_confirms_by_mail(app, client, post):
    event = make.conference()
    rush(event, client)
    fields, without = opened(client, event), opened(client, event)
    later(app, seconds=3)
    assert send(client, event, worked(fields)).status_code == 303
    assert one(last_name="Öberg").status is Status.CONFIRMED
    assert send(client, event, without, **OTHER).location == f"{address(event)}/tack"
    assert one(email="bo.ek@example.se").status is Status.UNPROVEN
    stolen = worked(fields)["form_work"]
    for number, forged in enumerate(({"form_work": "1"}, {"form_work": stolen})):
        who = {"last_name": f"Stal{number}", "email": f"stal{number}@example.se"}
        send(client, event, opened(client, event) | forged, **who)
        assert one(email=who["email"]).status is Status.UNPROVEN


def test_a_form_opened_before_the_rush_is_asked_once_and_keeps_everything(app, client):
    event = make.conference()
    fields = opened(client, event)
    rush(event, client)
    later(app, seconds=30)
    answer = send(client, event, fields, diet="vegetariskt")
    assert (answer.status_code, "data-by-itself" in answer.text) == (422, True)
    asked = forms(answer.text)[0]["fields"]
    assert asked["diet"] == "vegetariskt"
    assert client.post(address(event), data=worked(asked)).status_code == 303
    assert one(last_name="Öberg").status is Status.CONFIRMED
    answer = client.post(address(event), data=fields | make.PERSON | {"diet": "vegetariskt"})
    assert answer.status_code == 422, "an old form in another tab is asked too"


def test_programs_that_know_only_the_contract_are_taken_until_a_rush(app, client, post):
    event = make.conference()
    fields = {name: opened(client, event)[name] for name in ("form_key", "csrf_token")}
    assert send(client, event, fields).status_code == 303
    assert one().status is Status.CONFIRMED
    rush(event, client)
    fields = {name: opened(client, event)[name] for name in ("form_key", "csrf_token")}
    assert send(client, event, fields, **OTHER).status_code == 303
    assert one(email=OTHER["email"]).status is Status.UNPROVEN


def test_a_stamp_of_another_form_proves_nothing(app, client):
    event = make.conference()
    old = opened(client, event)["form_opened"]
    rush(event, client)
    stamps = (old, old.replace("-0.", "-1."), "x", "1.2.3", "9" * 400)
    for number, stamp in enumerate(stamps):
        who = {"last_name": f"Falsk{number}", "email": f"falsk{number}@example.se"}
        answer = send(client, event, opened(client, event) | {"form_opened": stamp}, **who)
        assert answer.status_code == 303, stamp
        assert one(email=who["email"]).status is Status.UNPROVEN, stamp


def test_registering_once_more_while_unproven_asks_once_more(app, client, post):
    event = make.conference()
    send(client, event, opened(client, event))
    fields = opened(client, event)
    later(app, seconds=5)
    assert send(client, event, fields).status_code == 303
    assert {mail["Subject"].split(":")[0] for mail in post()} == {"Bekräfta din anmälan"}
    assert one().status is Status.UNPROVEN


def test_approval_is_asked_for_after_the_confirmation(app, client, post, staff):
    event = make.conference(approval=True)
    send(client, event, opened(client, event))
    assert (one().status, one().unproven) == (Status.PENDING, True)
    assert prove(client, post()[0]).status_code == 303
    assert (one().status, one().unproven) == (Status.PENDING, False)
    assert "tagit emot din anmälan" in post()[0]["Subject"]


def test_whoever_did_not_register_takes_the_registration_away(app, client, post):
    event = make.conference(room=1)
    send(client, event, opened(client, event))
    client.get(links(post()[0].get_body(("plain",)).get_content())[0])
    assert client.submit("/min-anmalan/avanmal").status_code == 303
    assert one().status is Status.CANCELLED
    assert client.get("/min-anmalan/andra").status_code == 303


def test_the_organiser_sees_who_has_not_confirmed(app, client, staff):
    event = make.conference()
    send(client, event, opened(client, event))
    browser = staff()
    page = browser.get(f"/arbeta/evenemang/{event.id}/deltagare").text
    assert "Väntar på bekräftelse via mejl" in page


def test_without_guards_nobody_is_watched(make_app):
    with make_app(GUARDS="off", FORM_SECONDS=2, RUSH=1).app_context() as context:
        client = open_client(context.app)
        event = make.conference()
        for number in range(3):
            fields = opened(client, event) | {"website": "x"}
            send(client, event, fields, last_name=f"Ek{number}", email=f"ek{number}@example.se")
        assert set(make.statuses(event).values()) == {"confirmed"}
        for counted in (RateCount, Turns):
            assert db.session.scalars(sa.select(counted)).all() == []


def test_a_group_that_a_program_sends_is_confirmed_person_by_person(app, client, post):
    event = make.conference(room=10)
    group = f"{address(event)}/grupp"
    fields = make_parties.FORM | make_parties.rows(
        make_parties.colleague("a"), make_parties.colleague("b")
    )
    assert client.submit(group, **fields).location == "/min-grupp"
    assert make.statuses(event) == {"Linda": "unproven", "Lindb": "unproven"}
    asked = [mail for mail in post() if "Bekräfta din anmälan" in mail["Subject"]]
    assert len(asked) == 2
    prove(client, asked[0])
    assert sorted(make.statuses(event).values()) == ["confirmed", "unproven"]
    page = forms(client.get(group).text)[0]["fields"]
    later(app, seconds=2)
    third = make_parties.FORM | make_parties.rows(make_parties.colleague("c"))
    assert client.post(group, data=page | third).status_code == 303
    assert make.statuses(event)["Lindc"] == "confirmed"
    assert client.application.extensions.get("rushes", {}) == {}


def test_a_group_that_a_program_sends_does_not_tell_who_is_registered(app, client):
    event = make.conference(room=10)
    make.registration(event, first_name="Bo", last_name="Linda", email="bo.linda@habo.example.se")
    fields = make_parties.FORM | make_parties.rows(
        make_parties.colleague("a"), make_parties.colleague("b")
    )
    assert client.submit(f"{address(event)}/grupp", **fields).location == "/min-grupp"
    page = client.get("/min-grupp").text
    assert make.statuses(event) == {"Linda": "confirmed", "Lindb": "unproven"}
    tags = re.findall(r'<span class="tag[^>]*>([^<]+)<', page)
    assert tags == [str(STATUS[Status.UNPROVEN])] * 2
    assert page.count("Byt person") == 0


def test_a_program_that_asks_for_links_gets_the_same_answer_and_they_go_later(app, client, post):
    event = make.conference()
    for number in range(4):
        make.registration(event, number)
    post()
    mine = "/min-anmalan/ny-lank"
    answers, waited = set(), []
    tries = (("0", 3, {}), ("1", 3, {"website": "x"}), ("2", 0, {}), ("99", 0, {"website": "x"}))
    for number, seconds, more in tries:
        fields = forms(client.get(mine).text)[0]["fields"]
        later(app, seconds=seconds)
        email = f"ada.berg{number}@example.se"  # 99 is nobody
        answer = client.post(mine, data=fields | {"email": email} | more)
        answers.add((answer.status_code, answer.location, client.get(answer.location).text))
        db.session.rollback()
        rows = sa.select(Outbox.next_try).filter_by(kind="registration.links", recipient=email)
        waited.append([at - app.config["FAKE_NOW"] for at in db.session.scalars(rows)])
    assert len(answers) == 1
    assert waited == [[timedelta(0)], [LINK_LATER], [LINK_LATER], []]
    fields = forms(client.get(mine).text)[0]["fields"]
    later(app, hours=25)
    late = client.post(mine, data=fields | {"email": "ada.berg0@example.se"})
    assert late.status_code == 422
    assert "Sidan har varit öppen länge." in late.text
    assert 'value="ada.berg0@example.se"' in late.text
