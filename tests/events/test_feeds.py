"""Feeds, the pages of the counties, what has been, and a start page that is kept."""

import re
from datetime import timedelta
from typing import Any

from flask import Flask

from core.db import db, write
from events import services
from events.models import Event
from events.rules import Mode, State
from tests.conftest import NOW, Client
from tests.events import make
from tests.events.read_atom import Feed, read
from tests.events.test_public_event import set_state, statements
from tests.events.test_public_lists import titles

NASTY = '</title><x>&amp;]]> "é" \u2028'


def change(event: Event, **facts: Any) -> None:
    write(
        lambda: services.change_event(
            db.session, db.session.get_one(Event, event.id), facts=facts, by=None,
            now=NOW + timedelta(minutes=5),
        )
    )  # fmt: skip


def test_the_feed_of_news_is_atom_that_others_can_read(client: Client) -> None:
    shown = make.event(published=True, title=NASTY, lead="Rad\n<b>två</b>", themes=("bostad",))
    off = make.event(published=True, title="Inställd", municipality="1280")
    make.event(title="Kanarie")
    before = feed(client, "/evenemang.atom")
    set_state(off, State.CANCELLED)
    change(shown, lead="Ny <b>ingress</b>\x0c")
    answer = client.get("/evenemang.atom")
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    assert "Kanarie" not in answer.text
    found = feed(client, "/evenemang.atom")
    assert found.id == "tag:localhost,2026:/evenemang.atom"
    assert found.self == "http://localhost/evenemang.atom"
    assert (found.page, found.language) == ("http://localhost/", "sv")
    first, second = found.entries
    assert [first.id, second.id] == [f"urn:uuid:{one.uid}" for one in (shown, off)]
    assert {one.id for one in before.entries} == {first.id, second.id}, "they are the same still"
    assert found.updated == first.updated == NOW + timedelta(minutes=5)
    assert found.updated > before.updated
    assert first.title == shown.title
    assert first.address == f"http://localhost/evenemang/{shown.slug}"
    assert "Ny <b>ingress</b>" in first.summary
    assert second.title == "INSTÄLLT – Inställd"
    assert first.terms == {"regional_conference", "bostad"}
    assert first.authors == ("Länsstyrelsen i Jönköpings län",)
    assert (
        client.get("/evenemang.atom", headers={"If-None-Match": answer.headers["ETag"]}).status_code
        == 304
    )
    only = feed(client, "/evenemang.atom?lan=12")
    assert len(only.entries) == 1
    assert "Skåne" in only.title
    assert only.id != found.id
    assert only.self == "http://localhost/evenemang.atom?lan=12"
    none = feed(client, "/en/evenemang.atom?q=finnsinte")
    assert (none.entries, none.language) == ((), "en")
    assert feed(client, "/en/evenemang.atom").entries[0].id == first.id
    change(shown, title="Nytt")
    assert [one.title for one in feed(client, "/evenemang.atom").entries if one.id == first.id] == [
        "Nytt"
    ]  # fmt: skip
    start = client.get("/?lan=12").text
    assert re.search(r'type="application/atom\+xml" [^>]*href="/evenemang.atom\?lan=12"', start)


def feed(client: Client, address: str) -> Feed:
    answer = client.get(address)
    return read(answer.data, answer.content_type)


def test_a_county_has_a_page_of_its_week(client: Client, make_app: Any) -> None:
    # NOW is Sunday 22 November 2026: the week began on the 16th in Stockholm.
    make.event(published=True, title="I måndags", starts=NOW - timedelta(days=6, hours=1))
    make.event(published=True, title="I söndags", starts=NOW - timedelta(days=8))
    make.event(published=True, title="I kväll", starts=NOW + timedelta(hours=9))
    make.event(published=True, title="I morgon", starts=NOW + timedelta(days=1))
    make.event(
        published=True, title="I Skåne", municipality="1280", starts=NOW + timedelta(hours=1)
    )
    make.event(title="Utkast", starts=NOW + timedelta(hours=1))
    page = client.get("/lan/jonkoping").text
    week, rest = page.split("Längre fram")
    assert week.index("I måndags") < week.index("I kväll")
    assert "Vecka 47, 16–22 november 2026" in week
    assert "I morgon" in rest.split("Har varit")[0]
    assert "I söndags" in rest.split("Har varit")[1]
    assert "I Skåne" not in page
    assert "Utkast" not in page
    assert "Inget är planerat i länet den här veckan." in client.get("/lan/gotland").text
    assert client.get("/lan/finns-inte").status_code == 404
    assert 'href="/lan/jonkoping"' in client.get("/lan").text
    assert titles(client, "/tidigare") == ["I måndags", "I söndags"]
    assert titles(client, "/tidigare?lan=12") == []
    assert "/tidigare" in client.get("/sitemap.xml").text
    assert "/lan/jonkoping" in client.get("/sitemap.xml").text


def test_the_start_page_is_kept_until_something_on_it_changes(
    app: Flask, client: Client, make_app: Any
) -> None:
    event = make.event(
        published=True, title="Först", room=1, registration_closes=NOW + timedelta(days=1)
    )
    client.get("/")
    assert len(statements(client, "/")) <= 1
    kept = client.get("/")
    assert client.get("/", headers={"If-None-Match": kept.headers["ETag"]}).status_code == 304
    change(event, title="Sedan")
    assert titles(client, "/") == ["Sedan"]
    assert "Anmälan öppen" in client.get("/").text

    def fill() -> None:
        pool = next(p for p in db.session.get_one(Event, event.id).pools if p.mode is Mode.ROOM)
        pool.taken = 1

    write(fill)
    assert "Fulltecknat" in client.get("/").text
    app.config["FAKE_NOW"] = NOW + timedelta(days=2)
    assert "Anmälan stängd" in client.get("/").text
    app.config["FAKE_NOW"] = NOW
    assert "Fulltecknat" in client.get("/").text
    set_state(event, State.CANCELLED)
    assert "INSTÄLLT" in client.get("/").text
    assert titles(client, "/?lan=12") == []
    assert titles(client, "/?lan=06&typ=regional-konferens") == ["INSTÄLLT – Sedan"]


def test_no_end_of_addresses_drives_out_the_pages_that_are_kept(app: Flask, client: Client) -> None:
    make.event(published=True)
    client.get("/")
    kept = app.extensions["page_cache"].pages
    before = set(kept)
    for page in (
        "/evenemang.atom?q={}", "/evenemang.atom?fran=2026-11-{}", "/kalender.ics?q={}",
        "/kalender.ics?till=2029-01-{}", "/?sida=9{}", "/?q={}", "/sok?q={}", "/inbaddat?q={}",
    ):  # fmt: skip
        for number in ("10", "11"):
            assert client.get(page.format(number)).status_code == 200
    assert {key[0] for key in set(kept) - before} == {"component"}, "one for each event"
    client.get("/evenemang.atom")
    client.get("/kalender.ics")
    assert len(kept) == len(before) + 3
