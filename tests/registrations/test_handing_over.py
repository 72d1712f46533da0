"""A place that goes over to a colleague: by the person, the contact, or those who work here."""

import re
from datetime import timedelta

import icalendar
import pytest
import sqlalchemy as sa
from flask import current_app

from accounts.models import AuditEntry
from core.crypto import derived_token
from core.db import Stale, db, write
from core.errors import Refusal
from core.outbox.models import Outbox
from events.models import Pool
from registrations import needs, services
from registrations.models import Registration
from registrations.rules import Source, Status
from tests.conftest import NOW, forms, links, open_client
from tests.registrations import make, make_invitations, make_parties
from tests.registrations.make_lists import url, user
from tests.registrations.make_parties import colleague, enter, transfer
from tests.registrations.test_invitations import open_invitation, row
from tests.registrations.test_mine import enter as enter_mine
from tests.registrations.test_mine import path

NEW = {"first_name": "Eva", "last_name": "Ny", "email": "eva.ny@habo.example.se"}


def breaches():
    """What `flask check` would say."""
    db.session.rollback()
    found = current_app.extensions["checks"]
    return [line for check in found for line in check(db.session)]


def taken(event):
    db.session.rollback()
    pools = db.session.query(Pool).filter_by(event_id=event.id).order_by(Pool.id)
    return [pool.taken for pool in pools]


def text_of(mail):
    return mail.get_body(("plain",)).get_content()


def named(last_name):
    db.session.rollback()
    return db.session.scalars(sa.select(Registration).filter_by(last_name=last_name)).one()


def test_a_colleague_takes_the_place_and_the_one_who_waits_still_waits(client, post):
    event = make.conference(room=1)
    first, other = make.parallel(event, seats=(1, 1))
    person = make.registration(
        event, choices=(first.id,), needs={"diet": "Celiaki"}, organisation="Habo kommun"
    )
    waits = make.registration(event, 2)
    post()
    old_link = path(person)
    page = enter_mine(client, person)
    assert "Överlåt platsen till en kollega" in page.text
    answer = client.submit("/min-anmalan/overlat", **NEW, **{"choice_11-00": str(other.id)})
    assert (answer.status_code, answer.location) == (303, "/min-anmalan/overlaten")
    assert "Platsen är överlåten" in client.get("/min-anmalan/overlaten").text
    new = named("Ny")
    assert (new.status, new.organisation, new.mode) == ("confirmed", "Habo kommun", "room")
    assert make.again(person).status is Status.CANCELLED
    assert make.again(waits).status is Status.WAITING
    assert taken(event) == [1, 0, 1]
    assert needs.given(db.session, new.id) == set()
    assert client.get(old_link).status_code == 404
    assert client.get("/min-anmalan").status_code == 404
    mails = {mail["To"]: mail for mail in post()}
    assert set(mails) == {person.email, "eva.ny@habo.example.se"}
    assert "Du kommer i stället för en kollega. Du har en plats." in text_of(mails[new.email])
    assert not re.search(r"\bAda\b", text_of(mails[new.email]))
    assert "gått över till en kollega" in text_of(mails[person.email])
    assert not re.search(r"\bEva\b", text_of(mails[person.email]))
    statuses = []
    for mail in (mails[person.email], mails[new.email]):
        [part] = [p for p in mail.walk() if p.get_content_type() == "text/calendar"]
        calendar = icalendar.Calendar.from_ical(part.get_payload(decode=True))
        statuses.append(str(calendar.walk("VEVENT")[0]["STATUS"]))
    assert statuses == ["CANCELLED", "CONFIRMED"]
    assert breaches() == []


def test_the_choices_of_the_one_before_stand_in_the_form_and_can_be_kept(client):
    event = make.conference()
    full, _other = make.parallel(event, seats=(1, None))
    person = make.registration(event, choices=(full.id,))
    enter_mine(client, person)
    [form] = forms(client.get("/min-anmalan/overlat").text)
    assert form["fields"]["choice_11-00"] == str(full.id)
    assert client.submit("/min-anmalan/overlat", **NEW).status_code == 303
    assert taken(event) == [1, 1, 0]


def test_a_full_choice_is_refused_and_the_place_stays_where_it_was(client):
    event = make.conference()
    first, full = make.parallel(event, seats=(None, 1))
    make.registration(event, 5, choices=(full.id,))
    person = make.registration(event, choices=(first.id,))
    enter_mine(client, person)
    answer = client.submit("/min-anmalan/overlat", **NEW, **{"choice_11-00": str(full.id)})
    assert answer.status_code == 422
    assert "har blivit fullt" in answer.text
    assert 'value="Eva"' in answer.text
    assert make.again(person).status is Status.CONFIRMED
    assert taken(event) == [2, 1, 1]


def test_asked_twice_with_one_key_it_happens_once(client):
    event = make.conference()
    person = make.registration(event)
    enter_mine(client, person)
    [form] = forms(client.get("/min-anmalan/overlat").text)
    body = form["fields"] | NEW
    first = client.post("/min-anmalan/overlat", data=body)
    assert first.status_code == 303
    again = client.post("/min-anmalan/overlat", data=body)
    assert (again.status_code, again.location) == (303, first.location)
    other = client.post("/min-anmalan/overlat", data=body | {"form_key": "k" * 43})
    assert other.status_code == 404
    assert make.statuses(event) == {"Berg0": "cancelled", "Ny": "confirmed"}
    assert taken(event) == [1]


