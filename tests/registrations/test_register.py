"""The form: one page, no account, and a neutral answer."""

import re
import unicodedata
from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.db import db, write
from core.outbox.models import Outbox
from events import services as event_services
from events.models import Event
from events.rules import Mode, State
from registrations.models import ItemChoice, Need, Registration
from registrations.rules import RoleKind, Source, Status
from tests.conftest import NOW, forms, open_client
from tests.registrations import make


def address(event):
    return f"/evenemang/{event.slug}/anmalan"


def everybody(event):
    asked = sa.select(Registration).filter_by(event_id=event.id).order_by(Registration.id)
    return list(db.session.scalars(asked))


def test_a_participant_registers_in_one_step_and_is_thanked(client, post):
    event = make.conference()
    answer = client.submit(address(event), **make.PERSON)
    assert (answer.status_code, answer.location) == (303, f"{address(event)}/tack")
    thanks = client.get(answer.location)
    assert "<h1>Tack för din anmälan</h1>" in thanks.text
    assert "torsdag 4 mars 2027 kl. 09.30–16.00" in thanks.text
    [person] = everybody(event)
    assert (person.name, person.email) == ("Åsa Öberg", "asa.oberg@tranas.example.se")
    assert (person.status, person.mode, person.source) == (Status.CONFIRMED, Mode.ROOM, Source.WEB)
    assert (person.role_kind, person.municipality) == (RoleKind.OFFICIAL, "0687")
    [mail] = post()
    assert mail["To"] == "asa.oberg@tranas.example.se"
    assert mail["Subject"] == "Du är anmäld: Mottagande och etablering"


def test_a_name_that_grows_when_it_is_folded_is_taken_like_any_other(client):
    event = make.conference()
    long = {"first_name": "ΐ" * 100, "last_name": "ŉ" * 100,
            "email": f"a@{'.'.join(['ΐ' * 38] * 3)}.se"}  # fmt: skip
    for _time in range(2):
        assert client.submit(address(event), **make.PERSON | long).status_code == 303
    [person] = everybody(event)
    assert person.name == f"{long['first_name']} {long['last_name']}"
    assert client.submit("/min-anmalan/ny-lank", email=long["email"]).status_code == 303
    about = db.session.scalars(sa.select(Outbox.kind).order_by(Outbox.id)).all()
    assert about == ["registration.receipt", "registration.already", "registration.links"]


def test_the_form_asks_for_no_more_than_it_must(client):
    event = make.conference()
    [form] = forms(client.get(address(event)).text)
    assert set(form["fields"]) == {
        "csrf_token", "form_key", "first_name", "last_name", "email", "phone", "organisation",
        "sector", "municipality", "role_kind", "diet", "access_needs",
        "form_opened", "form_work", "website",  # against programs: nobody is asked for these
    }  # fmt: skip


def test_the_box_for_the_list_is_not_ticked_beforehand(client):
    event = make.conference()
    page = client.get(address(event)).text
    assert re.search(r'<input[^>]*name="list_consent"[^>]*>', page)
    assert "checked" not in re.search(r'<input[^>]*name="list_consent"[^>]*>', page)[0]
    client.submit(address(event), **make.PERSON)
    client.submit(address(event), **make.PERSON | {"last_name": "Ek", "list_consent": "y"})
    assert [person.list_consent for person in everybody(event)] == [False, True]


def test_the_own_county_comes_first_among_municipalities(client):
    page = client.get(address(make.conference())).text
    codes = re.findall(r'<option value="(\d{4})"', page)
    assert len(codes) == len(set(codes)) == 290
    assert all(code.startswith("06") for code in codes[:13])
    assert not codes[13].startswith("06")


def test_the_way_to_participate_is_asked_only_where_there_are_two(client):
    both = make.conference(online=300)
    page = client.get(address(both)).text
    assert "Hur deltar du?" in page
    assert "mer än 30 platser kvar" in page
    wrong = client.submit(address(both), **make.PERSON)
    assert wrong.status_code == 422
    assert "Välj hur du deltar" in wrong.text
    client.submit(address(both), **make.PERSON, mode="online")
    assert everybody(both)[0].mode is Mode.ONLINE


