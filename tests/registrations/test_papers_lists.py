"""Lists by whom they are for: who stands in them, who may fetch them, what is logged."""

import contextlib
import csv
import io
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from core.jobs.worker import run_once
from tests.conftest import forms
from tests.registrations import make
from tests.registrations.make_lists import url
from tests.registrations.make_papers import fetch, log, pages, people, text, update
from tests.registrations.make_questions import ask, field, register

OTHERS = ("Hemlig", "Skyddsverket", "Siv", "Reserv", "Borta")


@pytest.fixture
def event(app):
    return make.conference(room=20, online=None)


@pytest.fixture
def crowd(event):
    return people(event)


def rows(answer):
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))


def test_the_list_to_hand_out_holds_only_those_who_have_agreed(event, crowd, staff):
    answer = fetch(staff("reader"), event, "/listor/deltagare", level="participants", format="csv")
    assert answer.status_code == 200
    assert answer.text.startswith("\ufeff")
    assert rows(answer) == [
        ["Efternamn", "Förnamn", "Organisation", "Kommun", "Län"],
        ["Fjärr", "Ada", "Rädda bina", "", ""],
        ["Öberg", "Åsa", "Tranås kommun", "Tranås", "Jönköpings län"],
    ]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_pdf_to_hand_out_is_tagged_swedish_and_counts_the_others(event, crowd, staff):
    answer = fetch(staff("organiser"), event, "/listor/deltagare", level="participants")
    assert answer.mimetype == "application/pdf"
    assert pages(answer.data) == 1
    said = text(answer.data)
    assert "Öberg, Åsa" in said
    assert "Tranås, Jönköpings län" in said
    assert "2 av 4 deltagare" in " ".join(said.split())
    assert "skydd" not in said.casefold()
    assert "Blyg" not in said
    assert not [name for name in OTHERS if name in said]
    assert "1 (1)" in said


def test_the_internal_list_is_complete_but_for_the_protected(event, crowd, staff):
    browser = staff("secretary")
    answer = fetch(browser, event, "/listor/deltagare", level="internal", format="xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]
    told = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[0] for row in told[1:4]] == ["Blyg", "Fjärr", "Öberg"]
    everything = str(told)
    assert "070-123 45 67" in everything
    assert "1 person med skyddade personuppgifter är inte med." in everything
    assert not [name for name in OTHERS if name in everything]
    assert "Vegan" not in everything
    answer = fetch(browser, event, "/listor/deltagare", level="internal", format="csv",
                   everyone="y")  # fmt: skip
    assert [row[0] for row in rows(answer)[1:]] == ["Blyg", "Borta", "Fjärr", "Reserv", "Öberg"]


def test_nobody_who_waits_gets_into_a_list_that_leaves_the_house(event, crowd, staff):
    browser = staff("admin")
    for to, level in (("/listor/deltagare", "participants"), ("/listor/utdrag", "register")):
        for kind in ("csv", "pdf"):
            answer = fetch(browser, event, to, level=level, format=kind, everyone="y")
            said = answer.text if kind == "csv" else text(answer.data)
            assert "Öberg" in said
            assert not [name for name in OTHERS if name in said], (level, kind)


def test_what_is_given_out_is_masked_and_says_so(event, crowd, staff):
    browser = staff("organiser")
    said = text(fetch(browser, event, "/listor/utdrag", level="register").data)
    words = " ".join(said.split())
    assert "Öberg, Åsa" in words
    assert "Blyg" in words
    assert "[maskerat]" in words
    assert "@example.se" not in words
    assert "E-post och telefon är maskerade." in words
    assert "1 person med skyddade personuppgifter är inte med." in words
    assert "21 kap. 1 §" in words
    whole = fetch(browser, event, "/listor/utdrag", level="register", format="csv", contact="y")
    assert "ada.berg1@example.se" in whole.text
    assert "maskerat" not in whole.text
    assert [line.details["number"] for line in log("papers.register")] == [3, 3]


def test_lists_are_sorted_by_surname_or_organisation_in_swedish_order(event, staff):
    for number, (name, organisation) in enumerate(
        [("Ek", "Ödeshögs kommun"), ("Ål", "Zonta"), ("Zäta", "Ånge kommun")]
    ):
        make.registration(event, number, last_name=name, organisation=organisation)
    browser = staff()
    for order, expected in (("name", ["Ek", "Zäta", "Ål"]), ("organisation", ["Ål", "Zäta", "Ek"])):
        answer = fetch(
            browser, event, "/listor/deltagare", level="internal", format="csv", order=order
        )
        assert [row[0] for row in rows(answer)[1:]] == expected


