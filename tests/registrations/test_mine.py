"""A participant's own page: behind a secret link that changes nothing by being opened."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from accounts.models import AuditEntry, User
from core import crypto
from core.db import Model, db, write
from events import services as event_services
from events.models import Event
from events.rules import Mode, State
from registrations import needs, services
from registrations.calendars.entries import uid_of
from registrations.models import ItemChoice, Registration
from tests.conftest import NOW, forms, links, open_client
from tests.registrations import make


def path(person):
    token = crypto.derived_token("registration", person.link_key, person.token_version)
    return f"/min-anmalan/{token}"


def enter(client, person):
    answer = client.get(path(person))
    assert (answer.status_code, answer.location) == (303, "/min-anmalan")
    return client.get("/min-anmalan")


def everything():
    """All rows of all tables, to see that nothing has changed."""
    db.session.rollback()
    return {
        table.name: sorted(map(repr, db.session.execute(sa.select(table))))
        for table in Model.metadata.sorted_tables
    }


def test_the_link_of_the_letter_leads_to_a_clean_address(client, post):
    event = make.conference()
    make.registration(event)
    [mail] = post()
    [own] = [one for one in links(mail.get_body(("plain",)).get_content()) if "min-anmalan" in one]
    answer = client.get(own)
    assert (answer.status_code, answer.location) == (303, "/min-anmalan")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Max-Age=1800" in cookie
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    page = client.get("/min-anmalan")
    assert page.headers["Cache-Control"] == "no-store"
    assert own.rsplit("/", 1)[1] not in page.text
    assert "Du har en plats." in page.text
    assert "torsdag 4 mars 2027 kl. 09.30–16.00" in page.text
    assert "Folkets hus, Södergatan 5, Jönköping" in page.text


def test_over_https_the_cookie_is_bound_to_the_host(make_app, app):
    person = make.registration(make.conference())
    secure = make_app(BASE_URL="https://localhost")
    with secure.app_context():
        answer = open_client(secure).get(path(person))
    assert answer.headers["Set-Cookie"].startswith("__Host-anmalan=")
    assert "Secure" in answer.headers["Set-Cookie"]


def test_scanners_that_open_every_link_change_nothing(client):
    person = make.registration(make.conference(room=1))
    make.registration(make.conference(room=1), 2)
    before = everything()
    for method in ("get", "head", "options"):
        getattr(client, method)(path(person))
        for address in ("", "/andra", "/avanmal", "/kalender.ics", "/ny-lank", "/lank-skickad"):
            getattr(client, method)(f"/min-anmalan{address}")
    assert everything() == before


def test_unknown_old_and_bent_links_meet_the_same_page(client):
    person = make.registration(make.conference())
    right = path(person)
    write(
        lambda: services.change(
            db.session, db.session.get_one(Registration, person.id),
            facts={"email": "ny.adress@example.se"}, by=None, now=NOW,
        )
    )  # fmt: skip
    pages = [client.get(right), client.get("/min-anmalan/" + "A" * 43), client.get("/min-anmalan")]
    assert {page.status_code for page in pages} == {404}
    assert all("Länken gäller inte" in page.text for page in pages)
    assert client.get(right[:-1]).status_code == 404
    assert enter(client, make.again(person)).status_code == 200


def test_a_cookie_dies_with_its_link_and_after_half_an_hour(make_app, client):
    person = make.registration(make.conference())
    enter(client, person)
    cookie = client.get_cookie("anmalan").value
    later = open_client(make_app(FAKE_NOW=NOW + timedelta(minutes=31)))
    later.set_cookie("anmalan", cookie)
    assert later.get("/min-anmalan").status_code == 404
    forged = open_client(client.application)
    forged.set_cookie("anmalan", cookie.replace(f"{person.id}.", f"{person.id + 1}.", 1))
    assert forged.get("/min-anmalan").status_code == 404
    write(
        lambda: services.change(
            db.session, db.session.get_one(Registration, person.id),
            facts={"email": "ny.adress@example.se"}, by=None, now=NOW,
        )
    )  # fmt: skip
    assert client.get("/min-anmalan").status_code == 404


def test_nobody_reaches_anothers_registration(client):
    event = make.conference()
    one, other = make.registration(event, 1), make.registration(event, 2)
    enter(client, one)
    page = client.get("/min-anmalan").text
    assert "Berg1" in page
    assert "Berg2" not in page
    client.submit("/min-anmalan/andra", last_name="Ek", id=str(other.id), email="x@example.se")
    assert (make.again(one).last_name, make.again(other).last_name) == ("Ek", "Berg2")
    assert make.again(one).email == "ada.berg1@example.se"


def test_the_place_in_the_queue_is_shown(client):
    event = make.conference(room=1)
    for number in range(3):
        make.registration(event, number)
    person = db.session.scalars(sa.select(Registration).filter_by(last_name="Berg2")).one()
    page = enter(client, person).text
    assert "Du står som nummer 2 på reservlistan." in page
    assert client.get("/min-anmalan/kalender.ics").status_code == 404


def test_the_link_to_the_meeting_is_only_for_those_with_a_place_on_the_net(client, post):
    event = make.conference(online=1)
    shown = make.registration(event, 1, mode=Mode.ONLINE)
    waits = make.registration(event, 2, mode=Mode.ONLINE)
    room = make.registration(event, 3)
    link = "https://mote.example.se/rum"
    assert link in enter(client, shown).text
    assert link not in enter(client, waits).text
    assert link not in enter(client, room).text
    assert [link in mail.as_string() for mail in post()] == [True, False, False]


def test_one_changes_what_one_has_said(client, post):
    event = make.conference(online=10)
    few, many = make.parallel(event, seats=(1, None))
    person = make.registration(event, choices=(few.id,))
    post()
    enter(client, person)
    answer = client.submit(
        "/min-anmalan/andra", organisation="Region Jönköpings län", sector="region",
        mode="online", **{"choice_11-00": str(many.id)},
    )  # fmt: skip
    assert (answer.status_code, answer.location) == (303, "/min-anmalan")
    page = client.get("/min-anmalan").text
    assert "Ändringen är sparad." in page
    assert "Region Jönköpings län" in page
    assert "Bostäder på kort tid" in page
    assert make.again(person).mode is Mode.ONLINE
    [mail] = post()
    assert mail["Subject"] == "Ändrad anmälan: Mottagande och etablering"


def test_the_form_of_change_holds_what_there_is_and_saving_it_changes_nothing(client, post):
    event = make.conference()
    few, _many = make.parallel(event, seats=(1, None))
    person = make.registration(event, choices=(few.id,), needs={"diet": "Celiaki"})
    post()
    enter(client, person)
    page = client.get("/min-anmalan/andra").text
    assert "Celiaki" not in page
    assert "Du har lämnat uppgifter" in page
    assert client.submit("/min-anmalan/andra").status_code == 303
    assert db.session.scalars(sa.select(ItemChoice.item_id)).all() == [few.id]
    assert needs.given(db.session, person.id) == {"diet"}
    assert post() == []


def test_needs_can_be_replaced_and_taken_away_but_are_not_shown(client, staff):
    person = make.registration(make.conference(), needs={"diet": "Celiaki"})
    enter(client, person)
    client.submit("/min-anmalan/andra", access_needs="Teckenspråkstolk")
    staff("organiser")
    officer = db.session.scalars(sa.select(User)).first()
    found = write(
        lambda: needs.read(
            db.session, [db.session.get_one(Registration, person.id)],
            by=db.session.get_one(User, officer.id), now=NOW,
        )
    )  # fmt: skip
    assert found == {person.id: {"diet": "Celiaki", "access": "Teckenspråkstolk"}}
    looks = db.session.scalars(sa.select(AuditEntry).filter_by(action="need.read")).all()
    assert [(look.subject_id, look.user_id) for look in looks] == [(person.id, officer.id)]
    assert "Celiaki" not in repr([row.details for row in db.session.scalars(sa.select(AuditEntry))])
    page = client.submit("/min-anmalan/andra", forget_needs="y")
    assert page.status_code == 303
    assert needs.given(db.session, person.id) == set()


def test_a_form_that_has_grown_old_is_refused_and_kept(client):
    person = make.registration(make.conference())
    enter(client, person)
    [form] = forms(client.get("/min-anmalan/andra").text)
    write(
        lambda: services.change(
            db.session, db.session.get_one(Registration, person.id),
            facts={"phone": "070-123 45 67"}, now=NOW,
        )
    )  # fmt: skip
    answer = client.post("/min-anmalan/andra", data=form["fields"] | {"organisation": "Ny AB"})
    assert answer.status_code == 409
    assert 'value="Ny AB"' in answer.text
    assert make.again(person).organisation == "Rädda bina"


def test_cancelling_asks_first_and_then_happens_once(client, post):
    person = make.registration(make.conference())
    post()
    enter(client, person)
    question = client.get("/min-anmalan/avanmal")
    assert "<h1>Vill du avanmäla dig?</h1>" in question.text
    assert make.again(person).status == "confirmed"
    answer = client.submit("/min-anmalan/avanmal")
    assert (answer.status_code, answer.location) == (303, "/min-anmalan")
    page = client.get("/min-anmalan").text
    assert "Du är avanmäld." in page
    assert make.again(person).status == "cancelled"
    assert [mail["Subject"] for mail in post()] == ["Du är avanmäld: Mottagande och etablering"]
    assert b"STATUS:CANCELLED" in client.get("/min-anmalan/kalender.ics").data
    assert client.get("/min-anmalan/avanmal").status_code == 303


def test_after_the_last_day_the_page_says_whom_to_call(make_app, client):
    event = make.conference(cancel_by=NOW + timedelta(hours=1))
    person = make.registration(event)
    assert "Avanmäl dig" in enter(client, person).text
    late = open_client(make_app(FAKE_NOW=NOW + timedelta(hours=2)))
    page = enter(late, person).text
    assert "Tiden för ändringar har gått ut." in page
    assert 'href="tel:+46102236000"' in page
    assert "/min-anmalan/avanmal" not in page
    assert late.get("/min-anmalan/avanmal").status_code == 303
    enter(client, person)
    [form] = forms(client.get("/min-anmalan/avanmal").text)
    late.set_cookie("visitor", client.get_cookie("visitor").value)
    assert late.post("/min-anmalan/avanmal", data=form["fields"]).status_code == 303
    assert make.again(person).status == "confirmed"


def test_the_own_calendar_file_grows_in_sequence_and_keeps_its_identity(client):
    import icalendar  # noqa: PLC0415

    event = make.conference(online=5)
    person = make.registration(event)

    def read():
        file = client.get("/min-anmalan/kalender.ics")
        assert file.headers["Content-Type"] == "text/calendar; charset=utf-8"
        return icalendar.Calendar.from_ical(file.data).walk("VEVENT")[0]

    enter(client, person)
    first = read()
    client.submit("/min-anmalan/andra", mode="online")
    second = read()
    client.submit("/min-anmalan/avanmal")
    third = read()
    assert first["UID"] == second["UID"] == third["UID"] == uid_of(make.again(person))
    assert first["SEQUENCE"] < second["SEQUENCE"] < third["SEQUENCE"]
    assert [str(one["STATUS"]) for one in (first, second, third)] == [
        "CONFIRMED", "CONFIRMED", "CANCELLED",
    ]  # fmt: skip
    assert first.decoded("DTSTART") == event.starts


@pytest.mark.parametrize("state", [State.CANCELLED, State.POSTPONED])
def test_what_happens_to_the_event_is_shown(client, state):
    event = make.conference()
    person = make.registration(event)
    write(
        lambda: event_services.set_state(
            db.session, db.session.get_one(Event, event.id), state, note="Talaren är sjuk.",
            by=None, now=NOW,
        )
    )  # fmt: skip
    page = enter(client, person).text
    assert ("inställt" if state is State.CANCELLED else "framflyttat") in page
    assert "Talaren är sjuk." in page


def test_the_link_is_sent_again_without_telling_whether_there_was_one(client, post):
    event = make.conference()
    person = make.registration(event)
    make.registration(event, 1, email=person.email)
    post()
    answers = [
        client.submit("/min-anmalan/ny-lank", email=email)
        for email in (person.email.upper(), "okand@example.se", person.email)
    ]
    assert {(one.status_code, one.location) for one in answers} == {
        (303, "/min-anmalan/lank-skickad")
    }
    assert "Finns det en anmälan med den adressen" in client.get("/min-anmalan/lank-skickad").text
    [mail] = post()
    text = mail.get_body(("plain",)).get_content()
    assert len([one for one in links(text) if one.startswith("/min-anmalan/")]) == 2
    assert path(person) in links(text)


def test_the_database_holds_only_the_hash_of_the_link(app):
    person = make.registration(make.conference())
    token = path(person).rsplit("/", 1)[1]
    assert person.token_hash == crypto.digest(token)
    assert token not in repr(everything())
