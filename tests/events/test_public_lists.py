"""The start page, the assignments, and what search engines are told."""

import re
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa

from core.db import db, write
from events.finding import services as finding
from events.models import Assignment, Event, Pool
from events.rules import AssignmentState, Kind, Mode, State, search_text
from tests.conftest import NOW, Client
from tests.events import make
from tests.events.test_public_event import set_state, statements


def titles(client: Client, url: str) -> list[str]:
    page = client.get(url)
    assert page.status_code == 200
    return re.findall(r'<h3 class="title"><a[^>]*>(.*?)</a>', page.text)


def many(number: int) -> None:
    """Published events straight into the table, each with its pool."""
    board = make.board().id

    def rows() -> list[dict[str, Any]]:
        return [
            {
                "slug": f"e-{n}", "uid": f"uid-{n}", "authority_id": board,
                "kind": Kind.WEBINAR, "state": State.PUBLISHED, "title": f"Webbinarium {n}",
                "starts": NOW + timedelta(days=n + 1), "ends": NOW + timedelta(days=n + 1, hours=1),
                "created": NOW, "updated": NOW, "search": f"webbinarium {n}", "step_free": False,
                "hearing_loop": False, "lift": False, "sequence": 0, "county_code": "06",
                "registration_paused": False, "invited_only": False, "version": 1,
            }
            for n in range(number)
        ]  # fmt: skip

    def add() -> None:
        db.session.execute(sa.insert(Event), rows())
        ids = db.session.scalars(sa.select(Event.id)).all()
        db.session.execute(
            sa.insert(Pool),
            [{"event_id": id_, "mode": Mode.ONLINE, "capacity": 10, "taken": 0} for id_ in ids],
        )
        finding.rebuild(db.session)

    write(add)


def test_what_is_coming_stands_in_the_order_of_time(client: Client) -> None:
    make.event(published=True, title="Senare", starts=NOW + timedelta(days=9))
    make.event(published=True, title="Snart", starts=NOW + timedelta(days=2))
    make.event(published=True, title="Nyss", starts=NOW - timedelta(days=2))
    make.event(published=True, title="Pågår", starts=NOW - timedelta(hours=1))
    make.event(title="Utkast", starts=NOW + timedelta(days=3))
    assert titles(client, "/") == ["Pågår", "Snart", "Senare"]


def test_what_has_been_is_one_link_away_with_the_latest_first(client: Client) -> None:
    make.event(published=True, title="Förra året", starts=NOW - timedelta(days=300))
    make.event(published=True, title="I fredags", starts=NOW - timedelta(days=2))
    make.event(published=True, title="Snart", starts=NOW + timedelta(days=2))
    link = re.search(r'href="(/tidigare)">Evenemang som har varit', client.get("/").text)
    assert link
    assert titles(client, link[1]) == ["I fredags", "Förra året"]


def test_the_list_narrows_by_county_kind_and_days(client: Client) -> None:
    first = NOW + timedelta(days=10)
    make.event(published=True, title="Skåne sakråd", municipality="1280", starts=first,
               kind=Kind.ISSUE_COUNCIL)  # fmt: skip
    make.event(published=True, title="Skåne konferens", municipality="1280",
               starts=NOW + timedelta(days=40))  # fmt: skip
    make.event(published=True, title="Jönköping sakråd", starts=first, kind=Kind.ISSUE_COUNCIL)
    assert titles(client, "/?lan=12") == ["Skåne sakråd", "Skåne konferens"]
    assert titles(client, "/?lan=12&typ=sakrad") == ["Skåne sakråd"]
    assert titles(client, "/?typ=issue_council&lan=06") == ["Jönköping sakråd"]
    assert titles(client, "/?fran=2026-12-20") == ["Skåne konferens"]
    assert titles(client, "/?till=2026-12-02&lan=12") == ["Skåne sakråd"]
    assert titles(client, "/?till=2026-12-01&lan=12") == []
    page = client.get("/?lan=12&typ=sakrad").text
    assert '<option value="12" selected>' in page
    assert '<option value="sakrad" selected>' in page


@pytest.mark.parametrize(
    "query", ["ÅRSDAG", "årsdag", "a\u030arsdag", "möte årsdag", "Folkets HUS"]
)
def test_searching_minds_neither_case_nor_how_letters_are_put_together(
    client: Client, query: str
) -> None:
    make.event(published=True, title="Årsdag och möte")
    make.event(published=True, title="Arsdag och mote", venue_name="")
    assert titles(client, f"/?q={quote(query)}")[:1] == ["Årsdag och möte"]


def test_a_is_not_a_with_a_ring_and_signs_are_only_signs(client: Client) -> None:
    make.event(published=True, title="Årsdag")
    make.event(published=True, title="100 % sakråd", kind=Kind.ISSUE_COUNCIL)
    assert titles(client, "/?q=arsdag") == []
    assert titles(client, "/?q=%25") == titles(client, "/?q=_") == []
    assert titles(client, "/?q=100+%25") == ["100 % sakråd"]
    assert titles(client, "/?q=sakr%C3%A5d") == ["100 % sakråd"]


@pytest.mark.parametrize(
    "query",
    [
        "lan=99", "lan=%00", "typ=finns-inte", "fran=2026-13-40", "till=igår", "fran=0001-01-01",
        "fran=9999-12-31", "q=%00%ff%ed%a0%80", "q=" + "a" * 5000, "lan=06&lan=12", "x=y",
        "q=%E2%80%AE", "fran=20261122T10", "till=-1",
    ],
)  # fmt: skip
def test_nonsense_in_the_address_harms_nobody(client: Client, query: str) -> None:
    make.event(published=True)
    for path in ("/", "/kalender.ics", "/en/"):
        assert client.get(f"{path}?{query}").status_code == 200


