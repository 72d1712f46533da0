"""The door on two telephones: ticks, a net that goes and comes back, the keyboard, codes."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from core.db import db
from registrations.door_code import door_code
from registrations.models import CheckIn, Registration
from tests.e2e.conftest import PATIENCE, PHONE, WIDE, look, one_database, seed, sign_in

PEOPLE = [("Åsa", "Öberg"), ("Per", "Lund"), ("Maja", "Åkesson"), ("Ola", "Ärlig")]


@pytest.fixture
def event(app, server: str, database_url: str, tmp_path: Path) -> int:
    """An event of today with four people and one who waits."""
    scenario = {
        "events": [
            {
                "slug": "dagen", "authority": "jonkoping", "title": "Dag om bostad",
                "state": "published", "starts": "D+0 09:30", "ends": "D+0 16:00",
                "capacity": {"room": 4},
                "programme": [
                    {"starts": f"{n + 10}:00", "ends": f"{n + 11}:00", "kind": "seminar",
                     "title": title, "group": "A", "capacity": 20}
                    for n, title in enumerate(("Skolan", "Bostaden"))
                ],
                "registrations": [
                    {"first_name": first, "last_name": last, "email": f"{n}@example.se",
                     "organisation": "Tranås kommun", "sector": "municipality",
                     "choices": {"A": "Skolan"} if last == "Lund" else {}}
                    for n, (first, last) in enumerate([*PEOPLE, ("Vera", "Sen")])
                ],
            }
        ]
    }  # fmt: skip
    seed(database_url, scenario, tmp_path)
    found = db.session.query(Registration).first()
    db.session.rollback()
    assert found
    return found.event_id


def door(context: BrowserContext, event: int, email: str = "incheckning@example.se") -> Page:
    """Somebody of the staff at the door."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    sign_in(page, f"/arbeta/evenemang/{event}/dorren", email)
    page.locator("#q").wait_for(state="attached")
    return page


@pytest.fixture
def one(browser: Browser, server: str, event: int):
    context = browser.new_context(viewport=PHONE, locale="sv-SE", base_url=server)
    yield door(context, event)
    context.close()


@pytest.fixture
def other(browser: Browser, server: str, event: int):
    context = browser.new_context(viewport=WIDE, locale="sv-SE", base_url=server)
    yield door(context, event, "organisator@example.se")
    context.close()


def lines() -> list[tuple[str, str]]:
    db.session.rollback()
    found = db.session.query(CheckIn, Registration).join(
        Registration, Registration.id == CheckIn.registration_id
    )
    return [(person.last_name, line.tick.value) for line, person in found.order_by(CheckIn.id)]


def search(page: Page, text: str) -> None:
    page.get_by_label("Sök den som kommer").fill(text)


def press(page: Page, words: str) -> None:
    page.locator("[data-results]").get_by_role("button", name=words).click()


def came(page: Page, number: int) -> None:
    expect(page.locator('[data-count="came"]')).to_have_text(str(number))


def test_two_telephones_and_a_net_that_goes(one: Page, other: Page) -> None:
    expect(one.get_by_text("Öberg")).to_have_count(0)
    search(one, "öberg")
    press(one, "Pricka av")
    expect(one.locator("[data-voice]")).to_have_text("Åsa Öberg är avprickad.")
    expect(one.get_by_label("Sök den som kommer")).to_be_focused()
    expect(one.get_by_label("Sök den som kommer")).to_have_value("")
    look(one, "door-1-ticked")
    came(other, 1)
    search(other, "öberg")
    expect(other.locator("[data-results]")).to_contain_text("av Mona Haddad")
    look(other, "door-2-the-colleague")

    one.context.set_offline(True)
    for name in ("lund", "åkesson", "sen"):
        search(one, name)
        press(one, "Pricka av")
    expect(one.locator("[data-net]")).to_contain_text("Väntar på nätet (3)")
    look(one, "door-3-no-net")
    one.locator("[data-just]").get_by_role("button", name="Ångra").click()
    expect(one.locator("[data-net]")).to_contain_text("Väntar på nätet (4)")
    one.get_by_role("link", name="Oanmäld? Lägg in").click()
    expect(one.locator("[data-alarm]")).to_contain_text("kräver nät")
    search(other, "lund")
    press(other, "Pricka av")
    came(other, 2)
    assert lines() == [("Öberg", "in"), ("Lund", "in")]

    one.context.set_offline(False)
    expect(one.locator("[data-net]")).to_be_hidden()
    came(one, 3)
    came(other, 3)
    assert lines() == [
        ("Öberg", "in"), ("Lund", "in"), ("Åkesson", "in"), ("Sen", "in"), ("Sen", "undo"),
    ]  # fmt: skip


@one_database
def test_a_page_that_holds_what_is_not_sent_warns_before_it_goes(one: Page) -> None:
    search(one, "lund")
    one.context.set_offline(True)
    press(one, "Pricka av")
    expect(one.locator("[data-net]")).to_contain_text("Väntar på nätet (1)")
    asked = []
    one.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    with one.expect_event("dialog"):
        one.close(run_before_unload=True)
    assert asked == ["beforeunload"]
    assert not one.is_closed()
    one.context.set_offline(False)
    came(one, 1)
    assert lines() == [("Lund", "in")]