@pytest.mark.parametrize("facts", [{}, {"last_name": "ÖBERG", "email": "ASA@example.se"}])
def test_the_same_person_is_no_substitute(app, facts):
    event = make.conference()
    person = make.registration(event, first_name="Åsa", last_name="Öberg", email="asa@example.se")
    same = {"first_name": "Åsa", "last_name": "Öberg", "email": "asa@example.se"} | facts
    with pytest.raises(Refusal, match="samma person"):
        transfer(person, facts=same)
    assert make.again(person).status is Status.CONFIRMED


def test_a_colleague_who_waits_gets_the_place_before_those_ahead(app, post):
    event = make.conference(room=1)
    person = make.registration(event)
    make.registration(event, 1)
    colleague_waits = make.registration(event, 2)
    post()
    facts = {"first_name": "Ada", "last_name": "Berg2", "email": colleague_waits.email}
    transfer(person, facts=facts)
    assert make.statuses(event) == {
        "Berg0": "cancelled", "Berg1": "waiting", "Berg2": "confirmed"
    }  # fmt: skip
    subjects = {mail["To"]: mail["Subject"].split(":")[0] for mail in post()}
    assert subjects[colleague_waits.email] == "Du har fått en plats"
    assert breaches() == []


def test_a_colleague_who_has_a_place_keeps_it_and_the_next_in_the_queue_gets_this_one(app, post):
    event = make.conference(room=2)
    person, there = make.registration(event), make.registration(event, 1)
    waits = make.registration(event, 2)
    post()
    facts = {"first_name": "Ada", "last_name": "Berg1", "email": there.email}
    transfer(person, facts=facts)
    assert make.again(waits).status is Status.CONFIRMED
    assert taken(event) == [2]
    subjects = {mail["To"]: mail["Subject"].split(":")[0] for mail in post()}
    assert subjects[there.email] == "Du är redan anmäld"
    assert breaches() == []


def test_who_had_cancelled_can_come_instead(app):
    event = make.conference()
    person, back = make.registration(event), make.registration(event, 1)
    write(lambda: services.cancel(
        db.session, db.session.get_one(Registration, back.id), now=NOW
    ))  # fmt: skip
    facts = {"first_name": "Ada", "last_name": "Berg1", "email": back.email}
    assert transfer(person, facts=facts).id == back.id
    assert make.statuses(event) == {"Berg0": "cancelled", "Berg1": "confirmed"}
    assert breaches() == []


def test_only_a_place_can_be_handed_over_and_not_that_of_a_protected_person(client):
    event = make.conference(room=1)
    person, waits = make.registration(event), make.registration(event, 1)
    with pytest.raises(Refusal, match="Bara den som har en plats"):
        transfer(waits)
    write(lambda: services.change(
        db.session, db.session.get_one(Registration, person.id), facts={"protected": True},
        now=NOW, notify=False,
    ))  # fmt: skip
    with pytest.raises(Refusal, match="kan inte överlåtas"):
        transfer(person)
    for one in (person, waits):
        assert "/min-anmalan/overlat" not in enter_mine(client, make.again(one)).text
        answer = client.get("/min-anmalan/overlat")
        assert (answer.status_code, answer.location) == (303, "/min-anmalan")


def test_the_last_day_holds_for_the_person_but_not_for_those_who_work_here(make_app, staff):
    event = make.conference(cancel_by=NOW + timedelta(hours=1))
    person = make.registration(event)
    with pytest.raises(Refusal, match="gått ut"):
        transfer(person, now=NOW + timedelta(hours=2))
    late = open_client(make_app(FAKE_NOW=NOW + timedelta(hours=2)))
    assert "/min-anmalan/overlat" not in enter_mine(late, person).text
    staff("organiser")
    transfer(person, now=NOW + timedelta(hours=2), by=user("organiser.jonkoping@example.se"))
    assert make.statuses(event) == {"Berg0": "cancelled", "Kollega": "confirmed"}


def test_registration_that_has_closed_does_not_stop_a_colleague(app):
    event = make.conference(registration_closes=NOW + timedelta(hours=1))
    person = make.registration(event)
    assert transfer(person, now=NOW + timedelta(hours=2)).status is Status.CONFIRMED


def test_a_form_that_has_grown_old_is_refused(app):
    person = make.registration(make.conference())
    with pytest.raises(Stale):
        transfer(person, version=person.version + 1)


