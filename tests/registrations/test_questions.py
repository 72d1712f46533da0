"""An event's own questions as the participant meets them."""

import re
from dataclasses import replace

import pytest
import sqlalchemy as sa

from core.db import db, write
from events.rules import Mode
from registrations import services as registration_services
from registrations.models import Registration
from registrations.queries import public as public_queries
from registrations.questions.models import Reply
from registrations.questions.rules import Kind
from registrations.rules import Source
from registrations.views.public import form_of
from tests.conftest import links
from tests.registrations import make
from tests.registrations.make_lists import statements
from tests.registrations.make_questions import answers, ask, at_field, field, register, reword

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def event(app):
    return make.conference(online=None)


def own_page(client, post):
    """Go in by the link of the receipt."""
    (mail,) = post()
    landing = next(
        a for a in links(mail.get_body(("plain",)).get_content()) if "/min-anmalan/" in a
    )
    assert client.get(landing).status_code == 303
    return client.get("/min-anmalan").text


def test_every_kind_of_question_is_asked_and_answered(event, client, post):
    names = {
        "Kort": ask(event, label="Kort"),
        "Lång": ask(event, label="Lång", kind=Kind.LONG),
        "En": ask(event, label="En", options=["Tåg", "Bil"]),
        "Lista": ask(event, label="Lista", options=[f"Ort {n}" for n in range(9)]),
        "Flera": ask(event, label="Flera", kind=Kind.MANY, options=["Ett", "Två", "Tre"]),
        "Ja?": ask(event, label="Ja?", kind=Kind.YES_NO),
        "Antal": ask(event, label="Antal", kind=Kind.NUMBER),
        "Dag": ask(event, label="Dag", kind=Kind.DATE),
    }
    page = client.get(f"/evenemang/{event.slug}/anmalan").text
    assert page.index("Hur deltar du?") < page.index("Kort") < page.index("Specialkost")
    said = "Talarna förbereder sig. Svaret raderas tidigast 30 dagar efter evenemanget."
    assert said in re.sub("<[^>]+>", "", page)
    assert "questions.js" in page
    given = {
        "Kort": "skolan", "Lång": "ett\ntvå", "En": "Bil", "Lista": "Ort 3",
        "Flera": ["Tre", "Ett"], "Ja?": "no", "Antal": "12", "Dag": "2027-03-04",
    }  # fmt: skip
    sent = {field(names[label]): value for label, value in given.items()}
    assert register(client, event, mode="room", **sent).status_code == 303
    assert answers() == {
        "Kort": '"skolan"', "Lång": '"ett\\ntvå"', "En": '"Bil"', "Lista": '"Ort 3"',
        "Flera": '["Ett", "Tre"]', "Ja?": "false", "Antal": "12", "Dag": '"2027-03-04"',
    }  # fmt: skip
    mine = own_page(client, post)
    for text in ("skolan", "Bil", "Ett, Tre", "Nej", "12", "2027-03-04"):
        assert f'<dd class="kept">{text}</dd>' in mine


@pytest.mark.parametrize(
    ("kind", "value", "sentence"),
    [
        (Kind.SHORT, "", "Svara på frågan"),
        (Kind.SHORT, "å" * 301, "Korta texten"),
        (Kind.SHORT, ["a", "b"], "Svara en gång"),
        (Kind.LONG, "å" * 4001, "Korta texten"),
        (Kind.ONE, None, "Välj ett svar"),
        (Kind.ONE, "Flyg", "Välj ett av alternativen"),
        (Kind.ONE, ["Tåg", "Bil"], "Svara en gång"),
        (Kind.MANY, None, "Välj minst ett svar"),
        (Kind.MANY, ["Tåg", "Flyg"], "Välj bland alternativen"),
        (Kind.YES_NO, "kanske", "Välj ett av alternativen"),
        (Kind.YES_NO, None, "Svara ja eller nej"),
        (Kind.NUMBER, "", "Skriv ett antal"),
        (Kind.NUMBER, "١٢", "Skriv ett heltal från 0 till"),
        (Kind.NUMBER, "NaN", "Skriv ett heltal"),
        (Kind.NUMBER, "1e9", "Skriv ett heltal"),
        (Kind.NUMBER, "-1", "Skriv ett heltal"),
        (Kind.NUMBER, "1,5", "Skriv ett heltal"),
        (Kind.NUMBER, ["1", "2"], "Svara en gång"),
        (Kind.DATE, "2027-02-30", "Skriv datumet"),
        (Kind.DATE, "4/3", "Skriv datumet"),
        (Kind.DATE, "", "Skriv datumet"),
    ],
)
def test_a_bad_answer_is_told_at_its_field_and_nothing_is_saved(
    event, client, kind, value, sentence
):
    options = ["Tåg", "Bil"] if kind in {Kind.ONE, Kind.MANY} else []
    name = field(ask(event, kind=kind, options=options, required=True))
    answer = register(client, event, mode="room", **{name: value})
    assert answer.status_code == 422
    assert sentence in at_field(answer.text, name)
    assert f'href="#{name}"' in answer.text
    assert 'value="Öberg"' in answer.text
    assert make.statuses(event) == {}


