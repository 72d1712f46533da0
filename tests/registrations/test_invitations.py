"""From the list to the meeting: an organisation is invited, answers, comes, and is shown."""

import threading

import pytest
import sqlalchemy as sa

from core.db import db, write
from core.outbox.models import Outbox
from events import services as event_services
from events.models import Event
from events.rules import Mode, State
from registrations import services as registration_services
from registrations.door import services as door
from registrations.invitations import services
from registrations.models import Invitation, Registration
from registrations.rules import Answer, Source, Status, Tick
from tests.events import make as events
from tests.registrations import make as make_people
from tests.registrations import make_invitations as make
from tests.registrations.make_invitations import NOW, PEOPLE, row

PERSONAL = ("Hamida", "Qorane", "Sixten", "hamida.qorane", "sixten", "kaffevagnen@example.se")


STRANGER = {"first_name": "Eva", "last_name": "Nilsson", "email": "eva.nilsson@example.se"}


def rows(people):
    """The fields of a form with five rows, filled in with these people."""
    empty = dict.fromkeys(STRANGER, "")
    told = [*people, *[empty] * (5 - len(people))]
    return {key: value for n, one in enumerate(told, 1) for key, value in row(n, one).items()}


def plain(message):
    return message.get_body(("plain",)).get_content()


def open_invitation(client, post, event=None, **facts):
    """An invitation that has been mailed, opened in `client`."""
    event = event or make.council()
    invitation = make.invitation(event, **facts)
    letter = post()[-1]
    assert client.get(make.link(letter)).status_code == 303
    return invitation


def test_an_organisation_is_invited_accepts_comes_and_is_shown_without_persons(
    app, client, staff, post
):
    event = make.council()
    events.item(event, title="Runda")
    make.release(event)
    organiser = staff("organiser")
    added = organiser.submit(
        f"/arbeta/evenemang/{event.id}/inbjudna/ny", organisation="Kaffevagnen",
        sector="civil_society", municipality="0685", seats="2", criterion="Möter målgruppen",
        reason="Besöker orter som har mist sin butik.", email="kaffevagnen@example.se",
    )  # fmt: skip
    assert added.status_code == 303
    invitation = db.session.scalar(sa.select(Invitation))
    assert invitation.answer is Answer.DRAFT
    assert post() == []
    assert "Kaffevagnen" not in client.get("/sakrad").text

    preview = organiser.get(f"/arbeta/evenemang/{event.id}/inbjudna/skicka")
    assert "Besöker orter som har mist sin butik." in preview.text
    assert "(organisationens egen länk)" in preview.text
    assert organiser.submit(preview.request.path).status_code == 303
    (letter,) = post()
    assert letter["To"] == "kaffevagnen@example.se"
    assert letter["Reply-To"] == "kim.kontakt@example.se"
    text = plain(letter)
    for said in (
        "Tove Forsell, länsråd", "Hur når små föreningar", "En djupare bild",
        "Svaren går in i underlaget", "måndag 14 december 2026 kl. 10.00–14.00", "Folkets hus",
        "10.00–11.00 Runda", "Ni får vara 2 personer", "torsdag 10 december 2026 kl. 23.59",
    ):  # fmt: skip
        assert said in text
    (calendar,) = letter.iter_attachments()
    assert calendar.get_content_type() == "text/calendar"
    assert b"BEGIN:VEVENT" in calendar.get_payload(decode=True)

    landed = client.get(make.link(letter))
    assert (landed.status_code, landed.headers["Location"]) == (303, "/inbjudan")
    page = client.get("/inbjudan")
    assert "Hur når små föreningar" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    answered = client.submit(
        "/inbjudan", **row(1, PEOPLE[0]), **row(2, PEOPLE[1]), role_2="elected"
    )
    assert answered.status_code == 303
    assert "Tack! Ert svar är sparat." in client.get("/inbjudan").text

    people = db.session.scalars(sa.select(Registration).order_by(Registration.id)).all()
    assert [(one.name, one.status, one.source) for one in people] == [
        ("Hamida Qorane", Status.CONFIRMED, Source.INVITATION),
        ("Sixten Vrå", Status.CONFIRMED, Source.INVITATION),
    ]
    assert {(one.organisation, one.sector.value, one.municipality) for one in people} == {
        ("Kaffevagnen", "civil_society", "0685")
    }
    assert sorted(message["To"] for message in post()) == [
        "hamida.qorane@example.se", "kaffevagnen@example.se", "sixten.vra@example.se",
    ]  # fmt: skip

    app.config["FAKE_NOW"] = event.starts
    organiser = staff("organiser", name="sen")
    invited = f"/arbeta/evenemang/{event.id}/inbjudna"
    for page in (client.get("/sakrad").text, organiser.get(invited).text):
        assert "Kom inte" not in page  # nobody has been ticked in: that is not known
        assert "0 kom" not in page
    write(lambda: door.tick(
        db.session, db.session.scalars(sa.select(Registration).order_by(Registration.id)).first(),
        tick=Tick.IN, nonce="n1", by=None, now=event.starts,
    ))  # fmt: skip
    assert "Kom<" in organiser.get(invited).text
    council = client.get("/sakrad.json").json["councils"][0]
    assert council["invited"] == [
        {
            "organisation": "Kaffevagnen", "slug": "kaffevagnen", "sector": "civil_society",
            "municipality": "Vetlanda", "county": "Jönköpings län",
            "criterion": "Möter målgruppen", "reason": "Besöker orter som har mist sin butik.",
            "seats": 2, "answer": "accepted", "came": True,
        }
    ]  # fmt: skip
    for address in ("/sakrad", "/sakrad.json", "/sakrad.csv", f"/evenemang/{event.slug}"):
        shown = client.get(address)
        assert shown.status_code == 200
        assert [word for word in PERSONAL if word in shown.text] == []