def test_what_one_has_asked_for_does_not_stand_on_the_page_of_the_next(client: Client) -> None:
    assert "okand" not in client.get("/?lan=06&sida=1&okand=1").text
    page = client.get("/?lan=06").text
    assert "okand" not in page
    assert 'href="/en/?lan=06" lang="en"' in page


@pytest.mark.parametrize("number", ["0", "-1", "x", "1e9", "99999999999", "%00", "١"])
def test_a_page_number_that_is_none_is_refused_with_a_sentence(client: Client, number: str) -> None:
    answer = client.get(f"/?sida={number}")
    assert answer.status_code == 400
    assert "Sidnumret" in answer.text


def test_pages_hold_twenty_and_lead_on(client: Client) -> None:
    many(45)
    assert len(titles(client, "/?q=webbinarium")) == 20
    page = client.get("/?q=webbinarium&sida=3").text
    assert len(re.findall('class="title"', page)) == 5
    assert "Sida 3 av 3" in page
    assert 'rel="prev" href="/?q=webbinarium&amp;sida=2"' in page
    assert "Så många sidor finns det inte." in client.get("/?sida=4").text


def test_the_start_page_costs_the_same_with_a_thousand_events(client: Client) -> None:
    many(10)
    few = [statements(client, url) for url in ("/", "/kalender.ics", "/sitemap.xml")]
    write(lambda: db.session.execute(sa.delete(Pool)))
    write(lambda: db.session.execute(sa.delete(Event)))
    many(1000)
    much = [statements(client, url) for url in ("/", "/kalender.ics", "/sitemap.xml")]
    assert [len(one) for one in much] == [len(one) for one in few]
    assert len(few[0]) <= 5
    assert len(statements(client, "/")) <= 1


def test_an_empty_list_says_what_will_be_here(client: Client) -> None:
    assert "Just nu är inget evenemang planerat." in client.get("/").text
    assert "Inget evenemang stämmer" in client.get("/?q=finnsinte").text


def test_the_search_comes_back_as_text(client: Client) -> None:
    page = client.get('/?q="><script>alert(1)</script>').text
    assert "<script>alert" not in page
    assert 'value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in page


def assignment(**facts: Any) -> Assignment:
    def add() -> Assignment:
        made = Assignment(
            authority=make.board(), slug="sverige-tillsammans", state=AssignmentState.ONGOING,
            title="Regionala konferenser", commissioner="Arbetsmarknadsdepartementet",
            ceiling_sek=2_000_000, report_due=date(2027, 9, 30), **facts,
        )  # fmt: skip
        db.session.add(made)
        db.session.flush()
        return made

    return write(add)


def test_an_assignment_shows_what_it_has_led_to(client: Client) -> None:
    made = assignment().id
    for slug in ("jonkoping", "orebro"):
        make.event(slug, published=True, assignment_id=None, municipality=None,
                   title=f"Konferens i {slug}")  # fmt: skip
    make.event(title="Utkast")
    write(lambda: db.session.execute(sa.update(Event).values(assignment_id=made)))
    assert "2 evenemang" in client.get("/uppdrag").text
    page = client.get("/uppdrag/sverige-tillsammans").text
    assert "<b>2</b><span>evenemang</span>" in page
    assert "<b>2</b><span>av 21 län</span>" in page
    assert "2\u00a0000\u00a0000 kronor" in page
    assert "30 september 2027" in page
    assert "Utkast" not in page
    event = db.session.scalars(sa.select(Event).filter_by(state=State.PUBLISHED)).first()
    assert event
    assert 'href="/uppdrag/sverige-tillsammans"' in client.get(f"/evenemang/{event.slug}").text


def test_a_draft_assignment_has_no_page(client: Client) -> None:
    made = assignment().id
    write(
        lambda: db.session.execute(
            sa.update(Assignment).filter_by(id=made).values(state=AssignmentState.DRAFT)
        )
    )
    assert client.get("/uppdrag/sverige-tillsammans").status_code == 404
    assert "Regionala konferenser" not in client.get("/uppdrag").text


def test_search_engines_get_the_public_pages_and_no_others(client: Client) -> None:
    assignment()
    shown = make.event(published=True)
    make.event(title="Hemligt utkast")
    answer = client.get("/sitemap.xml")
    assert answer.mimetype == "application/xml"
    tree = ElementTree.fromstring(answer.text)
    found = [node.text for node in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert f"http://localhost/evenemang/{shown.slug}" in found
    assert f"http://localhost/en/evenemang/{shown.slug}" in found
    assert "http://localhost/uppdrag/sverige-tillsammans" in found
    assert not any("utkast" in str(address) for address in found)
    robots = client.get("/robots.txt").text
    for path in ("/arbeta", "/min-anmalan", "/medverka", "/en/inbjudan"):
        assert f"Disallow: {path}\n" in robots
    assert "Sitemap: http://localhost/sitemap.xml" in robots


def test_the_list_says_how_it_stands(client: Client) -> None:
    opens = datetime(2026, 12, 1, 8, 0, tzinfo=NOW.tzinfo)
    make.event(published=True, title="Öppen")
    make.event(published=True, title="Väntar", registration_opens=opens)
    gone = make.event(published=True, title="Inställd sak")
    set_state(gone, State.CANCELLED)
    page = client.get("/").text
    assert "Anmälan öppen" in page
    assert "Anmälan öppnar 1 december 2026" in page
    assert "INSTÄLLT – Inställd sak" in page


def test_what_is_searched_is_folded_but_not_flattened() -> None:
    assert search_text("ÅÄÖ  Straße", "", "e\u0301") == "åäö strasse é"
