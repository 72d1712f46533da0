"""A group registers on a phone, by keyboard: one changes, one cancels, one is replaced."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.clock import STOCKHOLM
from tests.e2e.conftest import Sink, look, seed, text_of
from tests.e2e.keyboard import press, reach, write

SLUG = "dag-om-boende"
TITLE = "Dag om boende"


@pytest.fixture
def conference(server: str, database_url: str, tmp_path: Path) -> str:
    """A conference with three seats; the address of its page."""
    day = f"{datetime.now(STOCKHOLM) + timedelta(days=60):%Y-%m-%d}"
    event = {
        "slug": SLUG, "authority": "jonkoping", "kind": "regional_conference", "title": TITLE,
        "state": "published", "starts": f"{day} 09:30", "ends": f"{day} 16:00",
        "capacity": {"room": 3}, "contact_phone": "010-223 60 00",
        "venue": {"name": "Elmia", "address": "Elmiavägen 11", "municipality": "Jönköping"},
    }  # fmt: skip
    seed(database_url, {"events": [event]}, tmp_path)
    return f"/evenemang/{SLUG}"


def row(page: Page, number: int, first: str, last: str) -> None:
    who = f"{first}.{last}@habo.example.se".lower()
    for name, text in (("first_name", first), ("last_name", last), ("email", who)):
        write(page, page.locator(f"#{name}_{number}"), text)


def own_link(sink: Sink, to: str, what: str, subject: str = "") -> str:
    found = re.search(rf"https?://\S+/{what}/\S+", text_of(sink.wait_for(to, subject)))
    assert found
    return found[0]


def register_group(page: Page, address: str) -> None:
    page.goto(address)
    press(page, page.get_by_role("link", name="Anmäl flera från er organisation"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Anmäl en grupp")
    look(page, "groups-01-form")
    write(page, page.locator("#contact_name"), "Karin Ek")
    write(page, page.locator("#contact_email"), "karin.ek@habo.example.se")
    write(page, page.locator("#organisation"), "Habo kommun")
    reach(page, page.locator("#sector"))
    page.keyboard.type("Kommun")
    reach(page, page.locator("#municipality"))
    page.keyboard.type("Habo")
    for number, first in enumerate(("Anna", "Bo", "Cecilia"), 1):
        row(page, number, first, "Lind")
    press(page, page.get_by_role("button", name="Lägg till fler rader"))
    expect(page.locator("#first_name_4")).to_be_focused()
    row(page, 4, "David", "Lind")
    press(page, page.get_by_role("button", name="Anmäl gruppen"))
    expect(page.get_by_role("alert")).to_contain_text("Det finns 3 platser kvar i salen")
    look(page, "groups-02-too-many")
    reach(page, page.locator("[name=how]:checked"))
    page.keyboard.press("ArrowDown")
    press(page, page.get_by_role("button", name="Anmäl gruppen"))
    expect(page.get_by_text("Reserv", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    assert page.url.endswith("/min-grupp")
    look(page, "groups-03-party")


def test_a_group_from_first_to_last(phone: Page, sink: Sink, conference: str) -> None:
    register_group(phone, conference)

    phone.goto(own_link(sink, "anna.lind@habo.example.se", "min-anmalan"))
    look(phone, "groups-04-own")
    press(phone, phone.get_by_role("link", name="Ändra din anmälan"))
    write(phone, phone.get_by_label(re.compile("^Telefon")), "070-123 45 67")
    press(phone, phone.get_by_role("button", name="Spara ändringen"))
    expect(phone.get_by_role("status")).to_contain_text("Ändringen är sparad")

    phone.goto(own_link(sink, "bo.lind@habo.example.se", "min-anmalan"))
    press(phone, phone.get_by_role("link", name="Avanmäl dig"))
    press(phone, phone.get_by_role("button", name="Ja, avanmäl mig"))
    expect(phone.get_by_text("Du är avanmäld.").first).to_be_visible()
    promoted = sink.wait_for("david.lind@habo.example.se", "Du har fått en plats")
    assert TITLE in text_of(promoted)

    phone.goto(own_link(sink, "karin.ek@habo.example.se", "min-grupp"))
    assert phone.url.endswith("/min-grupp")
    expect(phone.get_by_text("Reserv")).to_have_count(0)
    press(phone, phone.get_by_role("link", name=re.compile("^Byt person.*Cecilia Lind")))
    look(phone, "groups-05-replace")
    press(phone, phone.get_by_role("button", name="Byt person"))
    expect(phone.get_by_role("alert")).to_be_visible()
    look(phone, "groups-06-mistakes")
    write(phone, phone.get_by_label("Förnamn"), "Eva")
    write(phone, phone.get_by_label("Efternamn"), "Ny")
    write(phone, phone.get_by_label("E-post"), "eva.ny@habo.example.se")
    press(phone, phone.get_by_role("button", name="Byt person"))
    expect(phone.get_by_role("status")).to_contain_text("Platsen har gått över till en kollega")
    expect(phone.get_by_text("Eva Ny", exact=True)).to_be_visible()
    look(phone, "groups-07-replaced")
    assert "i stället för en kollega" in text_of(sink.wait_for("eva.ny@habo.example.se"))
    sink.wait_for("cecilia.lind@habo.example.se", "Du är avanmäld")

    press(phone, phone.get_by_role("link", name=re.compile("^Avanmäl.*David Lind")))
    look(phone, "groups-08-cancel")
    press(phone, phone.get_by_role("button", name="Ja, avanmäl"))
    expect(phone.get_by_role("status")).to_contain_text("David Lind är avanmäld")


def test_one_hands_the_place_over_and_takes_the_data_home(
    phone: Page, sink: Sink, conference: str
) -> None:
    phone.goto(conference + "/anmalan")
    for name, text in (
        ("first_name", "Anna"), ("last_name", "Lind"), ("email", "anna@habo.example.se"),
        ("organisation", "Habo kommun"),
    ):  # fmt: skip
        write(phone, phone.locator(f"#{name}"), text)
    reach(phone, phone.locator("#sector"))
    phone.keyboard.type("Kommun")
    reach(phone, phone.locator("#municipality"))
    phone.keyboard.type("Habo")
    press(phone, phone.get_by_role("button", name="Skicka anmälan"))
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Tack")
    phone.goto(own_link(sink, "anna@habo.example.se", "min-anmalan"))
    with phone.expect_download() as download:
        press(phone, phone.get_by_role("button", name="Ladda ner mina uppgifter"))
    data = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert data["registration"]["email"] == "anna@habo.example.se"
    press(phone, phone.get_by_role("link", name="Överlåt platsen till en kollega"))
    look(phone, "groups-09-hand-over")
    write(phone, phone.get_by_label("Förnamn"), "Eva")
    write(phone, phone.get_by_label("Efternamn"), "Ny")
    write(phone, phone.get_by_label("E-post"), "eva.ny@habo.example.se")
    press(phone, phone.get_by_role("button", name="Överlåt platsen"))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Platsen är överlåten")
    look(phone, "groups-10-handed-over")
    sink.wait_for("eva.ny@habo.example.se", "Du är anmäld")
