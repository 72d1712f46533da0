"""A programme of two days out of a mail, put right by keyboard, published and changed.

What becomes of the letter after its quiet minute is tried where the letters are.
"""

import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from core.clock import STOCKHOLM
from tests.e2e.conftest import PHONE, WIDE, look, seed, sign_in

SLUG, TITLE = "tva-dagar", "Två dagar om bostad"
TEXT = """Hej! Här kommer programmet.
Dag 1
09.30–10.00 Registrering och kaffe, Foajén
kl. 10.00-10.30 Välkommen – Maja Alm, länsråd [Stora salen]
10.30 Lägesbild – Bo Ek, utredare, Boverket [Stora salen]
11.30–12.30 Spår Stad: Höga hus [Sal A] – Siv Berg, Tranås kommun
11.30–12.30 Spår Land: Små hus [Sal B] – Per Öst, Eksjö kommun
12.30–13.30 Lunch
13.30–25.00 Utflykt
Dag 2
09.00–10.00 Samtal i grupper [Stora salen]
10.00–10.30 Avslutning [Stora salen]
"""


def tuesday() -> date:
    day = datetime.now(STOCKHOLM).date() + timedelta(days=60)
    return day + timedelta(days=(1 - day.weekday()) % 7)


@pytest.fixture
def draft(server: str, database_url: str, tmp_path: Path) -> str:
    """A draft of two days without a programme."""
    first = tuesday()
    event = {
        "slug": SLUG, "authority": "jonkoping", "title": TITLE, "state": "draft",
        "starts": f"{first} 09:30", "ends": f"{first + timedelta(days=1)} 15:00",
        "capacity": {"room": 50}, "lead": "Två dagar.", "case_number": "851-1-2027",
        "venue": {"name": "Elmia", "address": "Elmiavägen 11", "municipality": "0680"},
        "step_free": True, "contact_name": "Karin Ek", "contact_email": "karin@example.se",
    }  # fmt: skip
    seed(database_url, {"events": [event]}, tmp_path)
    return f"/evenemang/{SLUG}"


def to_programme(page: Page) -> None:
    sign_in(page)
    page.get_by_role("link", name=TITLE, exact=True).click()
    page.get_by_role("link", name="Program", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Program")


def row(page: Page, title: str) -> Locator:
    """The row of the item with that title."""
    rows = page.locator("tr[data-item]")
    titles = rows.locator('[id$="-title"]').evaluate_all("all => all.map((one) => one.value)")
    return rows.nth(titles.index(title))


def clock(page: Page, title: str) -> str:
    return row(page, title).locator('[id$="-when"]').input_value()


def paste(page: Page) -> None:
    """The text of the mail; a line that cannot be read is told, put right, and all is added."""
    page.get_by_role("link", name="Klistra in eller välj en mall").click()
    look(page, "programme-paste")
    page.get_by_label("Programmet som text").fill(TEXT)
    page.get_by_role("button", name="Visa vad det blir").click()
    expect(page.get_by_text("Rad 9: ”13.30–25.00 Utflykt”.")).to_be_visible()
    expect(page.get_by_text("Rad 1: ”Hej! Här kommer programmet.”.")).to_be_visible()
    expect(page.locator("#preview").get_by_text("Maja Alm, länsråd")).to_be_visible()
    look(page, "programme-paste-preview")
    page.get_by_label("Programmet som text").fill(TEXT.replace("25.00", "15.00"))
    page.get_by_role("button", name="Visa vad det blir").click()
    expect(page.locator("#problem")).to_contain_text("1 rad kan inte läsas")
    page.get_by_role("button", name="Lägg till 9 punkter").click()
    expect(page.get_by_text("9 punkter är tillagda.")).to_be_visible()


def collide(page: Page) -> None:
    """Two things in one room are told while one writes, before anything is saved."""
    room = row(page, "Små hus").get_by_label("Rum")
    room.fill("Sal A")
    room.press("Tab")
    told = row(page, "Små hus").get_by_text("Sal A är upptagen samtidigt: ”Höga hus”.")
    expect(told).to_be_visible()
    look(page, "programme-collision")
    page.reload()
    expect(row(page, "Små hus").get_by_label("Rum")).to_have_value("Sal B")


def publish(page: Page) -> None:
    page.get_by_role("link", name="Läget").click()
    page.get_by_role("link", name="Kontrollera och publicera").first.click()
    anyway = page.get_by_role("checkbox")
    if anyway.count():
        anyway.check()
    page.get_by_role("button", name="Publicera").click()
    page.get_by_role("link", name="Program", exact=True).click()
    expect(page.get_by_text("Publicerat som version 1")).to_be_visible()


def move_by_keyboard(page: Page) -> None:
    """Once by the menu of the row, and back and forth by Alt and an arrow."""
    menu = row(page, "Välkommen").get_by_text("Mer")
    menu.focus()
    page.keyboard.press("Enter")
    down = row(page, "Välkommen").get_by_role("button", name="Flytta ner")
    for _step in range(8):
        page.keyboard.press("Tab")
        if down.evaluate("button => button === document.activeElement"):
            break
    expect(down).to_be_focused()
    look(page, "programme-menu")
    page.keyboard.press("Enter")
    expect(page.get_by_text("”Välkommen” börjar nu 11.00.")).to_be_visible()
    assert clock(page, "Lägesbild") == "10.00–11.00"
    row(page, "Välkommen").locator('[id$="-when"]').focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.get_by_text("”Välkommen” börjar nu 10.00.")).to_be_visible()
    assert clock(page, "Lägesbild") == "10.30–11.30"


