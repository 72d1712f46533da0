"""Two wish on a phone, the organiser places them, and the mail and the page say why."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.clock import STOCKHOLM
from tests.e2e.conftest import Sink, look, one_database, seed, sign_in, text_of

SLUG = "tva-pass"
FULL, OTHER = "Språkvägar på arbetsplatsen", "Bostäder på kort tid"


@pytest.fixture
def conference(server: str, database_url: str, tmp_path: Path) -> str:
    """A published conference with two seminars at eleven, of one seat and of many."""
    day = f"{datetime.now(STOCKHOLM) + timedelta(days=60):%Y-%m-%d}"
    programme = [
        {
            "starts": "11:00", "ends": "12:00", "kind": "seminar", "title": title,
            "group": "11.00", "capacity": seats, "room": "Sal A",
        }
        for title, seats in ((FULL, 1), (OTHER, 20))
    ]  # fmt: skip
    event = {
        "slug": SLUG, "authority": "jonkoping", "title": "Två pass", "state": "published",
        "starts": f"{day} 09:30", "ends": f"{day} 16:00", "capacity": {"room": 50},
        "programme": programme,
    }  # fmt: skip
    seed(database_url, {"events": [event]}, tmp_path)
    return f"/evenemang/{SLUG}"


def to_seminars(page: Page) -> None:
    page.goto("/arbeta/")
    page.get_by_role("link", name="Två pass").click()
    page.get_by_role("link", name="Program", exact=True).click()
    page.get_by_role("link", name="Seminarier").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Seminarier")


def register(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/anmalan")
    page.get_by_label("Förnamn").fill(name)
    page.get_by_label("Efternamn").fill("Öberg")
    page.get_by_label("E-post").fill(f"{name.lower()}@example.se")
    page.get_by_label(re.compile("^Organisation")).fill("Rädda bina")
    page.get_by_label("Sorts organisation").select_option(label="Civilsamhälle")
    page.get_by_role("radio", name=FULL).check()
    page.get_by_label(re.compile("^Andrahandsval")).select_option(label=OTHER)
    look(page, f"placement-form-{name}")
    page.get_by_role("button", name="Skicka anmälan").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tack")


def press(page: Page, name: str) -> None:
    """By keyboard: go to the button or link and press Enter."""
    target = page.get_by_role("button", name=name)
    target.focus()
    expect(target).to_be_focused()
    page.keyboard.press("Enter")


@one_database
def test_two_wish_the_organiser_places_them_and_everybody_can_see_why(
    conference: str, desk: Page, phone: Page, sink: Sink
) -> None:
    sign_in(desk)
    expect(desk.get_by_role("heading", name="Våra evenemang")).to_be_visible()
    to_seminars(desk)
    look(desk, "placement-first-come")
    desk.get_by_role("radio", name=re.compile("^Fördelas efter")).check()
    press(desk, "Spara")
    expect(desk.get_by_role("status")).to_contain_text("Sparat")

    register(phone, conference, "Anna")
    register(phone, conference, "Bo")
    receipt = text_of(sink.wait_for("bo@example.se"))
    assert f"1. {FULL}, 2. {OTHER}" in " ".join(receipt.split())

    to_seminars(desk)
    expect(desk.get_by_text("2 personer väntar på en plats")).to_be_visible()
    look(desk, "placement-seminars")
    press(desk, "Förhandsgranska")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Förhandsgranska fördelningen")
    expect(desk.get_by_text("den som anmälde sig först fick platsen")).to_be_visible()
    look(desk, "placement-preview")
    press(desk, "Fördela platserna")
    expect(desk.get_by_role("status")).to_contain_text("2 personer har fått sina seminarier")
    look(desk, "placement-done")

    letter = sink.wait_for("bo@example.se", "Dina seminarier")
    text = " ".join(text_of(letter).split())
    assert f"Ditt förstahandsval ”{FULL}” hade 1 plats och 2 ville ha det" in text
    assert f"Du fick ditt andrahandsval ”{OTHER}”." in text
    assert "Du fick ditt förstahandsval" in text_of(sink.wait_for("anna@example.se", "Dina"))

    link = re.search(r"http://\S+/min-anmalan/\S+", text_of(letter))
    assert link
    phone.goto(link[0])
    expect(phone.get_by_role("heading", name="Så fick du dina seminarier")).to_be_visible()
    expect(phone.get_by_text(f"Du fick ditt andrahandsval ”{OTHER}”")).to_be_visible()
    look(phone, "placement-own-page")

    desk.get_by_role("link", name="Deltagare", exact=True).click()
    desk.get_by_role("link", name="Öberg, Bo").click()
    desk.get_by_role("link", name="Flytta mellan seminarier").click()
    look(desk, "placement-move")
    desk.get_by_role("radio", name=FULL).check()
    desk.get_by_label(re.compile("^Anledning")).fill("Bad om att få byta")
    press(desk, "Flytta")
    expect(desk.get_by_role("alert")).to_contain_text("är fullt: 1 av 1 platser")
    look(desk, "placement-move-full")
