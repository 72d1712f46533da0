"""An event's own questions are asked wherever somebody comes in, and each person's answers kept."""

import re

import pytest

from core.db import db
from registrations.models import Registration
from registrations.parties.models import Party
from registrations.questions.rules import Kind
from registrations.rules import Source
from tests.registrations import make
from tests.registrations import make_invitations as invited
from tests.registrations.importing.make import csv, registered, send, take_in
from tests.registrations.make_lists import url
from tests.registrations.make_parties import FORM, colleague, rows
from tests.registrations.make_questions import answers, ask, at_field, field
from tests.registrations.make_seminars import asked, placed, seats, wishes

TRAVEL = {"label": "Hur reser du?", "options": ["Tåg", "Bil"], "required": True}


@pytest.fixture
def event(app):
    return make.conference(room=9)


def test_a_group_answers_for_each_person_and_chooses_a_second_seminar(event, client):
    first, second = make.parallel(event, seats=(1, None))
    travel = ask(event, **TRAVEL)
    plates = ask(event, kind=Kind.SHORT, label="Registreringsnummer?", required=True,
                 after_id=travel.id, answer="Bil")  # fmt: skip
    ask(event, kind=Kind.MANY, label="Vilka spår?", options=["Skola", "Bostad"])
    make.registration(event, 7, last_name="Lindc", first_name="Bo",
                      email="bo.lindc@habo.example.se")  # fmt: skip
    path = f"/evenemang/{event.slug}/anmalan/grupp"
    how, number = field(travel), field(plates)
    slots = {asked(0).field: str(first.id), second_of(asked(0).field): str(second.id)}
    typed = rows(
        colleague("a", **{how: "Bil"} | slots), colleague("b", **slots),
        colleague("c", **{how: "Tåg"}),
    )  # fmt: skip
    refused = client.submit(path, **FORM, **typed)
    assert refused.status_code == 422
    assert at_field(refused.text, f"{number}_1") == "Svara på frågan"
    assert at_field(refused.text, f"{how}_2") == "Välj ett svar"
    assert at_field(refused.text, f"{how}_3") == at_field(refused.text, f"{number}_2") == ""
    typed |= {f"{how}_2": "Tåg", f"{number}_1": "ABC 123"}
    same = client.submit(path, **FORM, **typed | {f"{second_of(asked(0).field)}_1": str(first.id)})
    assert "Välj ett annat andrahandsval än förstahandsvalet." in same.text
    assert client.submit(path, **FORM, **typed).status_code == 303
    assert answers("Linda") == {"Hur reser du?": '"Bil"', "Registreringsnummer?": '"ABC 123"'}
    assert answers("Lindb") == {"Hur reser du?": '"Tåg"'}
    assert answers("Lindc") == {}  # who had registered alone answers alone
    assert len(db.session.query(Party).one().members) == 3
    by_name = {one.last_name: seats(one) for one in db.session.query(Registration)}
    assert by_name == {"Linda": [first.id], "Lindb": [second.id], "Lindc": []}


def second_of(name):
    """The field of the second choice in a slot."""
    return name.replace("choice", "choice2", 1)


def test_an_invited_organisation_answers_for_those_it_names_now(client, post):
    event = invited.council()
    travel = ask(event, **TRAVEL)
    make.registration(event, **invited.PEOPLE[1], source=Source.STAFF)
    invited.invitation(event, seats=3)
    client.get(invited.link(post()[-1]))
    how = field(travel)
    page = client.get("/inbjudan").text
    assert f'name="{how}_1"' in page
    typed = invited.row(1, invited.PEOPLE[0]) | invited.row(2, invited.PEOPLE[1])
    refused = client.submit("/inbjudan", **typed, **{f"{how}_1": "Bil"})
    assert at_field(refused.text, f"{how}_2") == "Välj ett svar"
    assert at_field(refused.text, f"{how}_3") == ""
    assert client.submit("/inbjudan", **typed, **{f"{how}_1": "Bil", f"{how}_2": "Tåg"}
                         ).status_code == 303  # fmt: skip
    assert answers("Qorane") == {"Hur reser du?": '"Bil"'}
    assert answers("Vrå") == {}
    page = client.get("/inbjudan").text
    assert f'name="{how}_1"' not in page
    assert f'name="{how}_2"' not in page
    assert f'name="{how}_3"' in page
    assert client.submit("/inbjudan").status_code == 303  # who stands there is not asked again
    changed = client.submit("/inbjudan", **invited.row(1, invited.PEOPLE[2]))
    assert at_field(changed.text, f"{how}_1") == "Välj ett svar"
    assert answers("Qorane") == {"Hur reser du?": '"Bil"'}


def test_at_the_door_only_what_must_be_answered_is_asked_and_may_be_left(event, staff):
    travel = ask(event, **TRAVEL)
    plates = ask(event, kind=Kind.SHORT, label="Registreringsnummer?", required=True,
                 after_id=travel.id, answer="Bil")  # fmt: skip
    ask(event, label="Något mer?")
    door = staff("check-in")
    page = door.get(url(event, "dorren/ny")).text
    assert "Hur reser du?" in page
    assert "Något mer?" not in page
    who = {"first_name": "Ida", "sector": "business", "role_kind": "other", "mode": "room"}
    for name, told in (("Ett", {}), ("Två", {field(travel): "Bil", field(plates): "ABC 123"})):
        assert door.submit(url(event, "dorren/ny"), last_name=name, **who, **told
                           ).status_code == 303  # fmt: skip
    assert answers("Ett") == {}
    assert answers("Två") == {"Hur reser du?": '"Bil"', "Registreringsnummer?": '"ABC 123"'}