def drag(page: Page) -> None:
    """The mouse may do it too: a row is dropped on another, held by its grip."""
    page.goto(page.url.partition("#")[0])  # to the top: what stays there hides the first rows
    grip = row(page, "Lägesbild").locator(".grip")
    grip.drag_to(row(page, "Registrering och kaffe").locator(".grip"))
    expect(page.get_by_text("”Lägesbild” börjar nu 09.30.")).to_be_visible()
    row(page, "Lägesbild").locator('[id$="-when"]').press("Alt+ArrowDown")
    expect(page.get_by_text("”Lägesbild” börjar nu 10.00.")).to_be_visible()
    row(page, "Lägesbild").locator('[id$="-when"]').press("Alt+ArrowDown")
    expect(page.get_by_text("”Lägesbild” börjar nu 10.30.")).to_be_visible()


def shift(page: Page) -> None:
    """Everything from half past eleven a quarter of an hour later, by keyboard."""
    page.get_by_role("link", name="Skjut tider").press("Enter")
    page.get_by_label(re.compile("^Allt som börjar")).fill("11:30")
    page.get_by_label(re.compile("^Minuter")).press("Enter")
    expect(page.locator("#preview").get_by_text("11.45–12.45").first).to_be_visible()
    look(page, "programme-shift")
    page.get_by_role("button", name="Flytta 4 punkter").press("Enter")
    expect(page.get_by_text("4 punkter är flyttade.")).to_be_visible()
    assert clock(page, "Höga hus") == "11.45–12.45"
    assert clock(page, "Samtal i grupper") == "09.00–10.00"


def register(page: Page, address: str) -> None:
    """Somebody chooses the high houses."""
    page.goto(f"{address}/anmalan")
    page.get_by_label("Förnamn").fill("Åsa")
    page.get_by_label("Efternamn").fill("Öberg")
    page.get_by_label("E-post").fill("asa@example.se")
    page.get_by_label(re.compile("^Organisation")).fill("Rädda bina")
    page.get_by_label("Sorts organisation").select_option(label="Civilsamhälle")
    page.get_by_role("radio", name="Höga hus").check()
    page.get_by_role("button", name="Skicka anmälan").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tack")


def test_two_days_out_of_a_mail_by_keyboard(draft: str, desk: Page) -> None:
    to_programme(desk)
    look(desk, "programme-empty")
    paste(desk)
    look(desk, "programme-table")
    desk.set_viewport_size(PHONE)  # type: ignore[arg-type]
    look(desk, "programme-table-phone")
    desk.set_viewport_size(WIDE)  # type: ignore[arg-type]
    collide(desk)
    publish(desk)
    public = desk.context.new_page()
    register(public, draft)
    desk.reload()
    expect(row(desk, "Höga hus").get_by_text("1 har valt punkten")).to_be_visible()
    move_by_keyboard(desk)
    drag(desk)
    shift(desk)

    # What is changed waits until it is published.
    public.goto(draft)
    expect(public.get_by_text("11.30–12.30").first).to_be_visible()
    expect(public.get_by_text("11.45–12.45")).to_have_count(0)
    desk.get_by_role("link", name="Se ändringarna och publicera").click()
    changes = desk.get_by_role("region", name="Det här är ändrat")
    said = re.compile("kl. 11.30 börjar 15 minuter senare")
    expect(changes.get_by_text(said)).to_be_visible()
    letter = desk.locator("details", has_text="Så läser de mejlet")
    if letter.get_attribute("open") is None:
        letter.locator("summary").press("Enter")
    expect(letter.get_by_text(said)).to_be_visible()
    look(desk, "programme-changes")
    desk.get_by_role("button", name=re.compile("^Publicera")).click()
    expect(desk.get_by_text("Publicerat som version 2")).to_be_visible()
    public.goto(draft)
    expect(public.get_by_text("11.45–12.45").first).to_be_visible()
    expect(public.get_by_text(said).first).to_be_visible()
