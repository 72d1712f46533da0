"""A party: one contact registers several colleagues of one organisation."""

import re
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import current_app
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AuditEntry
from core.db import db, write
from core.errors import Refusal
from core.outbox.models import Outbox
from core.outbox.rules import State as MailState
from events.models import Event, Pool
from registrations import needs, services
from registrations.models import Need, Registration
from registrations.parties.models import Party, PartyMember
from registrations.parties.rules import How
from registrations.rules import Source, Status
from tests.conftest import NOW, forms, links, open_client
from tests.registrations import make, make_parties
from tests.registrations.make_parties import CONTACT, FORM, colleague, enter, people, rows


def breaches():
    """What `flask check` would say."""
    db.session.rollback()
    found = current_app.extensions["checks"]
    return [line for check in found for line in check(db.session)]


def address(event):
    return f"/evenemang/{event.slug}/anmalan/grupp"


def taken(event):
    db.session.rollback()
    pools = db.session.query(Pool).filter_by(event_id=event.id).order_by(Pool.id)
    return [pool.taken for pool in pools]


def everything():
    """How many of each there are, to see that nothing was left behind."""
    db.session.rollback()
    kinds = (Registration, Party, PartyMember, Outbox, AuditEntry, Need)
    return [db.session.scalar(sa.select(sa.func.count()).select_from(kind)) for kind in kinds]


def text_of(mail):
    return mail.get_body(("plain",)).get_content()


def test_each_of_a_party_gets_a_place_a_letter_and_a_link_of_their_own(client, post):
    event = make.conference(room=10)
    answer = client.submit(
        address(event), **FORM, **rows(colleague("a", diet="utan nötter"), colleague("b"))
    )
    assert (answer.status_code, answer.location) == (303, "/min-grupp")
    assert make.statuses(event) == {"Linda": "confirmed", "Lindb": "confirmed"}
    for person in db.session.query(Registration).all():
        assert (person.organisation, person.municipality) == ("Habo kommun", "0643")
        assert (person.source, person.list_consent) == (Source.GROUP, False)
    mails = {mail["To"]: mail for mail in post()}
    assert set(mails) == {
        "karin.ek@habo.example.se", "bo.linda@habo.example.se", "bo.lindb@habo.example.se",
    }  # fmt: skip
    own = text_of(mails["bo.linda@habo.example.se"])
    assert "Karin Ek har anmält dig. Du har en plats." in own
    assert len([one for one in links(own) if one.startswith("/min-anmalan/")]) == 1
    contact = text_of(mails["karin.ek@habo.example.se"])
    assert "Bo Linda: Plats" in contact
    assert "nötter" not in own + contact
    [link] = [one for one in links(contact) if one.startswith("/min-grupp/")]
    landing = open_client(client.application).get(link)
    assert (landing.status_code, landing.location) == (303, "/min-grupp")
    assert breaches() == []


def test_whoever_sends_the_form_sees_at_once_how_it_went_for_each(client):
    event = make.conference(room=1)
    client.submit(address(event), **FORM, **rows(colleague("a"), colleague("b")), how="queue")
    page = client.get("/min-grupp").text
    assert page.index("Bo Linda") < page.index("Plats</span>") < page.index("Bo Lindb")
    assert "Reserv</span>" in page
    assert "<h1>Mottagande och etablering</h1>" in page


def test_a_double_click_makes_one_party_and_gives_the_same_answer(client):
    event = make.conference()
    [form] = forms(client.get(address(event)).text)
    body = form["fields"] | FORM | rows(colleague("a"))
    answers = [client.post(address(event), data=body) for _try in range(2)]
    assert [(one.status_code, one.location) for one in answers] == [(303, "/min-grupp")] * 2
    assert client.get("/min-grupp").status_code == 200
    assert db.session.query(Party).count() == 1
    other = client.post(address(event), data=body | {"last_name_1": "Annan"})
    assert other.status_code == 422
    assert make.statuses(event) == {"Linda": "confirmed"}