def test_every_list_that_is_fetched_stands_in_the_log(event, crowd, staff):
    browser = staff("reader")
    fetch(browser, event, "/listor/deltagare", level="internal", format="csv")
    (line,) = log("papers.list")
    assert line.user_id
    assert line.event_id == event.id
    assert line.details == {"level": "internal", "format": "csv", "order": "name", "number": 3}


def test_nothing_is_fetched_without_the_key_of_the_form(event, crowd, staff):
    browser = staff("admin")
    page = browser.get(url(event, "listor")).text
    for form in forms(page):
        if "/listor/" in form["action"]:
            answer = browser.post(form["action"], data=form["fields"] | {"form_key": "x"})
            assert answer.status_code == 400
    assert log("papers.list") == log("papers.needs") == []


def test_a_kind_of_file_that_there_is_not_is_refused(event, crowd, staff):
    answer = fetch(staff(), event, "/listor/deltagare", level="internal", format="exe")
    assert answer.status_code == 422
    assert "Välj ett av alternativen" in answer.text
    assert log("papers.list") == []


def test_what_each_role_finds_on_the_page(event, crowd, staff, client):
    seen = {
        role: {form["action"].rpartition("/")[2] for form in forms(
            staff(role).get(url(event, "listor")).text) if "/listor/" in form["action"]}
        for role in ("admin", "organiser", "secretary", "reader", "check-in")
    }  # fmt: skip
    assert seen["admin"] == seen["organiser"] == {"deltagare", "utdrag", "dorren", "behov"}
    assert seen["secretary"] == {"deltagare", "dorren"}
    assert seen["reader"] == {"deltagare"}
    assert seen["check-in"] == {"dorren"}
    assert client.get(url(event, "listor")).status_code == 302


def test_the_list_for_the_door_has_a_box_for_everybody_in_the_room(event, crowd, staff):
    answer = fetch(staff("check-in"), event, "/listor/dorren")
    assert pages(answer.data) == 1
    said = text(answer.data)
    assert said.index("Blyg") < said.index("Öberg") < said.index("Skyddad deltagare")
    assert f"Skyddad deltagare {crowd['hidden'].id}" in said
    assert "Hemlig" not in said
    assert "Fjärr" not in said
    assert "Reserv" not in said
    assert len(log("papers.door")) == 1


def test_the_list_for_the_door_of_one_item(event, staff):
    chosen, other = make.parallel(event)
    make.registration(event, 1, last_name="Med", choices=(chosen.id,))
    make.registration(event, 2, last_name="Utan", choices=(other.id,))
    said = text(fetch(staff(), event, "/listor/dorren", item=str(chosen.id)).data)
    assert "Med" in said
    assert "Utan" not in said
    assert chosen.title in said


def test_the_kitchen_gets_numbers_without_names(event, crowd, staff):
    answer = staff("organiser").get(url(event, "listor/koket.pdf"))
    assert pages(answer.data) == 1
    said = text(answer.data)
    assert "Vegan" in said
    assert "Summa" in said
    assert "Öberg" not in said
    assert answer.headers["Cache-Control"] == "no-store"
    assert staff("secretary").get(url(event, "listor/koket.pdf")).status_code == 403


def test_who_needs_what_is_a_pdf_only_after_a_line_for_each_person(event, crowd, staff):
    answer = fetch(staff("organiser"), event, "/listor/behov")
    assert answer.headers["Cache-Control"] == "no-store"
    said = text(answer.data)
    assert "Öberg, Åsa" in said
    assert "Teckenspråkstolk" in said
    assert "Vegan" not in said
    assert [line.subject_id for line in log("need.read")] == [crowd["agrees"].id]
    assert [line.details for line in log("papers.needs")] == [{"number": 1}]


@pytest.mark.parametrize("role", ["secretary", "reader", "check-in"])
def test_only_the_officer_gets_to_know_who_needs_what(event, crowd, staff, role):
    browser = staff(role)
    page = browser.get(url(event, "listor")).text
    assert "/listor/behov" not in page
    token = forms(page)[0]["fields"]["csrf_token"]
    sent = {"csrf_token": token, "form_key": "k" * 43}
    answer = browser.post(url(event, "listor/behov"), data=sent)
    assert answer.status_code == 403
    assert log("need.read") == []


