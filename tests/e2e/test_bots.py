"""In a rush a browser works a moment for its person, or the person confirms by mail."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import PHONE, Sink, look, one_database, text_of
from tests.reading import forms

EVENT = "mottagande-och-etablering-i-jonkopings-lan"
FORM = f"/evenemang/{EVENT}/anmalan"


@pytest.fixture
def database_url(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Of a server for which two registrations in a minute are a rush."""
    monkeypatch.setenv("SAMLING_RUSH", "1")
    return database_url


def person(name: str) -> dict[str, str]:
    return {
        "first_name": "Ada", "last_name": name, "email": f"{name.lower()}@example.se",
        "organisation": "Rädda bina", "sector": "civil_society", "mode": "room",
    }  # fmt: skip


def rush(page: Page, event: str = FORM) -> None:
    """Three registrations at once, so that the server knows of a rush for a while."""
    for number in range(3):
        fields = forms(page.request.get(event).text())[0]["fields"] | person(f"Ek{'abc'[number]}")
        assert page.request.post(event, form=fields).ok


def fill_in(page: Page, name: str) -> None:
    """By keyboard alone, from the first field on."""
    page.get_by_label("Förnamn").focus()
    keys = page.keyboard
    for text in ("Ada", name, f"{name.lower()}@example.se", "", "Rädda bina"):
        keys.type(text)
        keys.press("Tab")
    keys.type("Civ")
    page.locator("[name=mode][value=room]").focus()
    keys.press("Space")


@one_database
def test_in_a_rush_a_person_registers_by_keyboard_and_solves_no_puzzle(
    phone: Page, upcoming: str, sink: Sink
) -> None:
    phone.goto(FORM)
    expect(phone.locator("#work")).to_have_count(0)
    early = phone.context.new_page()
    early.goto(FORM)
    rush(phone)
    phone.goto(FORM)
    look(phone, "bots-01-form")
    fill_in(phone, "Berg")
    assert phone.locator("[name=website]").evaluate("f => f.value") == ""
    phone.get_by_role("button", name="Skicka anmälan").focus()
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="Tack för din anmälan")).to_be_visible()
    sink.wait_for("berg@example.se", "Du är anmäld")

    # Opened before the rush: asked when sent, and sent again by the browser itself.
    fill_in(early, "Dal")
    early.keyboard.press("Enter")
    expect(early.get_by_role("heading", name="Tack för din anmälan")).to_be_visible()
    sink.wait_for("dal@example.se", "Du är anmäld")


@one_database
def test_in_a_rush_without_javascript_a_person_confirms_by_mail(
    browser: Browser, upcoming: str, sink: Sink
) -> None:
    context = browser.new_context(
        viewport=PHONE, java_script_enabled=False, locale="sv-SE", base_url=upcoming
    )
    page = context.new_page()
    page.goto(FORM)
    rush(page)
    fill_in(page, "Lund")
    page.get_by_role("button", name="Skicka anmälan").click()
    expect(page.get_by_role("alert")).to_contain_text("bekräftar du i ett mejl")
    page.get_by_role("button", name="Skicka anmälan").click()
    expect(page.get_by_role("heading", name="Tack för din anmälan")).to_be_visible()
    letter = sink.wait_for("lund@example.se", "Bekräfta din anmälan")
    plain = browser.new_context(viewport=PHONE, locale="sv-SE", base_url=upcoming)
    own = plain.new_page()
    own.goto(re.findall(r"http\S+/min-anmalan/\S+", text_of(letter))[0])
    look(own, "bots-02-confirm")
    own.get_by_role("button", name="Bekräfta min anmälan").focus()
    own.keyboard.press("Enter")
    expect(own.get_by_text("Du har en plats.")).to_be_visible()
    look(own, "bots-03-confirmed")
    sink.wait_for("lund@example.se", "Du är anmäld")
    plain.close()
    context.close()