def test_an_optional_question_may_be_left(event, client):
    for kind in Kind:
        ask(event, kind=kind, options=["Tåg", "Bil"] if kind in {Kind.ONE, Kind.MANY} else [])
    assert register(client, event, mode="room").status_code == 303
    assert answers() == {}


def test_a_conditional_question_is_required_only_where_it_applies(event, client):
    bus = ask(event, label="Åker du buss?", kind=Kind.YES_NO, required=True)
    stop = ask(event, label="Var stiger du på?", required=True, after_id=bus.id, answer="yes")
    seat = ask(
        event, label="Hur många platser?", kind=Kind.NUMBER, required=True, after_id=bus.id,
        answer="yes",
    )  # fmt: skip
    page = client.get(f"/evenemang/{event.slug}/anmalan").text
    assert "Svara om du svarade ”Ja” på ”Åker du buss?”." in page
    assert f'data-after="{field(bus)}" data-answer="yes"' in page
    refused = register(client, event, mode="room", **{field(bus): "yes"})
    assert refused.status_code == 422
    assert "Svara på frågan" in at_field(refused.text, field(stop))
    sent = {field(bus): "no", field(stop): "Tranås", field(seat): "många"}
    assert register(client, event, mode="room", **sent).status_code == 303
    assert answers() == {"Åker du buss?": "false"}


def test_a_question_that_hangs_on_one_that_does_not_apply_does_not_apply(event, client):
    first = ask(event, label="Åker du buss?", kind=Kind.YES_NO)
    second = ask(event, label="Vilken?", options=["A", "B"], after_id=first.id, answer="yes")
    third = ask(event, label="Varför A?", required=True, after_id=second.id, answer="A")
    sent = {field(first): "no", field(second): "A", field(third): ""}
    assert register(client, event, mode="room", **sent).status_code == 303
    assert answers() == {"Åker du buss?": "false"}


def test_questions_for_a_mode_or_a_sector_concern_only_those(event, client):
    online = ask(event, label="Vilken ort ser du från?", mode=Mode.ONLINE, required=True)
    clubs = ask(
        event, label="Hur många medlemmar?", kind=Kind.NUMBER, sectors=["civil_society"],
        required=True,
    )  # fmt: skip
    assert register(client, event, mode="room", **{field(online): "x"}).status_code == 303
    assert answers() == {}
    other = {"last_name": "Ek", "email": "ek@example.se", "municipality": ""}
    refused = register(client, event, mode="online", sector="civil_society", **other)
    assert at_field(refused.text, field(online))
    assert at_field(refused.text, field(clubs))
    sent = other | {field(online): "Eksjö", field(clubs): "40"}
    assert register(client, event, mode="online", sector="civil_society", **sent).status_code == 303
    assert answers("Ek") == {"Vilken ort ser du från?": '"Eksjö"', "Hur många medlemmar?": "40"}


def test_where_there_is_one_mode_its_questions_are_asked(client):
    event = make.conference()
    name = field(ask(event, mode=Mode.ROOM, required=True))
    ask(event, mode=Mode.ONLINE, label="På nätet", required=True)
    assert register(client, event, **{name: "skolan"}).status_code == 303
    assert list(answers().values()) == ['"skolan"']


def test_asking_twice_changes_nobodys_answers(event, client):
    name = field(ask(event))
    assert register(client, event, mode="room", **{name: "skolan"}).status_code == 303
    again = register(client, event, mode="room", **{name: "en främlings svar"})
    assert again.status_code == 303
    assert again.headers["Location"].endswith("/anmalan/tack")
    assert answers() == {"Vad vill du höra om?": '"skolan"'}


def test_who_cancels_and_comes_back_answers_anew(event, client):
    name = field(ask(event))
    register(client, event, mode="room", **{name: "skolan"})
    id_ = db.session.scalar(sa.select(Registration.id))

    def cancel():
        registration_services.cancel(
            db.session, db.session.get_one(Registration, id_), now=make.NOW
        )

    write(cancel)
    register(client, event, mode="room", **{name: "bostäder"})
    assert answers() == {"Vad vill du höra om?": '"bostäder"'}


def test_a_form_that_is_older_than_the_question_is_not_taken_for_an_answer(event, client):
    question = ask(event)
    old = field(question)
    make.registration(event, 7)
    reword(question, label="Vad vill du inte höra om?")
    answer = register(client, event, mode="room", **{old: "skolan"})
    assert answer.status_code == 422
    assert "Frågorna har ändrats medan du fyllde i." in answer.text
    assert "Vad vill du inte höra om?" in answer.text
    assert answers() == {}