def test_staff_hand_over_with_a_reason_that_stands_in_the_history(staff, post):
    event = make.conference(room=1)
    person = make.registration(event)
    organiser = staff("organiser")
    here = url(event, f"deltagare/{person.id}")
    assert f"{here}/overlat" in organiser.get(here).text
    refused = organiser.submit(f"{here}/overlat", **NEW)
    assert (refused.status_code, "Skriv varför" in refused.text) == (422, True)
    answer = organiser.submit(f"{here}/overlat", **NEW, reason="Ringde och bad om det")
    new = named("Ny")
    assert (answer.status_code, answer.location) == (303, url(event, f"deltagare/{new.id}"))
    for page in (organiser.get(here).text, organiser.get(answer.location).text):
        assert "Ringde och bad om det" in page
    assert "Platsen överlåten" in organiser.get(here).text
    assert "Ringde" not in "".join(text_of(mail) for mail in post())
    lines = db.session.scalars(
        sa.select(AuditEntry).filter_by(action="registration.transferred")
    ).all()
    assert [(line.subject_id, line.details["with"]) for line in lines] == [(person.id, new.id)]
    assert "/overlat" not in organiser.get(here).text


def test_those_who_only_read_hand_nothing_over(staff):
    event = make.conference()
    person = make.registration(event)
    reader = staff("reader")
    assert reader.get(url(event, f"deltagare/{person.id}/overlat")).status_code == 403


def test_an_invited_organisation_still_says_who_comes(client, post):
    event = make_invitations.council()
    invitation = open_invitation(client, post, event)
    named_one = {"first_name": "Ada", "last_name": "Berg1", "email": "ada.berg1@example.se"}
    assert client.submit("/inbjudan", **row(1, named_one)).status_code == 303
    new = transfer(named("Berg1"))
    assert (new.invitation_id, new.source) == (invitation.id, Source.INVITATION)
    assert 'value="Kollega"' in client.get("/inbjudan").text
    assert client.submit("/inbjudan/nej").status_code == 303
    assert make.again(new).status is Status.CANCELLED
    assert breaches() == []


def test_the_contact_of_a_party_puts_a_colleague_in_somebodys_place(client, post):
    event = make.conference(room=2)
    made = make_parties.party(event, 2)
    waits = make.registration(event, 7)
    post()
    first = made.members[0].id
    enter(client, made)
    page = client.get(f"/min-grupp/{first}/byt").text
    assert "Vem kommer i stället för Bo Linda?" in page
    answer = client.submit(f"/min-grupp/{first}/byt", **NEW, diet="vegan")
    assert (answer.status_code, answer.location) == (303, "/min-grupp")
    assert make.statuses(event) == {
        "Linda": "cancelled", "Lindb": "confirmed", "Ny": "confirmed", "Berg7": "waiting",
    }  # fmt: skip
    assert make.again(waits).status is Status.WAITING
    page = client.get("/min-grupp").text
    assert "Eva Ny" in page
    told = {(mail["To"], mail["Subject"].split(":")[0]) for mail in post()}
    assert told == {
        ("bo.linda@habo.example.se", "Du är avanmäld"), (NEW["email"], "Du är anmäld"),
        ("karin.ek@habo.example.se", "Er gruppanmälan"),
    }  # fmt: skip
    new = named("Ny")
    assert needs.given(db.session, new.id) == {"diet"}
    last = db.session.refresh(made) or made.members[-1].id
    assert client.submit(f"/min-grupp/{last}/avanmal").status_code == 303
    assert make.again(new).status is Status.CANCELLED
    assert make.again(waits).status is Status.CONFIRMED
    assert breaches() == []


def test_letters_that_a_person_has_us_send_keep_to_what_a_mailbox_bears(client):
    event = make.conference()
    for number in range(6):
        person = make.registration(event, number)
        new = {"first_name": "Offer", "last_name": f"Ek{'abcdef'[number]}"}
        transfer(person, facts=new | {"email": "offer@example.se"})
    due = list(db.session.scalars(
        sa.select(Outbox.next_try).where(Outbox.recipient == "offer@example.se")
    ))  # fmt: skip
    assert len(due) == 6
    assert len([at for at in due if at < NOW + timedelta(hours=1)]) == 3


def test_tokens_of_the_one_before_are_dead_and_the_new_one_is_the_new_persons(client, post):
    """Case E5."""
    event = make.conference()
    person = make.registration(event)
    old = path(person)
    new = transfer(person)
    assert path(new) != old
    assert client.get(old).status_code == 404
    guessed = derived_token("registration", person.link_key, 1)
    assert client.get(f"/min-anmalan/{guessed}").status_code == 404
    assert "Ny Kollega" in enter_mine(client, new).text
    mails = post()
    assert old not in [one for mail in mails for one in links(text_of(mail))]


def test_what_anybody_can_see_of_a_colleague_is_only_what_they_typed(client):
    event = make.conference()
    make.registration(event, 1, phone="070-111 22 33", organisation="Hemliga AB")
    person = make.registration(event)
    enter_mine(client, person)
    known = {"first_name": "Ada", "last_name": "Berg1", "email": "ada.berg1@example.se"}
    answers = []
    for who in (known, colleague("z")):
        one = make.registration(event, 20 + len(answers))
        browser = open_client(client.application)
        enter_mine(browser, one)
        answer = browser.submit("/min-anmalan/overlat", **who)
        answers.append((answer.status_code, answer.location))
    assert answers[0] == answers[1] == (303, "/min-anmalan/overlaten")