def test_a_seminar_is_chosen_and_its_seat_taken(client):
    event = make.conference()
    few, many = make.parallel(event, seats=(1, None))
    page = client.get(address(event)).text
    assert 'name="choice_11-00"' in page
    assert "1 plats kvar" in page
    client.submit(address(event), **make.PERSON, **{"choice_11-00": str(few.id)})
    assert db.session.scalars(sa.select(ItemChoice.item_id)).all() == [few.id]
    page = client.get(address(event)).text
    assert re.search(rf'<input[^>]*disabled[^>]*value="{few.id}"', page)
    late = make.PERSON | {"last_name": "Ek"}
    refused = client.submit(address(event), **late, **{"choice_11-00": str(few.id)})
    assert refused.status_code == 422
    assert "”Ensamkommande barn” har blivit fullt. Välj en annan programpunkt." in refused.text
    assert 'value="Ek"' in refused.text
    assert (
        client.submit(address(event), **late, **{"choice_11-00": str(many.id)}).status_code == 303
    )


def test_an_item_of_another_event_cannot_be_chosen(client):
    event, other = make.conference(), make.conference()
    make.parallel(event)
    [foreign, _more] = make.parallel(other)
    answer = client.submit(address(event), **make.PERSON, **{"choice_11-00": str(foreign.id)})
    assert answer.status_code == 422
    assert everybody(event) == []


def test_what_is_missing_is_said_at_the_field_and_what_was_typed_is_kept(client):
    event = make.conference()
    answer = client.submit(
        address(event), first_name="Åsa", last_name="Öberg", email="asa.oberg@",
        organisation="Tranås kommun", diet="Ingen lök",
    )  # fmt: skip
    assert answer.status_code == 422
    assert "Rätta 2 uppgifter" in answer.text
    assert '<a href="#email">Skriv en e-postadress, till exempel namn@kommun.se</a>' in answer.text
    assert '<a href="#sector">Välj vilken sorts organisation du kommer från</a>' in answer.text
    [form] = forms(answer.text)
    kept = {name: form["fields"][name] for name in ("first_name", "email", "diet")}
    assert kept == {"first_name": "Åsa", "email": "asa.oberg@", "diet": "Ingen lök"}
    assert re.search(r'<input[^>]*aria-invalid="true"[^>]*id="email"', answer.text)
    assert everybody(event) == []


def test_whoever_comes_from_a_municipality_says_which(client):
    event = make.conference()
    answer = client.submit(address(event), **make.PERSON | {"municipality": ""})
    assert answer.status_code == 422
    assert "Välj vilken kommun du kommer från" in answer.text
    elsewhere = make.PERSON | {"municipality": "", "sector": "agency"}
    assert client.submit(address(event), **elsewhere).status_code == 303


@pytest.mark.parametrize(
    ("name", "status", "becomes"),
    [
        ("x" * 100_000, 422, None),
        ("Å\x00sa", 303, "Åsa"),
        ("\u202easÅ\u202c", 303, "asÅ"),
        ("Å\u200bsa\u2028Bo", 303, "Åsa Bo"),
        ("   ", 422, None),
        ("<script>alert(1)</script>", 303, "<script>alert(1)</script>"),
        ("{{ 7 * 7 }} %s", 303, "{{ 7 * 7 }} %s"),
    ],
)
def test_odd_names_are_cleaned_or_refused(client, name, status, becomes):
    event = make.conference()
    answer = client.submit(address(event), **make.PERSON | {"first_name": name})
    assert answer.status_code == status
    assert [person.first_name for person in everybody(event)] == ([becomes] if becomes else [])


def test_bytes_that_are_no_text_are_never_a_crash(client):
    event = make.conference()
    [form] = forms(client.get(address(event)).text)
    fields = form["fields"] | make.PERSON
    body = "&".join(f"{name}={value}" for name, value in fields.items() if name != "first_name")
    for raw in ("%ED%A0%80", "%FF%FE", "%00", "%F4%90%80%80"):
        answer = client.post(
            address(event), data=f"{body}&first_name={raw}".encode(),
            content_type="application/x-www-form-urlencoded",
        )  # fmt: skip
        assert answer.status_code in {303, 400, 422}