@one_database
def test_whoever_is_signed_out_loses_no_tick(one: Page, event: int) -> None:
    search(one, "lund")
    expect(one.locator("[data-results]")).to_contain_text("Lund")
    tab = one.context.new_page()
    tab.goto("/arbeta/konto")
    tab.get_by_role("button", name="Logga ut").click()
    press(one, "Pricka av")
    expect(one.locator("[data-away]")).to_contain_text("Du är utloggad")
    look(one, "door-4-signed-out")
    assert lines() == []
    tab.close()
    again = door(one.context, event)
    came(one, 1)
    expect(one.locator("[data-away]")).to_be_hidden()
    again.close()
    assert lines() == [("Lund", "in")]


@one_database
def test_the_keyboard_and_a_hand_scanner_are_enough(one: Page) -> None:
    one.keyboard.type("öberg")
    expect(one.locator("[data-results]")).to_contain_text("Öberg")
    one.keyboard.press("Enter")
    one.keyboard.press("Enter")
    expect(one.locator("[data-voice]")).to_have_text("Åsa Öberg är avprickad.")
    code = door_code(db.session.query(Registration).filter_by(last_name="Lund").one())
    db.session.rollback()
    one.keyboard.type(code)
    one.keyboard.press("Enter")
    expect(one.locator("[data-voice]")).to_have_text("Per Lund är avprickad.")
    came(one, 2)
    one.keyboard.type("17-AAAAAAAAAAAAAAAA")
    one.keyboard.press("Enter")
    expect(one.locator("[data-alarm]")).to_contain_text("hör inte till någon")


@one_database
def test_a_seminar_has_a_door_of_its_own(one: Page) -> None:
    one.locator(".posts summary").click()
    one.get_by_role("link", name="Skolan").click()
    expect(one.locator('[data-count="expected"]')).to_have_text("1")
    search(one, "lund")
    press(one, "Pricka av")
    expect(one.locator("[data-voice]")).to_have_text("Per Lund är avprickad.")
    search(one, "öberg")
    expect(one.locator("[data-results]")).to_contain_text("Har inte valt punkten")
    press(one, "Släpp in ändå")
    look(one, "door-6-seminar")
    one.keyboard.press("Enter")
    expect(one.locator("[data-voice]")).to_have_text("Åsa Öberg är avprickad.")
    came(one, 2)
    assert lines() == [("Lund", "in"), ("Lund", "in"), ("Öberg", "in"), ("Öberg", "in")]


CAMERA = """
window.BarcodeDetector = class {
  static getSupportedFormats() { return Promise.resolve(["qr_code"]); }
  detect() { return Promise.resolve(window.shown ? [{ rawValue: window.shown }] : []); }
};
navigator.mediaDevices.getUserMedia = () => Promise.resolve(document.createElement("canvas").captureStream());
Object.defineProperty(HTMLVideoElement.prototype, "readyState", { get: () => 4 });
HTMLVideoElement.prototype.play = () => Promise.resolve();
"""  # noqa: E501


@one_database
def test_a_badge_before_the_camera_ticks_its_bearer(one: Page, event: int) -> None:
    expect(one.get_by_role("button", name="Skanna en namnbricka")).to_be_hidden()
    one.add_init_script(CAMERA)
    one.reload()
    one.get_by_role("button", name="Skanna en namnbricka").click()
    expect(one.get_by_role("button", name="Stäng kameran")).to_be_focused()
    person = db.session.query(Registration).filter_by(last_name="Åkesson").one()
    waits = db.session.query(Registration).filter_by(last_name="Sen").one()
    codes = [door_code(person), door_code(waits)]
    db.session.rollback()
    one.evaluate("code => { window.shown = code }", codes[0])
    expect(one.locator("[data-voice]")).to_have_text("Maja Åkesson är avprickad.")
    look(one, "door-5-camera")
    one.evaluate("code => { window.shown = code }", codes[1])
    expect(one.locator("[data-just]")).to_contain_text("Reserv")
    expect(one.locator("[data-just]").get_by_role("button", name="Pricka av")).to_be_visible()
    one.get_by_role("button", name="Stäng kameran").click()
    expect(one.locator("video")).to_be_hidden()
    assert lines() == [("Åkesson", "in")]


@one_database
def test_the_door_without_scripts(browser: Browser, server: str, event: int) -> None:
    context = browser.new_context(
        viewport=PHONE, locale="sv-SE", base_url=server, java_script_enabled=False
    )
    page = context.new_page()
    sign_in(page, f"/arbeta/evenemang/{event}/dorren", "incheckning@example.se")
    search(page, "lund")
    page.get_by_role("button", name="Sök").click()
    page.get_by_role("button", name="Pricka av").click()
    expect(page.get_by_text("Per Lund är avprickad.")).to_be_visible()
    page.get_by_role("button", name="Gick").click()
    expect(page.get_by_text("Per Lund har gått.")).to_be_visible()
    page.get_by_role("button", name="Kom tillbaka").click()
    page.get_by_role("button", name="Ångra").click()
    expect(page.get_by_text("Per Lund är inte längre avprickad.")).to_be_visible()
    came(page, 0)
    context.close()
    assert [tick for _name, tick in lines()] == ["in", "out", "in", "undo"]