def test_a_link_that_is_wrong_in_any_way_gets_the_same_neutral_page(client, post):
    event = make.council()
    invitation = make.invitation(event)
    path = make.link(post()[-1])
    token = path.removeprefix("/inbjudan/")
    stranger = "A" * 43
    write(lambda: services.correct_address(
        db.session, make.again(invitation), email="ny@example.se", by=None, now=NOW
    ))  # fmt: skip
    fresh = make.link(post()[-1])
    wrong = (
        path, f"/inbjudan/{token[:-1]}", f"/inbjudan/{stranger}", f"/inbjudan/{fresh[10:].upper()}",
        f"{fresh}A", "/inbjudan", "/inbjudan/%00%ff",
    )  # fmt: skip
    answers = [client.get(address) for address in wrong]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text.split("<main")[1].split("</main>")[0] for answer in answers}) == 1
    assert "Öppna länken i det senaste mejlet" in answers[0].text
    assert client.get(fresh).status_code == 303


def test_the_link_of_one_event_opens_nothing_at_another(client, post):
    first = make.council(title="Sakråd ett")
    second = make.council(title="Sakråd två", slug="sakrad-tva")
    open_invitation(client, post, first, name="Kaffevagnen")
    make.invitation(second, name="Diakoniringen")
    page = client.get("/inbjudan").text
    assert "Sakråd ett" in page
    assert "Sakråd två" not in page
    client.submit("/inbjudan", **row(1, PEOPLE[0]))
    assert db.session.scalars(sa.select(Registration.event_id)).all() == [first.id]


def test_after_half_an_hour_or_a_new_link_the_page_asks_for_the_mail_again(app, client, post):
    invitation = open_invitation(client, post)
    form = client.get("/inbjudan").text
    assert "Vilka kommer från er?" in form
    write(lambda: services.correct_address(
        db.session, make.again(invitation), email="ny@example.se", by=None, now=NOW
    ))  # fmt: skip
    rotated = client.get("/inbjudan")
    assert rotated.status_code == 404
    assert "Öppna länken i det senaste mejlet" in rotated.text
    client.get(make.link(post()[-1]))
    assert client.get("/inbjudan").status_code == 200
    app.config["FAKE_NOW"] = NOW.replace(minute=31)
    assert client.get("/inbjudan").status_code == 404


