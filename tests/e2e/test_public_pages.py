"""The public pages in a browser: for everybody, on every screen, without JavaScript."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.e2e.conftest import one_database

EVENT = "/evenemang/mottagande-och-etablering-i-jonkopings-lan"
PAGES = (
    "/", "/?q=finnsinte", "/?sida=x", EVENT, "/en" + EVENT,
    "/evenemang/dialogmote-bostader-skane", "/uppdrag", "/om/tillganglighet",
    "/om/personuppgifter", "/om/kakor", "/finns-inte", "/sok?q=konferens", "/lan", "/lan/jonkoping",
    "/tidigare", "/kalender", EVENT + "/medverkande", EVENT + "/inbaddat",
)  # fmt: skip
OWN_CHECKS = (Path(__file__).parent / "own_checks.js").read_text(encoding="utf-8")
NARROWEST = 320  # WCAG 1.4.10; axe sees the same at 375


@one_database
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_the_public_pages(browser: Browser, upcoming: str, scheme: Any) -> None:
    faults: list[str] = []
    for width in (1280, 375, NARROWEST):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, locale="sv-SE",
            base_url=upcoming, reduced_motion="reduce",
        )  # fmt: skip
        page = context.new_page()
        for address in PAGES:
            page.goto(address)
            if width != NARROWEST and (found := Axe().run(page)).violations_count:
                faults.append(f"{address} {width}: {found.generate_report()}")
            faults += [f"{address} {width}: {fault}" for fault in page.evaluate(OWN_CHECKS)]
        context.close()
    assert faults == []


@one_database
def test_the_way_to_register_is_on_the_first_screen_of_a_phone(
    browser: Browser, upcoming: str
) -> None:
    context = browser.new_context(
        viewport={"width": 375, "height": 812}, java_script_enabled=False, base_url=upcoming
    )
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(EVENT)
    button = page.locator("a.button").first
    box = button.bounding_box()
    assert box
    assert box["y"] + box["height"] < 812
    assert all(address.startswith(upcoming) for address in asked), "no third party is asked"
    button.click()
    assert page.url.endswith("/anmalan")
    context.close()


@one_database
def test_one_can_find_an_event_by_keyboard_alone(browser: Browser, upcoming: str) -> None:
    context = browser.new_context(locale="sv-SE", base_url=upcoming)
    page = context.new_page()
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.locator("a.skip").evaluate("node => node === document.activeElement")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("samtalsledare")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=samtalsledare**")
    page.locator(".listing a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/evenemang/leda-svara-samtal-vastmanland")
    context.close()
