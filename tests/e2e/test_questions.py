"""An organiser asks two questions, one hanging on the other; people answer on a telephone."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import PHONE, look, one_database, sign_in

EVENT = "mottagande-och-etablering-i-jonkopings-lan"
FORM = f"/evenemang/{EVENT}/anmalan"
GROUP = "document.activeElement.closest('fieldset[id]')?.innerText || ''"


def ask_two_questions(desk: Page) -> None:
    sign_in(desk)
    desk.get_by_role("link", name=re.compile("^Mottagande och etablering i Jönk")).first.click()
    desk.get_by_role("link", name="Deltagare", exact=True).click()
    desk.get_by_role("link", name="Frågor i anmälan").click()
    look(desk, "questions-01-empty")
    desk.get_by_role("link", name="Skriv den första frågan").click()
    look(desk, "questions-02-new")
    desk.get_by_label("Frågan", exact=True).fill("Åker du med bussen från Tranås?")
    desk.get_by_label("Ja eller nej").check()
    desk.get_by_role("checkbox", name="Man måste svara").check()
    desk.get_by_role("button", name="Spara frågan").click()
    look(desk, "questions-03-mistake")
    desk.get_by_label("Varför frågar ni?").fill("För att beställa rätt buss.")
    desk.get_by_role("button", name="Spara frågan").click()
    desk.get_by_role("link", name="Ny fråga").click()
    desk.get_by_label("Frågan", exact=True).fill("Var stiger du på?")
    desk.get_by_label("Varför frågar ni?").fill("För att bussen ska stanna.")
    desk.get_by_label("Ett av flera alternativ").check()
    desk.get_by_role("textbox", name="Alternativen").fill("Stationen\nStadshuset")
    desk.get_by_role("checkbox", name="Man måste svara").check()
    desk.get_by_label(re.compile("^Visas bara om man har svarat")).select_option(
        label="Åker du med bussen från Tranås?: Ja"
    )
    desk.get_by_role("button", name="Spara frågan").click()
    expect(desk.get_by_text("Svara om du svarade ”Ja” på")).to_be_visible()
    look(desk, "questions-04-list")
    desk.get_by_role("link", name="Så ser formuläret ut").click()
    expect(desk.get_by_role("group", name="Var stiger du på?")).to_be_hidden()
    desk.get_by_label("Ja", exact=True).check()
    expect(desk.get_by_role("group", name="Var stiger du på?")).to_be_visible()
    look(desk, "questions-05-preview")


def fill_in(phone: Page, first: str, last: str, email: str) -> None:
    """What is asked of everybody, by keyboard from the first box on."""
    phone.get_by_label("Förnamn").focus()
    phone.keyboard.type(first)
    for text in (last, email, "", "Tranås kommun"):
        phone.keyboard.press("Tab")
        phone.keyboard.type(text)
    phone.keyboard.press("Tab")
    phone.keyboard.type("Komm")  # chooses in the list of sectors
    phone.keyboard.press("Tab")
    phone.keyboard.type("Tran")
    tab_to(phone, "Hur deltar du?")
    phone.keyboard.press("Space")


def tab_to(phone: Page, name: str) -> None:
    """On with the tab key until something in the group of that name has the focus."""
    for _press in range(40):
        phone.keyboard.press("Tab")
        if phone.evaluate(GROUP).startswith(name):
            return
    raise AssertionError(f"the tab key does not lead to {name}")


@one_database
def test_questions_are_asked_and_answered_by_keyboard(
    browser: Browser, upcoming: str, desk: Page, phone: Page
) -> None:
    ask_two_questions(desk)
    bus, stop = "Åker du med bussen från Tranås?", "Var stiger du på?"

    phone.goto(FORM)
    expect(phone.get_by_role("group", name=bus)).to_be_visible()
    expect(phone.get_by_role("group", name=stop)).to_be_hidden()
    look(phone, "questions-06-form")
    fill_in(phone, "Åsa", "Öberg", "asa@example.se")
    tab_to(phone, bus)
    phone.keyboard.press("Space")
    expect(phone.get_by_role("group", name=stop)).to_be_visible()
    expect(phone.locator("[data-told]")).to_contain_text(stop)
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("alert")).to_contain_text("Välj ett svar")
    expect(phone.get_by_role("group", name=stop)).to_be_visible()
    look(phone, "questions-07-mistake")
    phone.get_by_role("alert").get_by_role("link", name="Välj ett svar").click()
    phone.get_by_label("Förnamn").focus()
    tab_to(phone, stop)
    phone.keyboard.press("ArrowDown")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Tack")

    without = browser.new_context(
        viewport=PHONE, locale="sv-SE", base_url=upcoming, java_script_enabled=False
    )
    plain = without.new_page()
    plain.goto(FORM)
    expect(plain.get_by_role("group", name=stop)).to_be_visible()
    expect(plain.get_by_text("Svara om du svarade ”Ja” på")).to_be_visible()
    fill_in(plain, "Siv", "Ek", "siv@example.se")
    plain.get_by_role("group", name=bus).get_by_label("Nej").focus()
    plain.keyboard.press("Space")
    plain.get_by_role("group", name=stop).get_by_label("Stadshuset").focus()
    plain.keyboard.press("Space")
    plain.keyboard.press("Enter")
    expect(plain.get_by_role("heading", level=1)).to_contain_text("Tack")
    without.close()

    desk.get_by_role("link", name="Till frågorna").click()
    desk.get_by_role("link", name="Vad man har svarat").click()
    look(desk, "questions-08-answers")
    row = desk.get_by_role("row")
    expect(row.filter(has_text="Stadshuset")).to_contain_text("1")  # Åsa's
    expect(row.filter(has_text="Stationen")).to_contain_text("0")
    expect(row.filter(has_text="Nej")).to_contain_text("1")
    expect(desk.get_by_text("Öberg")).to_have_count(0)
    desk.set_viewport_size(PHONE)
    look(desk, "questions-09-answers-phone")
    desk.go_back()
    look(desk, "questions-10-list-phone")