def test_answers_to_the_events_own_questions_stand_only_in_the_internal_file(event, client, staff):
    question = ask(event, label="Vad vill du höra om?")
    register(client, event, **{field(question): "Bostäder", "list_consent": "y", "mode": "room"})
    browser = staff("organiser")
    internal = rows(fetch(browser, event, "/listor/deltagare", level="internal", format="csv"))
    assert dict(zip(*internal, strict=True))["Vad vill du höra om?"] == "Bostäder"
    for to, level in (("/listor/deltagare", "participants"), ("/listor/utdrag", "register")):
        answer = fetch(browser, event, to, level=level, format="csv")
        assert "Öberg" in answer.text
        assert "Bostäder" not in answer.text


def test_hostile_text_is_text_in_every_kind_of_file(event, staff):
    person = make.registration(event, 1, last_name="=1+1", list_consent=True)
    update(person, organisation="a\x0bb #read(\"/etc/passwd\") =cmd|' /C calc'!A0", phone="@SUM(1)")
    browser = staff("organiser")
    csv_file = fetch(browser, event, "/listor/deltagare", level="internal", format="csv")
    assert rows(csv_file)[1][0] == "'=1+1"
    assert "a\ufffdb" in csv_file.text
    xlsx = fetch(browser, event, "/listor/deltagare", level="internal", format="xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx.data)).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert "1 celler har kortats eller fått tecken utbytta." in str(
        [cell.value for row in sheet.iter_rows() for cell in row]
    )
    said = text(fetch(browser, event, "/listor/deltagare", level="internal").data)
    assert "=1+1, Ada" in said
    assert "root:" not in said


def test_a_long_list_is_made_as_a_job_for_those_who_plan(event, crowd, staff, monkeypatch):
    monkeypatch.setattr("registrations.papers.views.LONG_LIST", 2)
    monkeypatch.setattr("registrations.papers.views.LONG_PDF", 2)
    browser = staff("organiser")
    for to, fields in (("/listor/deltagare", {"level": "internal", "format": "xlsx"}),
                       ("/listor/utdrag", {"level": "register", "contact": "y"}),
                       ("/listor/dorren", {})):  # fmt: skip
        answer = fetch(browser, event, to, **fields)
        assert answer.status_code == 303, to
        assert run_once() == 1
        address = answer.headers["Location"]
        page = browser.get(address).text
        assert "Ladda ner" in page, to
        body = browser.get(f"{address}/fil").data
        assert body.startswith(b"PK" if fields.get("format") else b"%PDF")
    answer = fetch(staff("reader"), event, "/listor/deltagare", level="internal", format="csv")
    assert answer.status_code == 200
    assert len(rows(answer)) == 4


MEMORY = """
import re, sys
from pathlib import Path
from wsgi import create_app
from core.i18n import speaking
from registrations.spreadsheets import to_xlsx
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
poison = ("a\\x0bb", "\\ud800x", "=1+1", "å" * 40_000)
app = create_app(DATABASE_URL="sqlite:///" + sys.argv[1] + ".db", ENV="test")
with app.app_context(), speaking("sv"):
    before = peak()
    rows = ([poison[(row + n) % 4][: 40_000 if row == 7 else 40] for n in range(60)]
            for row in range(1500))
    body = to_xlsx("Gift", [f"Kolumn {n}" for n in range(60)], rows)
    Path(sys.argv[1]).write_bytes(body)
    print(peak() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's own account")
def test_poisoned_rows_are_written_whole_in_little_memory(tmp_path):
    file = tmp_path / "gift.xlsx"
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, str(file)], capture_output=True, text=True, check=True
    )
    assert float(done.stdout) < 60  # megabytes
    with contextlib.closing(openpyxl.load_workbook(file, read_only=True)) as book:
        told = list(book.worksheets[0].iter_rows(values_only=True))
    assert len(told) == 1 + 1500 + 2
    assert len(told[1]) == 60
    assert told[8][0].endswith(("…", "\ufffdx", "b", "1"))
    assert "celler har kortats eller fått tecken utbytta" in told[-1][0]