def test_more_rows_keep_what_was_typed_and_save_nothing(client):
    event = make.conference()
    before = everything()
    page = client.submit(
        address(event), more="1", **FORM, **rows(colleague("a", access_needs="rullstol"))
    )
    assert page.status_code == 200
    [form] = forms(page.text)
    assert form["fields"]["rows"] == "6"
    assert "first_name_6" in form["fields"]
    assert "first_name_7" not in form["fields"]
    kept = {name: form["fields"][name] for name in FORM}
    assert kept == FORM
    assert form["fields"]["access_needs_1"] == "rullstol"
    assert everything() == before
    answer = client.post(address(event), data=form["fields"] | rows({}, {}, {}, {}, colleague("e")))
    assert answer.status_code == 303
    assert set(make.statuses(event)) == {"Linda", "Linde"}


def test_a_form_has_at_most_twenty_rows(client):
    event = make.conference()
    [form] = forms(client.get(address(event)).text)
    for asked in ("18", "20", "999", "-3", "x", "١٩"):
        page = client.post(address(event), data=form["fields"] | {"rows": asked, "more": "1"})
        [there] = forms(page.text)
        assert "first_name_21" not in there["fields"]
        assert "first_name_3" in there["fields"]


def test_half_a_person_is_told_what_is_missing_and_all_is_kept(client):
    event = make.conference()
    answer = client.submit(
        address(event), **FORM, **rows(colleague("a"), {"first_name": "Eva"}, {"email": "fel"})
    )
    assert answer.status_code == 422
    assert "Skriv efternamnet, eller töm raden." in answer.text
    assert 'href="#last_name_2"' in answer.text
    assert 'href="#email_3"' in answer.text
    assert forms(answer.text)[0]["fields"]["first_name_2"] == "Eva"
    nobody = client.submit(address(event), **FORM)
    assert (nobody.status_code, "Skriv minst en person." in nobody.text) == (422, True)
    twice = client.submit(address(event), **FORM, **rows(colleague("a"), colleague("a")))
    assert (twice.status_code, "står två gånger" in twice.text) == (422, True)
    assert make.statuses(event) == {}


def test_four_for_three_seats_leave_nothing_behind_and_are_told_what_is_left(client):
    event = make.conference(room=3)
    before = everything()
    four = rows(*(colleague(letter) for letter in "abcd"), *[{}] * 2)
    [form] = forms(client.get(address(event)).text)
    answer = client.post(address(event), data=form["fields"] | {"rows": "4", "how": "all"}
                         | FORM | four)  # fmt: skip
    assert answer.status_code == 422
    assert "Det finns 3 platser kvar i salen och ni är 4. Ingen är anmäld." in answer.text
    assert forms(answer.text)[0]["fields"]["last_name_4"] == "Lindd"
    assert everything() == before
    assert taken(event) == [0]


def test_as_many_as_fit_and_the_rest_wait_or_are_left_out_as_the_contact_chose(app, post):
    event = make.conference(room=2)
    made = make_parties.party(event, 3, how=How.FIT)
    assert [one.outcome for one in made.members] == ["confirmed", "confirmed", "declined"]
    assert set(make.statuses(event)) == {"Linda", "Lindb"}
    [contact] = [mail for mail in post() if mail["To"] == CONTACT["email"]]
    assert "Bo Lindc: Fick inte plats" in text_of(contact)
    other = make.conference(room=1)
    made = make_parties.party(other, 3, how=How.QUEUE)
    assert make.statuses(other) == {"Linda": "confirmed", "Lindb": "waiting", "Lindc": "waiting"}
    assert breaches() == []


