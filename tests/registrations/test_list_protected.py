"""A person with protected identity: shown in one place, to two roles."""

import csv
import io

import pytest

from core.reference import Sector
from events.rules import Mode
from tests.registrations import make
from tests.registrations.make_lists import come, url
from tests.registrations.make_papers import fetch_internal

SECRET = ("Alias", "Hemligson", "hemlig@example.se", "070-999 88 77", "Hemliga huset", "Ydre")


@pytest.fixture
def event(app):
    """A conference with one ordinary and one protected person."""
    event = make.conference()
    make.registration(event, 1, last_name="Öberg", organisation="Tranås kommun")
    return event


@pytest.fixture
def protected(event):
    """The protected person."""
    return make.registration(
        event, 2, first_name="Alias", last_name="Hemligson", email="hemlig@example.se",
        phone="070-999 88 77", organisation="Hemliga huset", municipality="0512",
        sector=Sector.MUNICIPALITY, mode=Mode.ROOM, protected=True,
    )  # fmt: skip


def seen(text):
    """Which of the person's facts stand in `text`."""
    body = text.split("<main", 1)[-1]
    body = body.split("</form>", 1)[-1] if 'role="search"' in body else body
    return [fact for fact in SECRET if fact in body]


@pytest.mark.parametrize("role", ["admin", "organiser"])
def test_those_who_plan_see_the_chosen_name_with_a_flag(event, protected, staff, role):
    page = staff(role).get(url(event)).text
    assert "Hemligson, Alias" in page
    assert "Skyddad</span>" in page
    own = staff(role).get(url(event, f"deltagare/{protected.id}")).text
    assert "hemlig@example.se" in own
    assert f"Skyddad deltagare {protected.id}" in own


@pytest.mark.parametrize("role", ["secretary", "reader"])
def test_others_in_the_list_see_a_number(event, protected, staff, role):
    browser = staff(role)
    page = browser.get(url(event)).text
    assert seen(page) == []
    assert f"Skyddad deltagare {protected.id}" in page
    assert "Öberg, Ada" in page
    assert browser.get(url(event, f"deltagare/{protected.id}")).status_code == 403


@pytest.mark.parametrize("query", ["Hemligson", "Hemliga huset", "hemlig@", "ydre", "alias"])
def test_others_cannot_find_the_person_by_searching(event, protected, staff, query):
    page = staff("reader").get(url(event), query_string={"q": query}).text
    assert "Skyddad deltagare" not in page
    assert "Ingen stämmer" in page


def test_those_who_plan_find_the_person_by_name(event, protected, staff):
    page = staff("organiser").get(url(event), query_string={"q": "hemligson"}).text
    assert "Hemligson, Alias" in page


@pytest.mark.parametrize("order", ["namn", "-namn", "organisation", "-organisation"])
def test_the_order_tells_others_nothing(event, protected, staff, order):
    page = staff("reader").get(url(event) + f"?sortera={order}").text
    assert page.index("Öberg, Ada") < page.index("Skyddad deltagare")


@pytest.mark.parametrize("role", ["admin", "organiser", "secretary", "reader"])
def test_files_leave_the_person_out_for_everybody(event, protected, staff, role):
    browser = staff(role)
    answer = fetch_internal(browser, event)
    rows = list(csv.reader(io.StringIO(answer.text), delimiter=";"))
    assert len(rows) == 2
    assert seen(answer.text) == []
    assert "Skyddad" not in answer.text
    assert "Hemligson" not in fetch_internal(browser, event, "xlsx").data.decode("latin-1")


@pytest.mark.parametrize("role", ["admin", "organiser", "secretary", "check-in"])
def test_at_the_door_and_on_paper_there_is_a_number(event, protected, staff, role):
    browser = staff(role)
    for query in ("Hemligson", "Hemliga huset"):
        page = browser.get(url(event, "dorren"), query_string={"q": query}).text
        assert "Skyddad deltagare" not in page
    for query in (str(protected.id), f"skyddad deltagare {protected.id}", "Skyddad"):
        page = browser.get(url(event, "dorren"), query_string={"q": query}).text
        assert f"Skyddad deltagare {protected.id}" in page
        assert seen(page) == []
    paper = browser.get(url(event, "dorren/lista")).text
    assert seen(paper) == []
    assert paper.index("Öberg, Ada") < paper.index(f"Skyddad deltagare {protected.id}")
    come(protected)
    done = browser.get(url(event, f"dorren?klar={protected.id}")).text
    assert f"Skyddad deltagare {protected.id}" in done
    assert seen(done) == []


def test_the_log_of_the_board_names_nobody_protected(event, protected, staff):
    page = staff("admin").get("/arbeta/konto").text
    assert seen(page) == []


def test_numbers_count_everybody(event, protected, staff):
    assert "<b>2</b>" in staff("reader").get(url(event)).text
