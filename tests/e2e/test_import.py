"""A list of participants taken in from a file, by keyboard: errors read, corrected, gone."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import PATIENCE, look, one_database, sign_in
from tests.e2e.test_story import in_two_months
from tests.registrations.importing.make import csv, people


def press_to(page: Page, name: str, kind: str = "button", most: int = 80) -> None:
    """Go to a link or button with the Tab key alone, and press it."""
    for _step in range(most):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "() => [document.activeElement.tagName, document.activeElement.textContent.trim()]"
        )
        if focused[1] == name and focused[0] == {"button": "BUTTON", "link": "A"}[kind]:
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{name} is not reached by Tab")


def make_event(page: Page) -> str:
    """A draft conference; the address of its page in the workspace."""
    page.goto("/arbeta/evenemang/nytt?monster=regional_conference")
    if page.get_by_label("Myndighet").count():
        page.get_by_label("Myndighet").select_option(label="Länsstyrelsen i Jönköpings län")
    page.get_by_label("Rubrik").fill("Konferens med lista")
    page.get_by_label("Dag").first.fill(in_two_months())
    page.get_by_label("Plats").first.fill("Elmia")
    page.get_by_label("Adress").first.fill("Elmiavägen 11, Jönköping")
    page.get_by_role("button", name="Skapa utkast").click()
    expect(page.get_by_text("Konferens med lista").first).to_be_visible()
    return page.url


def test_a_list_with_errors_is_corrected_and_taken_in_by_keyboard(desk: Page, tmp_path: Path):
    wrong, right = people(60), people(60)
    wrong[4][2], wrong[9][5] = "ada.berg3", "Tranos"
    (tmp_path / "fel.csv").write_bytes(csv(wrong))
    (tmp_path / "ratt.csv").write_bytes(csv(right))
    sign_in(desk)
    event = make_event(desk)

    desk.goto(f"{event}/deltagare")
    press_to(desk, "Importera", "link")
    expect(desk.get_by_role("heading", name="Importera deltagare")).to_be_visible()
    look(desk, "import-01-send")
    desk.get_by_label("Fil", exact=True).set_input_files(tmp_path / "fel.csv")
    desk.get_by_label("Fil", exact=True).focus()
    press_to(desk, "Läs listan")

    expect(desk.get_by_role("heading", name="2 celler behöver rättas")).to_be_visible()
    look(desk, "import-02-faults")
    rows = desk.get_by_role("region", name="Celler att rätta").get_by_role("row")
    expect(rows.nth(1)).to_contain_text("Rad 5")
    expect(rows.nth(1)).to_contain_text("C, E-post")
    expect(rows.nth(2)).to_contain_text("Menas Tranås?")
    reached = False
    for _step in range(40):
        desk.keyboard.press("Tab")
        reached = reached or desk.evaluate(
            "() => document.activeElement.getAttribute('aria-label') === 'Celler att rätta'"
        )
    assert reached, "the table of faults is reached, and read, by keyboard"
    expect(desk.get_by_role("button", name="Lägg in")).to_have_count(0)

    desk.get_by_label("Fil", exact=True).set_input_files(tmp_path / "ratt.csv")
    desk.get_by_label("Fil", exact=True).focus()
    press_to(desk, "Skicka den rättade filen")
    expect(desk.get_by_role("heading", name="60 nya deltagare")).to_be_visible()
    look(desk, "import-03-ready")
    desk.get_by_role("heading", name="60 nya deltagare").click()
    press_to(desk, "Lägg in 60 deltagare")

    expect(desk.get_by_role("heading", name="Import av deltagare")).to_be_visible()
    expect(desk.get_by_role("status")).to_contain_text("Klart")
    expect(desk.get_by_text("60 nya deltagare.")).to_be_visible()
    look(desk, "import-04-done")
    press_to(desk, "Alla deltagare", "link")
    expect(desk.get_by_text("Berg0, Ada")).to_be_visible()

    desk.goto(f"{event}/deltagare/importera")
    desk.get_by_label("Fil", exact=True).set_input_files(tmp_path / "ratt.csv")
    desk.get_by_role("button", name="Läs listan").click()
    expect(desk.get_by_text("0 nya: alla finns redan i listan.")).to_be_visible()
    look(desk, "import-05-nobody-new")
    desk.goto("/arbeta/jobb")
    expect(desk.get_by_role("link", name="Import av deltagare")).to_be_visible()
    look(desk, "import-06-work")


@one_database
def test_without_javascript_the_page_of_the_work_keeps_up(
    browser, server: str, tmp_path: Path
) -> None:
    context = browser.new_context(
        java_script_enabled=False, locale="sv-SE", base_url=server,
        viewport={"width": 375, "height": 812},
    )  # fmt: skip
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    (tmp_path / "lista.csv").write_bytes(csv(people(20)))
    sign_in(page)
    event = make_event(page)
    page.goto(f"{event}/deltagare/importera")
    page.get_by_label("Fil", exact=True).set_input_files(tmp_path / "lista.csv")
    page.get_by_role("button", name="Läs listan").click()
    page.get_by_role("button", name="Lägg in 20 deltagare").click()
    expect(page.get_by_text("20 nya deltagare.")).to_be_visible(timeout=20_000)
    context.close()


@one_database
def test_the_pages_fit_a_phone(phone: Page, tmp_path: Path):
    wrong = people(5)
    wrong[2][2] = "x" * 150
    (tmp_path / "fel.csv").write_bytes(csv(wrong))
    sign_in(phone)
    event = make_event(phone)
    phone.goto(f"{event}/deltagare/importera")
    look(phone, "import-07-phone-send")
    phone.get_by_label("Fil", exact=True).set_input_files(tmp_path / "fel.csv")
    phone.get_by_role("button", name="Läs listan").click()
    look(phone, "import-08-phone-faults")
