"""The organiser's list by keyboard: filter, cancel several, make one of a double, columns."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.db import db
from registrations.models import Registration
from tests.e2e.conftest import PHONE, WIDE, look, one_database, seed, sign_in

NAMES = ("Öberg", "Lund", "Åkesson", "Ärlig", "Berg", "Dahl")


@pytest.fixture
def event(app, server: str, database_url: str, tmp_path: Path) -> int:
    """Six people, and one of them once more from another address."""
    people = [
        {"first_name": "Ada", "last_name": last, "email": f"{n}@example.se",
         "organisation": "Tranås kommun", "sector": "municipality", "municipality": "0687"}
        for n, last in enumerate([*NAMES, "Öberg"])
    ]  # fmt: skip
    people[1] |= {"sector": "civil_society", "municipality": "1280", "organisation": "Bryggan"}
    scenario = {
        "events": [
            {"slug": "dagen", "authority": "jonkoping", "title": "Dag om bostad",
             "state": "published", "starts": "D+60 09:30", "ends": "D+60 16:00",
             "capacity": {"room": 50}, "registrations": people}
        ]
    }  # fmt: skip
    seed(database_url, scenario, tmp_path)
    found = db.session.query(Registration).first()
    db.session.rollback()
    assert found
    return found.event_id


@one_database
def test_the_list_from_filter_to_merge(desk: Page, event: int) -> None:
    sign_in(desk, f"/arbeta/evenemang/{event}/deltagare")
    expect(desk.get_by_role("heading", name="Deltagare", level=1)).to_be_visible()
    look(desk, "list-01")
    filter_by_county(desk)
    cancel_three_by_keyboard(desk)
    merge_the_double(desk)
    choose_columns(desk)
    desk.set_viewport_size(PHONE)
    look(desk, "list-08-phone")
    desk.set_viewport_size(WIDE)
    db.session.rollback()
    people = db.session.query(Registration).filter_by(event_id=event).all()
    assert sorted(one.status.value for one in people) == ["cancelled"] * 4 + ["confirmed"] * 3


def rows(page: Page) -> list[str]:
    return page.locator("tbody th a").all_text_contents()


def filter_by_county(page: Page) -> None:
    page.get_by_text("Filter och ordning").press("Enter")
    page.locator("#lan").select_option(label="Skåne")
    page.locator("#lan").press("Tab")
    page.get_by_role("button", name="Visa").last.press("Enter")
    expect(page.get_by_role("link", name="Ta bort Skåne län")).to_be_visible()
    assert rows(page) == ["Lund, Ada"]
    look(page, "list-02-filtered")
    page.get_by_role("link", name="Ta bort Skåne län").press("Enter")
    expect(page.get_by_text("7 personer").first).to_be_visible()


def cancel_three_by_keyboard(page: Page) -> None:
    for last in ("Berg", "Dahl", "Lund"):
        page.get_by_role("checkbox", name=f"{last}, Ada", exact=True).press("Space")
    expect(page.get_by_label("Gäller")).to_contain_text("De kryssade (3)")
    look(page, "list-03-ticked")
    page.get_by_label("Gör", exact=True).select_option(label="Avanmäl")
    page.get_by_role("button", name="Fortsätt").press("Enter")
    expect(page.get_by_role("heading", name="Avanmäl 3 personer?")).to_be_visible()
    look(page, "list-04-ask")
    page.get_by_role("button", name="Avanmäl 3 personer").press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Anledning").fill("Dagen blir mindre")
    page.get_by_label("Anledning").press("Enter")
    expect(page.get_by_role("heading", name="3 personer är avanmälda")).to_be_visible()
    look(page, "list-05-done")
    page.get_by_role("link", name="Alla deltagare", exact=True).press("Enter")


def merge_the_double(page: Page) -> None:
    page.get_by_role("link", name="Dubbletter").press("Enter")
    expect(page.get_by_text("Samma namn, olika adress")).to_be_visible()
    look(page, "list-06-doubles")
    page.get_by_role("link", name="Slå ihop").press("Enter")
    expect(page.get_by_role("heading", name="Slå ihop två anmälningar")).to_be_visible()
    look(page, "list-07-merge")
    page.get_by_role("group", name="E-post").get_by_label("6@example.se").press("Space")
    page.get_by_role("button", name="Slå ihop").press("Enter")
    expect(page.get_by_text("De två är nu en anmälan.")).to_be_visible()
    expect(page.get_by_role("link", name="6@example.se")).to_be_visible()
    look(page, "list-07b-merged")
    page.get_by_role("link", name="Alla deltagare").press("Enter")


def choose_columns(page: Page) -> None:
    page.get_by_text("Kolumner", exact=True).press("Enter")
    page.get_by_role("checkbox", name="Län", exact=True).press("Space")
    page.get_by_role("button", name="Spara kolumnerna").press("Enter")
    expect(page.get_by_role("columnheader", name="Län")).to_be_visible()