@pytest.mark.parametrize("cookie", ["1.1.99999999999.x", "å", "1.1", "...", "1.1.9.é", ""])
def test_a_forged_cookie_lets_nobody_in(client, cookie):
    make.invitation(make.council())
    client.set_cookie("inbjudan", cookie.encode().decode("latin-1"))
    assert client.get("/inbjudan").status_code == 404


def test_a_scanner_that_opens_everything_changes_nothing(client, post):
    invitation = make.invitation(make.council())
    path = make.link(post()[-1])
    before = _everything()
    for _time in range(2):
        for address in (path, "/inbjudan", "/inbjudan/nej"):
            client.get(address)
            client.head(address)
    assert _everything() == before
    assert make.again(invitation).answer is Answer.SENT


def _everything():
    db.session.rollback()
    return {
        table.name: db.session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        for table in Invitation.metadata.sorted_tables
    } | {"version": db.session.scalar(sa.select(Invitation.version))}


def test_more_people_than_seats_is_refused_and_nobody_is_registered(client, post):
    open_invitation(client, post, seats=2)
    fields = row(1, PEOPLE[0]) | row(2, PEOPLE[1]) | row(3, PEOPLE[2])
    answer = client.submit("/inbjudan", **fields)
    assert answer.status_code == 303  # the third row is no field of this form, and is ignored
    assert db.session.scalar(sa.select(sa.func.count(Registration.id))) == 2


def test_the_service_refuses_too_many_and_the_same_person_twice(app):
    invitation = make.invitation(make.council(), seats=2)
    for people, sentence in (
        (PEOPLE, "Ni får vara högst 2. Ta bort någon."),
        ([PEOPLE[0], PEOPLE[0] | {"email": "HAMIDA.QORANE@example.se"}],
         "Samma person står två gånger. Ta bort den ena."),
        ([], "Skriv minst en person, eller tacka nej."),
    ):  # fmt: skip
        with pytest.raises(Exception, match=sentence[:30]):
            make.accepted(invitation, people)
        assert db.session.scalar(sa.select(sa.func.count(Registration.id))) == 0


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_is_kept(client, post):
    open_invitation(client, post)
    answer = client.submit(
        "/inbjudan", first_name_1="Hamida", email_1="ingen adress", **row(2, PEOPLE[1])
    )
    assert answer.status_code == 422
    assert 'value="ingen adress"' in answer.text
    assert 'id="last_name_1-error">Skriv efternamnet' in answer.text
    assert 'id="email_1-error">Skriv en e-postadress' in answer.text
    twice = client.submit("/inbjudan", **row(1, PEOPLE[0]), **row(2, PEOPLE[0]))
    assert twice.status_code == 422
    assert 'id="email_2-error">Samma person står två gånger.' in twice.text
    assert db.session.scalar(sa.select(sa.func.count(Registration.id))) == 0


def test_all_come_or_nobody_where_seats_do_not_suffice(client, post):
    event = make.council(room=1)
    open_invitation(client, post, event)
    answer = client.submit("/inbjudan", **row(1, PEOPLE[0]), **row(2, PEOPLE[1]))
    assert answer.status_code == 422
    assert "Det finns inte plats för så många." in answer.text
    assert db.session.scalar(sa.select(sa.func.count(Registration.id))) == 0
    assert post() == []
    assert client.submit("/inbjudan", **row(1, PEOPLE[0])).status_code == 303


