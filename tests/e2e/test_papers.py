"""Lists and badges in a browser: what is chosen is shown at once, and comes as a file."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.db import db
from registrations.models import Registration
from tests.e2e.conftest import look, one_database, seed, sign_in


@pytest.fixture
def event(app, server: str, database_url: str, tmp_path: Path) -> int:
    """A day with a dozen participants."""
    scenario = {
        "events": [
            {
                "slug": "dagen", "authority": "jonkoping", "title": "Dag om bostad",
                "state": "published", "starts": "D+30 09:30", "ends": "D+30 16:00",
                "capacity": {"room": 40},
                "registrations": [
                    {"first_name": "Åsa", "last_name": f"Öberg{n}", "email": f"{n}@example.se",
                     "organisation": "Tranås kommun", "sector": "municipality"}
                    for n in range(12)
                ],
            }
        ]
    }  # fmt: skip
    seed(database_url, scenario, tmp_path)
    found = db.session.query(Registration).first()
    db.session.rollback()
    assert found
    return found.event_id


def fetched(page: Page, button: str) -> bytes:
    """What the browser saves when the button is pressed."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button).first.click()
    return Path(waiting.value.path()).read_bytes()


@one_database
def test_lists_and_badges_are_chosen_looked_at_and_saved(desk: Page, phone: Page, event: int):
    for page, name in ((desk, "wide"), (phone, "phone")):
        sign_in(page, f"/arbeta/evenemang/{event}/listor")
        expect(page.locator("h1")).to_have_text("Listor och brickor")
        look(page, f"papers-{name}")
        assert fetched(page, "PDF").startswith(b"%PDF")
        page.get_by_role("link", name="Gör namnbrickor").click()
        expect(page.get_by_role("button", name="Hämta 12 brickor som PDF")).to_be_visible()
        look(page, f"badges-{name}")
    # The page follows the choices without a press, also by the keyboard.
    desk.get_by_label("Tomma brickor att skriva på").focus()
    desk.keyboard.press("Space")
    expect(desk.get_by_role("button", name="Hämta 10 brickor som PDF")).to_be_visible()
    expect(desk.get_by_role("status").first).to_have_text("Hämta 10 brickor som PDF")
    desk.get_by_label("Ett urval").check()
    desk.get_by_label("Namn, organisation eller kommun").fill("öberg11")
    expect(desk.get_by_role("button", name="Hämta 1 bricka som PDF")).to_be_visible()
    assert fetched(desk, "Hämta 1 bricka som PDF").startswith(b"%PDF")
    desk.get_by_label("Bara nya och ändrade sedan sist").check()
    expect(desk.get_by_role("button", name="Hämta 11 brickor som PDF")).to_be_visible()
    look(desk, "badges-new")
