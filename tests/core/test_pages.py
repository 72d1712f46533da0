"""The pages about the service say what the law wants said."""

import re
from html import unescape

import pytest

from tests.conftest import Client
from tests.events import make

PAGES = ("/om/tillganglighet", "/om/personuppgifter", "/om/kakor")


@pytest.mark.parametrize("url", PAGES)
def test_the_pages_are_reached_from_every_page_and_set_no_cookie(client: Client, url: str) -> None:
    assert f'href="{url}"' in client.get("/").text
    page = client.get(url)
    assert page.status_code == 200
    assert len(re.findall("<h1", page.text)) == 1
    assert "Set-Cookie" not in page.headers
    assert client.get("/en" + url).status_code == 200


@pytest.mark.parametrize(
    "part",
    [
        "Länsstyrelserna", "Samling", "delvis förenlig", "(2018:1937)",
        "Innehåll som inte uppfyller lagkraven", "Oskäligt betungande", "12 §", "9 §",
        "självskattning", "Senaste bedömningen gjordes den", "uppdaterades senast den",
        "https://www.digg.se/tdosanmalan", "Rapportera brister", "Tillsyn",
    ],
)  # fmt: skip
def test_the_accessibility_statement_has_its_required_part(client: Client, part: str) -> None:
    assert part in unescape(client.get("/om/tillganglighet").text)


@pytest.mark.parametrize(
    "part",
    [
        "gemensamt personuppgiftsansvariga", "dataskydd@lansstyrelsen.se", "artikel 6.1 e",
        "artikel 9.2 g", "utanför EU och EES", "Hur länge", "samtycke", "Invända", "raderade",
        "rättade", "kopia", "Integritetsskyddsmyndigheten", "automatiserade beslut",
        "Du måste inte lämna", "skyddade personuppgifter",
    ],
)  # fmt: skip
def test_what_article_13_asks_for_is_told(client: Client, part: str) -> None:
    assert part in unescape(client.get("/om/personuppgifter").text)


def test_every_cookie_that_is_set_is_told_of(client: Client) -> None:
    told = set(re.findall(r'<th scope="row">(\w+)</th>', client.get("/om/kakor").text))
    make.event(published=True)
    answer = client.get("/logga-in")
    assert {cookie.split("=")[0] for cookie in answer.headers.getlist("Set-Cookie")} <= told
    assert {"visitor", "min", "inbjudan", "notis", "samling", "kand"} == told


def test_reading_sets_no_cookie(client: Client) -> None:
    event = make.event(published=True)
    for url in ("/", f"/evenemang/{event.slug}", "/uppdrag", "/kalender.ics", "/finns-inte"):
        assert "Set-Cookie" not in client.get(url).headers