def test_two_spellings_of_one_name_are_the_same_person(client):
    event = make.conference()
    client.submit(address(event), **make.PERSON)
    decomposed = {name: unicodedata.normalize("NFD", value) for name, value in make.PERSON.items()}
    assert decomposed != make.PERSON
    client.submit(address(event), **decomposed | {"email": "ASA.OBERG@tranas.example.se"})
    client.submit(address(event), **make.PERSON | {"first_name": " åsa ", "last_name": "ÖBERG"})
    assert len(everybody(event)) == 1


def test_colleagues_may_share_a_mailbox(client):
    event = make.conference()
    client.submit(address(event), **make.PERSON)
    client.submit(address(event), **make.PERSON | {"first_name": "Bo"})
    assert [person.first_name for person in everybody(event)] == ["Åsa", "Bo"]


def test_asking_twice_is_answered_alike_and_told_by_mail_once_an_hour(client, post):
    event = make.conference()
    first = client.submit(address(event), **make.PERSON)
    post()
    again = [client.submit(address(event), **make.PERSON) for _time in range(3)]
    assert {(answer.status_code, answer.location) for answer in again} == {
        (first.status_code, first.location)
    }
    assert [mail["Subject"] for mail in post()] == ["Du är redan anmäld: Mottagande och etablering"]
    assert len(everybody(event)) == 1


def test_an_hour_later_it_may_be_told_again(make_app, app, client, post):
    event = make.conference()
    client.submit(address(event), **make.PERSON)
    client.submit(address(event), **make.PERSON)
    later = make_app(FAKE_NOW=NOW + timedelta(hours=1, minutes=1))
    open_client(later).submit(address(event), **make.PERSON)
    kinds = [row.kind for row in db.session.scalars(sa.select(Outbox).order_by(Outbox.id))]
    assert kinds == ["registration.receipt", "registration.already", "registration.already"]


def test_the_thanks_say_that_it_is_full_only_where_everybody_can_see_it(client):
    event = make.conference(room=1)
    thanks = f"{address(event)}/tack"
    assert "fulltecknat" not in client.get(thanks).text
    client.submit(address(event), **make.PERSON)
    assert "Den som anmäler sig nu står på reservlistan" in client.get(thanks).text
    form = client.get(address(event)).text
    assert "Ställ mig på reservlistan" in form
    client.submit(address(event), **make.PERSON | {"last_name": "Ek"})
    assert make.statuses(event) == {"Öberg": "confirmed", "Ek": "waiting"}


@pytest.mark.parametrize(
    ("facts", "state", "says"),
    [
        ({"registration_opens": NOW + timedelta(days=2)}, None, "Du kan anmäla dig från tisdag 24"),
        ({"registration_closes": NOW}, None, "Sista anmälningsdag var söndag 22 november 2026"),
        ({"registration_paused": True}, None, "Vi tar inte emot fler anmälningar just nu"),
        ({"invited_only": True}, None, "öppet för särskilt inbjudna"),
        ({}, State.CANCELLED, "Evenemanget är inställt"),
        ({}, State.POSTPONED, "Evenemanget är framflyttat"),
        ({}, State.HELD, "Evenemanget är över"),
    ],
)
def test_where_registration_is_not_open_the_page_says_so_and_what_to_do(client, facts, state, says):
    event = make.conference(**facts)
    if state:
        found = lambda: db.session.get_one(Event, event.id)  # noqa: E731
        write(lambda: event_services.set_state(db.session, found(), state, by=None, now=NOW))
    page = client.get(address(event))
    assert page.status_code == 200
    assert says in page.text
    assert "Karin Ek" in page.text
    assert forms(page.text) == []


def test_a_form_that_was_open_when_registration_closed_keeps_what_was_typed(client):
    event = make.conference()
    [form] = forms(client.get(address(event)).text)
    found = lambda: db.session.get_one(Event, event.id)  # noqa: E731
    write(
        lambda: event_services.change_event(
            db.session, found(), facts={"registration_closes": NOW}, by=None, now=NOW
        )
    )
    answer = client.post(address(event), data=form["fields"] | make.PERSON)
    assert answer.status_code == 422
    assert "Anmälan är stängd" in answer.text
    assert 'value="Tranås kommun"' in answer.text