def test_a_file_brings_answers_and_seminars_and_bad_cells_stand_by_row_and_column(
    app, event, staff, post
):
    first, second = make.parallel(event, seats=(1, None))
    travel = ask(event, **TRAVEL)
    ask(event, kind=Kind.NUMBER, label="Hur många nätter?", required=True,
        after_id=travel.id, answer="Tåg")  # fmt: skip
    ask(event, kind=Kind.MANY, label="Vilka behov ser du?", options=["Skola, vård", "Bostad"])
    head = ["Namn", "E-post", "Organisation", "11.00", "Hur reser du?", "Hur många nätter?",
            "Vilka behov ser du?"]  # fmt: skip

    def table(*lines):
        return csv([head, *[[f"Ada Ek{n}", f"ada{n}@example.se", "Bryggan", *line]
                            for n, line in enumerate(lines)]])  # fmt: skip

    browser = staff("organiser")
    wrong = table(("Bostad", "Flyg", "många", "Skola"), (first.title, "Tåg", "2", ""))
    page = browser.get(send(browser, event, wrong).location).text
    assert "Seminarium: 11.00" in page
    told = re.findall(r'<th scope="row">Rad (\d+)</th><td>([^<]+)</td><td>([^<]+)</td><td>([^<]+)',
                      page)  # fmt: skip
    assert [(row, column, text) for row, column, text, _sentence in told] == [
        ("2", "D, 11.00", "Bostad"), ("2", "E, Hur reser du?", "Flyg"),
        ("2", "F, Hur många nätter?", "många"), ("2", "G, Vilka behov ser du?", "Skola"),
    ]  # fmt: skip
    assert "Tåg, Bil" in told[1][3]

    full = table((first.title, "Bil", "", ""), (first.title, "Tåg", "", ""))
    assert "har 1 plats kvar, men filen har 2 nya" in take_in(browser, event, full).text
    assert registered(event.id) == []
    good = table(
        (first.title.upper(), "Bil", "3", "skola, vård, Bostad"), (second.title, "tåg", "2", ""),
        ("", "", "", "Bostad"),
    )  # fmt: skip
    kept = browser.get(send(browser, event, good).location).text
    assert "Inget säger vilken sektor 3 personer kommer från." in kept
    assert "rad 2, 3, 4" in kept
    assert "3 nya deltagare." in take_in(browser, event, good).text
    people = {one.last_name: seats(one) for one in registered(event.id)}
    assert people == {"Ek0": [first.id], "Ek1": [second.id], "Ek2": []}
    assert answers("Ek0") == {
        "Hur reser du?": '"Bil"', "Vilka behov ser du?": '["Skola, vård", "Bostad"]',
    }  # fmt: skip
    assert answers("Ek1") == {"Hur reser du?": '"Tåg"', "Hur många nätter?": "2"}
    assert app.test_cli_runner().invoke(args=["check"]).exit_code == 0


def test_a_file_brings_second_choices_for_slots_that_are_placed_and_for_full_ones(
    app, event, staff, post
):
    first, second = make.parallel(event, seats=(1, 1))
    late_a, late_b = make.parallel(event, seats=(1, 1), group="13.00")
    placed(event, "13.00")
    head = ["Namn", "E-post", "11.00", "Andrahandsval: 11.00", "13.00", "Second choice: 13.00"]

    def table(*lines):
        return csv([head, *[[f"Ada Ek{n}", f"ada{n}@example.se", *line]
                            for n, line in enumerate(lines)]])  # fmt: skip

    browser = staff("organiser")
    wrong = table((first.title, first.title, "", late_a.title), ("", "", "", ""))
    page = browser.get(send(browser, event, wrong).location).text
    assert "Skriv ett annat andrahandsval än förstahandsvalet." in page
    assert "Skriv ett förstahandsval också." in page
    by_second = [(second.title, "", "", ""), (second.title, first.title, "", "")]
    for full in ([(first.title, "", "", "")] * 2, [*by_second, (first.title, "", "", "")]):
        said = take_in(browser, event, table(*full)).text
        assert f"”{first.title}” har 1 plats kvar, men filen har 2 nya" in said
    good = table(
        (first.title, second.title, late_a.title, late_b.title),
        (first.title, second.title, late_a.title, ""),
    )  # fmt: skip
    assert "2 nya deltagare." in take_in(browser, event, good).text
    people = {one.last_name: one for one in registered(event.id)}
    assert [seats(people["Ek0"]), seats(people["Ek1"])] == [[first.id], [second.id]]
    assert wishes(people["Ek0"]) == [(late_a.id, 1), (late_b.id, 2)]
    assert wishes(people["Ek1"]) == [(first.id, 1), (second.id, 2), (late_a.id, 1)]
    assert app.test_cli_runner().invoke(args=["check"]).exit_code == 0