def test_one_changes_ones_own_answers(event, client, post):
    bus = ask(event, label="Åker du buss?", kind=Kind.YES_NO, required=True)
    stop = ask(event, label="Var stiger du på?", after_id=bus.id, answer="yes")
    many = ask(event, label="Vilka dagar?", kind=Kind.MANY, options=["Mån", "Tis"])
    sent = {field(bus): "yes", field(stop): "Tranås", field(many): ["Tis"]}
    register(client, event, mode="room", **sent)
    own_page(client, post)
    page = client.get("/min-anmalan/andra").text
    assert 'value="Tranås"' in page
    assert client.submit("/min-anmalan/andra", **{field(bus): ""}).status_code == 422
    assert client.submit("/min-anmalan/andra", **{field(bus): "no"}).status_code == 303
    assert "Dina svar är sparade." in client.get("/min-anmalan").text
    assert answers() == {"Åker du buss?": "false", "Vilka dagar?": '["Tis"]'}
    assert post() == []


def test_an_answer_keeps_the_wording_it_was_given_to(event, client, post):
    question = ask(event, options=["Tåg", "Bil"], label="Hur reser du?")
    register(client, event, mode="room", **{field(question): "Bil"})
    reword(question, label="Hur reser du hem?", options=["Tåg", "Buss", "Bil"])
    assert answers() == {"Hur reser du?": '"Bil"'}
    mine = own_page(client, post)
    assert "Hur reser du?" in mine
    assert "frågan har ändrats sedan dess" in mine
    client.submit("/min-anmalan/andra", phone="070-123 45 67")
    assert answers() == {"Hur reser du?": '"Bil"'}
    client.submit("/min-anmalan/andra", **{field(question): "Buss"})
    assert answers() == {"Hur reser du hem?": '"Buss"'}


def test_who_was_entered_by_others_is_asked_in_the_letter_and_on_the_own_page(event, client, post):
    name = field(ask(event, label="Stannar du på middagen?", kind=Kind.YES_NO))
    make.registration(event, 1, source=Source.STAFF)
    (mail,) = post()
    text = mail.get_body(("plain",)).get_content()
    assert "Arrangören har en fråga till dig. Svara på din sida." in text
    client.get(next(a for a in links(text) if "/min-anmalan/" in a))
    assert "en fråga som du inte har svarat på" in client.get("/min-anmalan").text
    client.submit("/min-anmalan/andra", **{name: "yes"})
    assert "inte har svarat på" not in client.get("/min-anmalan").text
    assert answers("Berg1") == {"Stannar du på middagen?": "true"}


def test_who_left_an_optional_question_is_not_asked_again(event, client, post):
    ask(event)
    register(client, event, mode="room")
    (mail,) = post()
    assert "frågor till dig" not in mail.get_body(("plain",)).get_content()
    assert "en fråga till dig" not in mail.get_body(("plain",)).get_content()


def test_an_event_without_questions_costs_nothing_more(client):
    event = make.conference()
    address = f"/evenemang/{event.slug}/anmalan"
    client.get(address)
    with statements() as asked:
        page = client.get(address).text
        assert "questions.js" not in page
        assert "data-questions" not in page
    assert not [text for text in asked if "form_" in text]
    register(client, event, last_name="Ek", email="ek@example.se")
    with statements() as asked:
        assert register(client, event).status_code == 303
    assert not [text for text in asked if "form_" in text]


def test_a_new_question_is_on_the_page_at_once(event, client):
    address = f"/evenemang/{event.slug}/anmalan"
    assert "Vad vill du höra om?" not in client.get(address).text
    question = ask(event)
    assert "Vad vill du höra om?" in client.get(address).text
    reword(question, label="Vad vill du fråga?")
    page = client.get(address).text
    assert "Vad vill du höra om?" not in page
    assert "Vad vill du fråga?" in page


def test_a_form_made_from_what_is_already_old_is_not_kept(app, event):
    ask(event)
    with app.test_request_context("/"):
        standing = public_queries.standing(event.slug, make.NOW)
        assert form_of(standing) is form_of(standing)
        ahead = replace(standing, version=standing.version + 1)
        assert form_of(ahead) is not form_of(ahead)


def test_text_is_text(event, client, post):
    name = field(ask(event, label="<b>Varför?</b>", purpose="<script>alert(1)</script>"))
    page = client.get(f"/evenemang/{event.slug}/anmalan").text
    assert "&lt;b&gt;Varför?&lt;/b&gt;" in page
    assert "<script>alert" not in page
    register(client, event, mode="room", **{name: "<img src=x>"})
    assert "&lt;img src=x&gt;" in own_page(client, post)


def test_what_is_asked_in_english_pages_reads_english(event, client):
    ask(event, kind=Kind.YES_NO, required=True)
    page = client.get(f"/en/evenemang/{event.slug}/anmalan").text
    assert "Yes" in page
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Reply)) == 0
