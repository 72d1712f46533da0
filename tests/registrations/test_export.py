"""Files of participants: read back as Excel and others read them."""

import csv
import io
import time

import openpyxl
import pytest
from openpyxl.utils.escape import unescape

from core.reference import SECTOR_WORDS, Sector
from events.rules import Mode
from registrations.rules import RoleKind, Status
from registrations.spreadsheets import guard, to_csv, to_xlsx, unguard
from registrations.words import ROLE_KIND
from tests.events.make import NOW
from tests.reading import forms
from tests.registrations import make
from tests.registrations.make_lists import come, crowd, statements, url
from tests.registrations.make_papers import fetch_internal, log

FORMULAS = [
    "=1+1", '=HYPERLINK("http://x.example","klicka")', "=cmd|' /C calc'!A0", "+46 70-123 45 67",
    "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\x00=1", "＝1+1", "＋1", "'=1",
]  # fmt: skip
ORDINARY = ["Öberg; Åsa", 'Sa "hej"', "'s-Hertogenbosch", "5", "3,14", "", "a=b", "två\nrader"]


def read_csv(text):
    """The rows as Swedish Excel reads them."""
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=";"))


def read_xlsx(body):
    """The cells of the only sheet."""
    return openpyxl.load_workbook(io.BytesIO(body)).worksheets[0]


@pytest.mark.parametrize("value", FORMULAS)
def test_no_cell_of_a_csv_is_a_formula(value):
    cell = read_csv(to_csv(["Namn"], [[value]]))[1][0]
    assert cell.startswith("'")
    assert unguard(cell) == value.replace("\x00", "\ufffd")


@pytest.mark.parametrize("value", ORDINARY)
def test_ordinary_text_is_not_touched(value):
    assert guard(value) == value
    assert read_csv(to_csv(["Namn", "x"], [[value, "y"]]))[1][0] == value
    assert unguard(value) == value


@pytest.mark.parametrize("value", [*FORMULAS, *ORDINARY])
def test_every_cell_of_an_xlsx_is_text_and_whole(app, value):
    sheet = read_xlsx(to_xlsx("Deltagare", ["Namn"], [[value]]))
    cell = sheet["A2"]
    assert cell.data_type in {"s", "inlineStr"} or not value
    if "\r" not in value:  # XML turns a lone CR into LF
        assert (cell.value or "") == value.replace("\x00", "\ufffd")
    assert sheet._hyperlinks == []


def test_numbers_stay_numbers_and_times_are_local(app):
    assert read_csv(to_csv(["a", "b", "c"], [[-5, NOW, None]]))[1] == ["-5", "2026-11-22 10:00", ""]
    sheet = read_xlsx(to_xlsx("x", ["a", "b", "c"], [[-5, NOW, None]]))
    assert sheet["A2"].value == -5
    assert sheet["A2"].data_type == "n"
    assert str(sheet["B2"].value) == "2026-11-22 10:00:00"


def test_what_a_file_cannot_hold_is_replaced_and_noted(app):
    rows = [["a\x0bb", "å" * 40_000], ["\ud800x", "_x0041_"], ["hel", "och hållen"]]
    sheet = read_xlsx(to_xlsx("Lista: [1]", ["a", "b"], rows))
    assert sheet["A2"].value == "a\ufffdb"
    assert len(sheet["B2"].value) == 32_767
    assert sheet["B2"].value.endswith("…")
    assert sheet["A3"].value == "\ufffdx"
    assert unescape(sheet["B3"].value) == "_x0041_"  # as Excel reads it
    assert sheet["A6"].value == "3 celler har kortats eller fått tecken utbytta."
    text = to_csv(["a", "b"], rows)
    assert read_csv(text)[1] == ["a\ufffdb", "å" * 40_000]
    text.encode()


@pytest.fixture
def event(app):
    """A conference with a formula among the guests."""
    event = make.conference(room=2)
    make.registration(
        event, 1, first_name="=1+1", last_name="@SUM(A1)", organisation="=cmd|' /C calc'!A0",
        phone="+46 70-123 45 67", needs={"diet": "Glutenfri kost", "access": "Teckenspråkstolk"},
    )  # fmt: skip
    come(make.registration(event, 2, last_name="Öberg", municipality="0687"))
    make.registration(event, 3, last_name="Reserv")
    make.registration(event, 4, last_name="Borta", status=Status.CANCELLED)
    return event