def test_two_who_answer_at_once_never_fill_more_than_the_seats(app, client, post):
    invitation = open_invitation(client, post, seats=1)
    cookie = client.get_cookie("inbjudan").value
    statuses, barrier = [], threading.Barrier(2)

    def answer(person):
        with app.app_context():
            browser = app.test_client()
            browser.set_cookie("inbjudan", cookie)
            page = browser.get("/inbjudan").text
            fields = row(1, person) | {
                name: page.split(f'name="{name}" value="')[1].split('"')[0]
                for name in ("csrf_token", "form_key", "version")
            }
            barrier.wait()
            statuses.append(browser.post("/inbjudan", data=fields).status_code)

    threads = [threading.Thread(target=answer, args=(person,)) for person in PEOPLE[:2]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [303, 409]
    active = db.session.scalars(sa.select(Registration.status)).all()
    assert active == [Status.CONFIRMED]
    assert make.again(invitation).answer is Answer.ACCEPTED


def test_an_organisation_may_change_who_comes_and_then_say_no(client, post):
    invitation = open_invitation(client, post)
    client.submit("/inbjudan", **row(1, PEOPLE[0]))
    post()
    client.submit("/inbjudan", **row(1, PEOPLE[1]))
    to = {message["To"]: message["Subject"] for message in post()}
    assert set(to) == {
        "hamida.qorane@example.se",
        "sixten.vra@example.se",
        "kaffevagnen@example.se",
    }
    assert _statuses() == {"Qorane": "cancelled", "Vrå": "confirmed"}

    assert "avanmäls" in client.get("/inbjudan/nej").text
    said = client.submit("/inbjudan/nej", message="Fråga gärna Diakoniringen.")
    assert said.status_code == 303
    assert _statuses() == {"Qorane": "cancelled", "Vrå": "cancelled"}
    assert make.again(invitation).answer is Answer.DECLINED
    assert "Diakoniringen" not in client.get("/sakrad.json").text
    assert client.get("/sakrad.json").json["councils"][0]["invited"][0]["answer"] == "declined"

    client.submit("/inbjudan", **row(1, PEOPLE[0]))
    assert _statuses() == {"Qorane": "confirmed", "Vrå": "cancelled"}
    assert make.again(invitation).answer is Answer.ACCEPTED


def _statuses():
    db.session.rollback()
    return {one.last_name: one.status.value for one in db.session.scalars(sa.select(Registration))}


def test_nobody_answers_after_the_last_day_but_what_was_said_is_shown(app, client, post):
    event = make.council()
    make.accepted(open_invitation(client, post, event))
    app.config["FAKE_NOW"] = event.registration_closes
    letter = make.link([m for m in post() if m["To"] == "kaffevagnen@example.se"][-1])
    client.get(letter)
    page = client.get("/inbjudan")
    assert "Det går inte längre att ändra här." in page.text
    assert "Hamida Qorane" in page.text
    assert 'name="first_name_1"' not in page.text


def test_an_answer_never_tells_who_is_registered_or_protected(client, post, staff):
    """Named who came by herself, by another, in the queue or hidden: shown as written."""
    event = make.council(room=4)
    make.accepted(make.invitation(event, name="Diakoniringen"), PEOPLE[:1])
    people = {
        "Sixten": make_people.registration(
            event, **PEOPLE[1], protected=True, source=Source.STAFF, organisation="Hemliga huset"
        ),
        "Ylva": make_people.registration(event, **PEOPLE[2], source=Source.STAFF),
    }
    before = {one.id: (one.status, one.source, one.version) for one in people.values()}
    invitation = open_invitation(client, post, event, name="Kaffevagnen", seats=5)
    typed = [PEOPLE[0], PEOPLE[1] | {"first_name": "SIXTEN"}, PEOPLE[2], STRANGER]
    full = client.submit("/inbjudan", **rows(typed[:3]))
    assert full.status_code == 422  # a single seat is left: nobody new gets a second
    assert 'id="first_name_2-error">Det finns inte plats' in full.text
    write(lambda: event_services.change_event(
        db.session, db.session.get_one(Event, event.id), facts={}, capacity={Mode.ROOM: 9},
        by=None, now=NOW,
    ))  # fmt: skip
    assert client.submit("/inbjudan", **rows(typed)).status_code == 303
    page = client.get("/inbjudan").text
    for one in typed:
        assert all(f'value="{one[name]}"' in page for name in one)
    assert "bara arrangören ser" not in page
    assert "redan anmäld" not in page
    (letter,) = [m for m in post() if m["Subject"].startswith("Tack för ert svar")][-1:]
    assert all(f"{one['first_name']} {one['last_name']}" in plain(letter) for one in typed)
    assert {one.id: (again.status, again.source) for one in people.values()
            for again in [make_people.again(one)]} == {
        id_: told[:2] for id_, told in before.items()
    }  # fmt: skip

    # Taken off again, only who came by this answer is cancelled; and who has been marked as
    # protected since is shown as she was written.
    eva = db.session.scalars(sa.select(Registration).filter_by(email=STRANGER["email"])).one()
    write(lambda: registration_services.change(
        db.session, db.session.get_one(Registration, eva.id), now=NOW,
        facts={"first_name": "Alias", "protected": True},
    ))  # fmt: skip
    page = client.get("/inbjudan").text
    assert f'value="{STRANGER["first_name"]}"' in page
    assert "Alias" not in page
    assert client.submit("/inbjudan", **rows([PEOPLE[0]])).status_code == 303
    assert _statuses() == {"Qorane": "confirmed", "Vrå": "confirmed", "Zingmark": "confirmed",
                           "Nilsson": "cancelled"}  # fmt: skip
    assert make.again(invitation).answer is Answer.ACCEPTED


def test_the_same_post_twice_registers_once(client, post):
    open_invitation(client, post)
    page = client.get("/inbjudan").text
    fields = row(1, PEOPLE[0]) | {
        name: page.split(f'name="{name}" value="')[1].split('"')[0]
        for name in ("csrf_token", "form_key", "version")
    }
    assert [client.post("/inbjudan", data=fields).status_code for _time in range(2)] == [303, 303]
    assert db.session.scalar(sa.select(sa.func.count(Registration.id))) == 1


def test_what_is_not_in_the_form_changes_nothing(client, post):
    invitation = open_invitation(client, post)
    client.submit(
        "/inbjudan", **row(1, PEOPLE[0]), seats="50", answer="declined", event_id="9", status="x",
        reason="Annat", token_hash="x",
    )  # fmt: skip
    now = make.again(invitation)
    assert (now.seats, now.answer, now.reason) == (
        2, Answer.ACCEPTED, "Besöker orter som har mist sin butik."
    )  # fmt: skip


def test_invited_organisations_hear_that_it_is_cancelled_or_moved(post):
    event = make.council()
    make.accepted(make.invitation(event, name="Kaffevagnen"))
    make.invitation(event, name="Grannhjälpen")
    declined = make.invitation(event, name="Diakoniringen")
    write(lambda: services.decline(db.session, make.again(declined), message="", now=NOW))
    make.invitation(event, name="Saffran", sent=False)
    post()
    write(lambda: event_services.change_event(
        db.session, db.session.get_one(Event, event.id),
        facts={"venue_name": "Biblioteket"}, by=None, now=NOW,
    ))  # fmt: skip
    moved = {m["To"]: plain(m) for m in post() if "/inbjudan/" in plain(m)}
    assert set(moved) == {"kaffevagnen@example.se", "grannhjlpen@example.se"}
    assert all("Biblioteket" in text for text in moved.values())
    write(lambda: event_services.set_state(
        db.session, db.session.get_one(Event, event.id), State.CANCELLED,
        note="Inbjudaren är sjuk.", by=None, now=NOW,
    ))  # fmt: skip
    told = [m for m in post() if m["To"] in moved]
    assert len(told) == 2
    assert all(m["Subject"].startswith("INSTÄLLT") for m in told)
    assert all("Inbjudaren är sjuk." in plain(m) for m in told)


def test_a_letter_that_waits_says_nothing_when_it_is_too_late(app, post):
    event = make.council()
    make.invitation(event)
    app.config["FAKE_NOW"] = event.registration_closes
    assert post() == []
    assert db.session.scalar(sa.select(Outbox.state)) == "superseded"