def test_a_draft_and_an_unknown_event_have_no_form(client):
    draft = make.events.event()
    assert client.get(address(draft)).status_code == 404
    assert client.get("/evenemang/finns-inte/anmalan").status_code == 404
    assert client.get("/evenemang/finns-inte/anmalan/tack").status_code == 404


def test_each_visitor_gets_a_key_and_a_token_of_their_own_from_the_kept_page(app, client):
    event = make.conference()
    pages = [client.get(address(event)).text, client.get(address(event)).text]
    pages.append(open_client(app).get(address(event)).text)
    fields = [forms(page)[0]["fields"] for page in pages]
    assert len({one["form_key"] for one in fields}) == 3
    assert fields[0]["csrf_token"] == fields[1]["csrf_token"] != fields[2]["csrf_token"]
    assert not any("@@" in page for page in pages)
    assert client.get(address(event)).headers["Cache-Control"] == "no-store"


def test_the_kept_page_follows_the_event_and_the_language(client):
    event = make.conference(room=3)
    assert "Mottagande och etablering" in client.get(address(event)).text
    found = lambda: db.session.get_one(Event, event.id)  # noqa: E731
    write(
        lambda: event_services.change_event(
            db.session, found(), facts={"title": "Ny titel"}, by=None, now=NOW
        )
    )
    assert "Ny titel" in client.get(address(event)).text
    assert '<html lang="en">' in client.get(f"/en{address(event)}").text
    assert '<html lang="sv">' in client.get(f"{address(event)}?utm_source=x").text


def test_persons_with_protected_identity_are_asked_to_call(client):
    page = client.get(address(make.conference())).text
    assert "Skyddade personuppgifter?" in page
    assert '<a href="tel:+46102236000">010-223 60 00</a>' in page


def test_needs_are_encrypted_and_never_mailed(client, post):
    event = make.conference()
    client.submit(address(event), **make.PERSON, diet="Celiaki", access_needs="Rullstol")
    [row] = db.session.scalars(sa.select(Need))
    assert b"Celiaki" not in row.diet
    assert b"Rullstol" not in row.access
    [mail] = post()
    assert "Celiaki" not in mail.as_string()
    assert "Rullstol" not in mail.get_body(("plain",)).get_content()


def test_without_needs_there_is_no_row_for_them(client):
    client.submit(address(make.conference()), **make.PERSON)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Need)) == 0


def test_fields_that_are_not_in_the_form_change_nothing(client):
    event = make.conference()
    client.submit(
        address(event), **make.PERSON, status="waiting", event_id="99", protected="y",
        token_hash="x", sequence="7", id="5", source="staff", invitation_id="1", created="1990",
    )  # fmt: skip
    [person] = everybody(event)
    assert (person.status, person.event_id) == (Status.CONFIRMED, event.id)
    assert (person.protected, person.sequence, person.source) == (False, 0, Source.WEB)


def test_registering_in_english_gives_letters_in_english(client):
    event = make.conference()
    answer = client.submit(f"/en{address(event)}", _to=f"/en{address(event)}", **make.PERSON)
    assert answer.location == f"/en{address(event)}/tack"
    assert everybody(event)[0].language == "en"


def test_somebody_who_cancelled_may_come_back_with_a_new_link(client):
    event = make.conference()
    mine = make.registration(event)
    old = mine.token_hash
    write(
        lambda: make.services.cancel(db.session, db.session.get_one(Registration, mine.id), now=NOW)
    )
    back = make.registration(event, phone="070-123 45 67")
    assert back.id == mine.id
    assert (back.status, back.phone, back.cancelled) == (Status.CONFIRMED, "070-123 45 67", None)
    assert back.token_hash != old
    assert len(everybody(event)) == 1


def test_a_registration_costs_few_statements(app, client):
    event = make.conference()
    url = address(event)
    [form] = forms(client.get(url).text)
    said = []

    @sa.event.listens_for(db.engine, "before_cursor_execute")
    def hear(_connection, _cursor, statement, *_rest):
        said.append(statement)

    answer = client.post(url, data=form["fields"] | make.PERSON)
    sa.event.remove(db.engine, "before_cursor_execute", hear)
    assert answer.status_code == 303
    assert len(said) <= 12, "\n".join(said)