def test_the_csv_holds_those_with_a_place_and_no_needs_and_the_log_says_who_fetched_it(
    event, staff
):
    browser = staff("reader")
    shown = browser.get(url(event)).text
    form = next(one for one in forms(shown) if one["action"].endswith("/listor/deltagare"))
    answer = browser.post(form["action"], data=form["fields"] | {"format": "csv"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "attachment" in answer.headers["Content-Disposition"]
    head, first, second = read_csv(answer.get_data(as_text=True))
    assert first[:5] == ["'@SUM(A1)", "'=1+1", "ada.berg1@example.se", "'+46 70-123 45 67",
                         "'=cmd|' /C calc'!A0"]  # fmt: skip
    assert second[0] == "Öberg"
    assert second[head.index("Kommun")] == "Tranås"
    assert second[head.index("Kom")] == "2026-11-22 10:00"
    assert "Glutenfri" not in answer.text
    assert "Teckenspråk" not in answer.text
    (line,) = log("papers.list")
    assert line.user.email == "reader.jonkoping@example.se"
    assert line.details == {"level": "internal", "format": "csv", "order": "name", "number": 2}


def test_another_sector_is_not_called_another_role(event, staff):
    make.registration(
        event, 8, last_name="Annan", sector=Sector.OTHER, role_kind=RoleKind.OTHER,
        mode=Mode.ROOM, status=Status.WAITING,
    )  # fmt: skip
    answer = fetch_internal(staff(), event, everyone="y")
    head, *told = read_csv(answer.get_data(as_text=True))
    assert [row[0] for row in told] == ["'@SUM(A1)", "Annan", "Borta", "Reserv", "Öberg"]
    row = next(row for row in told if row[0] == "Annan")
    assert row[head.index("Sektor")] == str(SECTOR_WORDS[Sector.OTHER])
    assert row[head.index("Roll")] == str(ROLE_KIND[RoleKind.OTHER])


def test_the_xlsx_holds_the_same_and_no_formula(event, staff):
    answer = fetch_internal(staff("secretary"), event, "xlsx")
    assert answer.headers["Cache-Control"] == "no-store"
    sheet = read_xlsx(answer.data)
    assert [cell.value for cell in sheet[2]][:4] == [
        "@SUM(A1)", "=1+1", "ada.berg1@example.se", "+46 70-123 45 67",
    ]  # fmt: skip
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    everything = [str(cell.value) for row in sheet.iter_rows() for cell in row]
    assert not [text for text in everything if "Glutenfri" in text or "Teckenspråk" in text]


def test_from_a_list_of_others_than_those_with_a_place_everybody_is_fetched(event, staff):
    browser = staff()
    for query, number in (("", 2), ("?status=confirmed", 2), ("?status=waiting", 4)):
        shown = browser.get(url(event) + query).text
        form = next(one for one in forms(shown) if one["action"].endswith("/listor/deltagare"))
        answer = browser.post(form["action"], data=form["fields"] | {"format": "csv"})
        assert len(read_csv(answer.get_data(as_text=True))) == 1 + number


def test_no_address_gives_names_away_without_a_line_in_the_log(event, staff):
    for kind in ("csv", "xlsx"):
        assert staff("admin").get(url(event, f"deltagare.{kind}")).status_code == 404


def test_ten_thousand_are_soon_in_a_file_and_cost_no_more_questions(app, staff):
    event = make.conference(room=None)
    crowd(event, 10_000, came=10)
    browser = staff("reader")  # for those who plan it becomes long work
    with statements() as asked:
        begun = time.process_time()
        answer = fetch_internal(browser, event, "xlsx")
        took = time.process_time() - begun
    assert len([s for s in asked if s.startswith("SELECT")]) <= 24  # the page of lists, too
    assert read_xlsx(answer.data).max_row == 9_000 + 1 + 2
    assert took < 8  # seconds of the processor; about one is usual