@settings(
    max_examples=25, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(number=st.integers(1, 7), seats=st.integers(1, 8), how=st.sampled_from(How))
def test_whatever_its_size_a_party_gets_just_what_was_asked_for(app, number, seats, how):
    event = make.conference(room=seats)
    fits = number <= seats
    if how is How.ALL and not fits:
        before = everything()
        with pytest.raises(Refusal, match=rf"Det finns {seats} plats.*ni är {number}"):
            make_parties.party(event, number, how=how)
        assert everything() == before
        assert taken(event) == [0]
        return
    make_parties.party(event, number, how=how)
    got = list(make.statuses(event).values())
    assert got.count("confirmed") == min(number, seats) == taken(event)[0]
    assert got.count("waiting") == (max(0, number - seats) if how is How.QUEUE else 0)


def test_parties_that_race_for_the_last_seats_never_get_half(app, make_app):
    event = make.conference(room=4)
    event_id = event.id
    db.session.rollback()
    outcomes, gate = [], threading.Barrier(6)

    def run(number):
        with app.app_context():
            here = db.session.get_one(Event, event_id)
            group = [p | {"last_name": f"{p['last_name']}{number}"} for p in people(3)]
            db.session.rollback()
            gate.wait()
            try:
                make_parties.party(here, people=group)
                outcomes.append("in")
            except Refusal as refusal:
                outcomes.append(str(refusal))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("in") == 1
    assert all("Det finns 1 plats kvar" in one for one in outcomes if one != "in")
    assert taken(event) == [3]
    assert breaches() == []


def test_a_full_item_is_said_at_the_row_of_whoever_chose_it(client):
    event = make.conference()
    only, other = make.parallel(event, seats=(1, None))
    choice = {"choice_11-00": str(only.id)}
    answer = client.submit(
        address(event), **FORM, how="queue",
        **rows(colleague("a", **choice), colleague("b", **choice)),
    )  # fmt: skip
    assert answer.status_code == 422
    assert 'href="#choice_11-00_2"' in answer.text
    assert "Bo Lindb: ”Ensamkommande barn” har blivit fullt." in answer.text
    assert make.statuses(event) == {}
    [form] = forms(answer.text)
    assert form["fields"]["choice_11-00_1"] == str(only.id)
    fixed = form["fields"] | {"choice_11-00_2": str(other.id)}
    assert client.post(address(event), data=fixed).status_code == 303
    assert taken(event) == [2, 1, 1]


def test_each_chooses_how_to_take_part_where_there_are_two_ways(client):
    event = make.conference(room=1, online=None)
    answer = client.submit(
        address(event), **FORM, how="all",
        **rows(colleague("a", mode="room"), colleague("b", mode="online")),
    )  # fmt: skip
    assert answer.status_code == 303
    modes = {p.last_name: p.mode for p in db.session.query(Registration)}
    assert modes == {"Linda": "room", "Lindb": "online"}


def test_needs_are_encrypted_and_each_ones_own(client):
    event = make.conference()
    client.submit(
        address(event), **FORM, **rows(colleague("a", diet="Celiaki"), colleague("b"))
    )  # fmt: skip
    told = {p.last_name: needs.given(db.session, p.id) for p in db.session.query(Registration)}
    assert told == {"Linda": {"diet"}, "Lindb": set()}
    assert "Celiaki" not in client.get("/min-grupp").text


def test_who_was_registered_before_stays_so_and_the_contact_is_not_told(client, post):
    event = make.conference(room=5)
    before = make.registration(
        event, first_name="Bo", last_name="Linda", email="bo.linda@habo.example.se",
        organisation="Habo kommun",
    )  # fmt: skip
    post()
    pages, answers = [], []
    for letter in "ab":
        browser = open_client(client.application)
        answer = browser.submit(address(event), **FORM, **rows(colleague(letter)))
        answers.append((answer.status_code, answer.location))
        page = browser.get("/min-grupp").text.replace(f"Lind{letter}", "Lind*")
        pages.append(page[page.index("De ni har anmält") : page.index("Var och en har fått")])
    strip = [re.sub(r"/\d+/", "/*/", page) for page in pages]
    assert strip[0] == strip[1]
    assert answers[0] == answers[1]
    subjects = [mail["Subject"] for mail in post() if mail["To"] == before.email]
    assert subjects == ["Du är redan anmäld: Mottagande och etablering"]
    assert make.again(before).source == Source.WEB
    member = db.session.scalars(sa.select(PartyMember).order_by(PartyMember.id)).first()
    client_of_first = open_client(client.application)
    enter(client_of_first, member.party)
    assert client_of_first.submit(f"/min-grupp/{member.id}/avanmal").status_code == 303
    assert "Avanmäld" in client_of_first.get("/min-grupp").text
    assert make.again(before).status is Status.CONFIRMED


def test_who_cancels_and_registers_anew_is_their_own(client):
    event = make.conference()
    made = make_parties.party(event, 1)
    [member] = made.members
    person = member.registration
    enter(client, made)
    assert client.submit(f"/min-grupp/{member.id}/avanmal").status_code == 303
    assert make.again(person).status is Status.CANCELLED
    make.registration(event, first_name="Bo", last_name="Linda", email=person.email)
    assert make.again(person).status is Status.CONFIRMED
    page = client.get("/min-grupp").text
    assert "Avanmäld" in page
    assert client.get(f"/min-grupp/{member.id}/avanmal").status_code == 404


def test_the_contact_cancels_one_and_the_one_who_waits_gets_the_place(client, post):
    event = make.conference(room=1)
    made = make_parties.party(event, 2, how=How.QUEUE)
    post()
    page = enter(client, made).text
    first, second = (member.id for member in made.members)
    assert f"/min-grupp/{first}/byt" in page
    assert f"/min-grupp/{second}/byt" not in page
    question = client.get(f"/min-grupp/{first}/avanmal").text
    assert "Vill du avanmäla Bo Linda?" in question
    assert client.submit(f"/min-grupp/{first}/avanmal").status_code == 303
    assert make.statuses(event) == {"Linda": "cancelled", "Lindb": "confirmed"}
    told = {(mail["To"], mail["Subject"].split(":")[0]) for mail in post()}
    assert ("bo.linda@habo.example.se", "Du är avanmäld") in told
    assert ("bo.lindb@habo.example.se", "Du har fått en plats") in told
    assert ("karin.ek@habo.example.se", "Er gruppanmälan") in told
    assert breaches() == []


def test_after_the_last_day_the_contact_is_told_whom_to_call(make_app, client):
    event = make.conference(cancel_by=NOW + timedelta(hours=1))
    made = make_parties.party(event, 1)
    [member] = made.members
    late = open_client(make_app(FAKE_NOW=NOW + timedelta(hours=2)))
    page = enter(late, made).text
    assert "Tiden för ändringar har gått ut." in page
    assert f"/min-grupp/{member.id}" not in page
    for what in ("avanmal", "byt"):
        assert late.get(f"/min-grupp/{member.id}/{what}").status_code == 303
    enter(client, made)
    for what in ("avanmal", "byt"):
        [form] = forms(client.get(f"/min-grupp/{member.id}/{what}").text)
        late.set_cookie("visitor", client.get_cookie("visitor").value)
        body = form["fields"] | colleague("z")
        assert late.post(f"/min-grupp/{member.id}/{what}", data=body).status_code == 303
    assert make.statuses(event) == {"Linda": "confirmed"}


def test_a_person_who_has_got_a_protected_identity_is_no_more_on_the_contacts_page(client, post):
    event = make.conference()
    made = make_parties.party(event, 2)
    hidden, _other = made.members
    person = db.session.get_one(Registration, hidden.registration_id)
    write(lambda: services.change(
        db.session, db.session.get_one(Registration, person.id), facts={"protected": True},
        now=NOW, notify=False,
    ))  # fmt: skip
    page = enter(client, made).text
    assert "Linda" not in page
    assert "Lindb" in page
    assert "Fler i gruppen, som bara arrangören ser: 1." in page
    assert client.get(f"/min-grupp/{hidden.id}/avanmal").status_code == 404
    [contact] = [mail for mail in post() if mail["To"] == CONTACT["email"]]
    assert "Linda" not in text_of(contact)


def test_twenty_colleagues_with_one_mailbox_all_get_their_letter_in_turn(app):
    event = make.conference()
    shared = [p | {"email": "kansli@habo.example.se"} for p in people(20)]
    make_parties.party(event, people=shared)
    due = sorted(
        db.session.scalars(
            sa.select(Outbox.next_try).where(Outbox.recipient == "kansli@habo.example.se")
        )
    )
    assert len(due) == 20
    for start in due:
        assert len([at for at in due if start <= at < start + timedelta(hours=1)]) <= 3
    days = [at.date() for at in due]
    assert max(days.count(day) for day in days) <= 10
    assert due[-1] <= NOW + timedelta(days=3)


def test_a_letter_that_finds_no_turn_is_noted_in_the_log(app):
    event = make.conference()
    for number in range(2):
        group = [p | {"email": "kansli@habo.example.se", "first_name": f"Bo{'ab'[number]}"}
                 for p in people(20)]  # fmt: skip
        make_parties.party(event, people=group)
    mailed = db.session.query(Outbox).filter_by(recipient="kansli@habo.example.se").count()
    noted = db.session.query(AuditEntry).filter_by(action="registration.untold").count()
    assert mailed >= 30
    assert mailed + noted == 40


def test_the_link_is_sent_again_to_the_contact_too(client, post):
    event = make.conference()
    made = make_parties.party(event, 1)
    post()
    answers = {
        client.submit("/min-anmalan/ny-lank", email=email).location
        for email in (CONTACT["email"], "okand@example.se")
    }
    assert answers == {"/min-anmalan/lank-skickad"}
    [mail] = post()
    assert make_parties.path(made) in links(text_of(mail))


def test_tokens_of_parties_open_nothing_else_and_nothing_else_opens_them(client):
    """Case E5."""
    event = make.conference()
    made, other = make_parties.party(event, 1), make_parties.party(make.conference(), 1)
    person = made.members[0].registration
    right = make_parties.path(made).rsplit("/", 1)[1]
    mine = make_parties.crypto.derived_token("registration", person.link_key, person.token_version)
    pages = set()
    for wrong in (
        f"/min-grupp/{mine}", f"/min-anmalan/{right}", f"/min-grupp/{right[:-1]}A",
        f"/min-grupp/{right.swapcase()}", f"/min-grupp/{'A' * 43}", f"/inbjudan/{right}",
    ):  # fmt: skip
        answer = client.get(wrong)
        assert answer.status_code == 404, wrong
        assert "Set-Cookie" not in answer.headers, wrong
        if not wrong.startswith("/inbjudan"):
            pages.add(answer.text[answer.text.index("<main") :])
    assert len(pages) == 1
    assert client.get(f"/min-grupp/{right[:-1]}").status_code == 404
    enter(client, other)
    [member] = made.members
    for what in ("avanmal", "byt"):
        assert client.get(f"/min-grupp/{member.id}/{what}").status_code == 404
    assert client.get("/min-anmalan").status_code == 404
    cookie = client.get_cookie("grupp").value
    client.set_cookie("anmalan", cookie)
    assert client.get("/min-anmalan").status_code == 404
    client.set_cookie("grupp", f"{made.id}.{cookie.split('.', 1)[1]}")
    assert client.get("/min-grupp").status_code == 404


def test_a_form_left_in_another_tab_does_nothing_to_the_party_opened_since(client):
    event = make.conference()
    one, two = make_parties.party(event, 1), make_parties.party(event, people=people(2)[1:])
    enter(client, two)
    member = two.members[0].id
    assert client.submit(f"/min-grupp/{member}/avanmal", whose=str(one.id)).status_code == 409
    assert set(make.statuses(event).values()) == {"confirmed"}


def test_the_database_holds_only_the_hash_of_the_contacts_link(app):
    made = make_parties.party(make.conference(), 1)
    token = make_parties.path(made).rsplit("/", 1)[1]
    assert made.token_hash == make_parties.crypto.digest(token)
    for row in db.session.query(Outbox):
        assert token not in repr(row.payload)


def test_scanners_that_open_the_contacts_links_change_nothing(client):
    event = make.conference(room=1)
    made = make_parties.party(event, 2, how=How.QUEUE)
    make_before = everything()
    member = made.members[0].id
    for method in ("get", "head", "options"):
        for url in (make_parties.path(made), "/min-grupp", f"/min-grupp/{member}/avanmal",
                    f"/min-grupp/{member}/byt", address(event)):  # fmt: skip
            getattr(client, method)(url)
    assert everything() == make_before
    assert make.statuses(event) == {"Linda": "confirmed", "Lindb": "waiting"}


def test_registration_that_is_not_open_takes_no_parties(client):
    event = make.conference(registration_paused=True)
    assert "Anmälan är stängd" in client.get(address(event)).text
    only = make.conference(invited_only=True)
    [form] = forms(client.get(address(make.conference())).text)
    answer = client.post(address(only), data=form["fields"] | FORM | rows(colleague("a")))
    assert (answer.status_code, "Bara särskilt inbjudna" in answer.text) == (422, True)
    assert make.statuses(only) == {}


def test_the_pages_lead_to_the_form(client):
    event = make.conference()
    for page in (f"/evenemang/{event.slug}", f"/evenemang/{event.slug}/anmalan"):
        assert f'href="{address(event)}"' in client.get(page).text


def test_a_mail_that_is_late_tells_how_things_stand_then(client, post):
    event = make.conference()
    made = make_parties.party(event, 2)
    first = made.members[0].id
    enter(client, made)
    client.submit(f"/min-grupp/{first}/avanmal")
    mails = [mail for mail in post() if mail["To"] == CONTACT["email"]]
    assert len(mails) == 1
    assert "Bo Linda" not in text_of(mails[0])
    rows_of = db.session.query(Outbox).filter_by(recipient=CONTACT["email"])
    assert sorted(row.state for row in rows_of) == [MailState.SENT, MailState.SUPERSEDED]
