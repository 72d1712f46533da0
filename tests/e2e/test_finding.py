"""From a word to a meeting, to its series and the next meeting: by keyboard alone."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from core.clock import now
from core.db import db, write
from events.models import Event
from events.series import services
from events.series.rules import SeriesKind
from tests.e2e.conftest import PHONE, look, one_database, seed

MEETINGS = ("Uppstart", "Årets konferens", "Avslutning")


@pytest.fixture
def meetings(app, server: str, database_url: str, tmp_path: Path) -> None:
    """Three meetings of a series, a month apart, the first of which has been."""
    events = [
        {"slug": f"mote-{n}", "authority": "jonkoping", "title": title, "state": "published",
         "kind": "network_meeting",
         "starts": f"D{30 * n - 10:+d} 09:00", "ends": f"D{30 * n - 10:+d} 12:00",
         "programme": [{"starts": f"D{30 * n - 10:+d} 09:00", "ends": f"D{30 * n - 10:+d} 10:00",
                        "kind": "talk", "title": "Inledning"}]}
        for n, title in enumerate(MEETINGS)
    ]  # fmt: skip
    seed(database_url, {"events": events}, tmp_path)

    def begin() -> None:
        found = db.session.scalars(sa.select(Event).order_by(Event.starts)).all()
        facts = {"title": "Bostad åt alla", "kind": SeriesKind.SERIES, "text": "", "year": None}
        series = services.create_series(
            db.session, found[0].authority, facts=facts, by=None, now=now()
        )
        for meeting in found:
            services.join(db.session, series, meeting, by=None, now=now())

    write(begin)


@one_database
def test_a_search_leads_to_the_series_and_on_by_keyboard(desk: Page, meetings: None) -> None:
    desk.goto("/sok")
    desk.get_by_label("Sök", exact=True).focus()
    desk.keyboard.type("konferensen")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("status")).to_have_text("1 träff på ”konferensen”")
    look(desk, "finding-search")
    press(desk, "Årets konferens")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Årets konferens")
    press(desk, "Bostad åt alla")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Bostad åt alla")
    expect(desk.locator(".listing .title")).to_have_text(
        ["Årets konferens", "Avslutning", "Uppstart"]
    )
    look(desk, "finding-series")
    desk.set_viewport_size(PHONE)
    look(desk, "finding-series-phone")
    press(desk, "Årets konferens")
    press(desk, "Avslutning")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Avslutning")
    press(desk, "Årets konferens")
    press(desk, "Uppstart")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Uppstart")
    look(desk, "finding-meeting-phone")


def press(page: Page, link: str) -> None:
    """Go with the tabulator to the link, and along it."""
    for _step in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText").strip() == link:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"no way to {link} by keyboard")
