"""Frames on other sites: plain, public, without cookies; every other page refuses to be framed."""

import re

import pytest

from core.db import db, write
from events import services
from events.models import Event
from tests import world
from tests.conftest import open_client
from tests.core.test_walk import rules
from tests.events import make


def test_a_frame_shows_what_is_released_and_leads_out_of_itself(app, client, staff):
    event = make.event(published=True)
    make.item(event, "Lägesbild", speakers=(make.speaker(),))
    event_id = event.id
    write(lambda: services.release_programme(
        db.session, db.session.get_one(Event, event_id), by=None, now=make.NOW))  # fmt: skip
    make.item(event, "Hemligt utkast", after=2)
    address = f"/evenemang/{event.slug}/inbaddat"
    frame = client.get(address)
    assert "Lägesbild" in frame.text
    assert "Maria Holm" in frame.text
    assert f'href="/evenemang/{event.slug}/anmalan" target="_top"' in frame.text
    assert "Hemligt utkast" not in frame.text
    skane = make.event("skane", published=True, title="I Skåne", municipality="1280")
    draft = make.event(title="Utkast <1>")
    listed = client.get("/inbaddat?myndighet=jonkoping").text
    assert (event.title in listed, skane.title in listed, draft.title in listed) == (
        True, False, False,
    )  # fmt: skip
    assert skane.title in client.get("/inbaddat?lan=12").text
    assert client.get("/inbaddat?myndighet=finns-inte").status_code == 200
    assert client.get(f"/evenemang/{draft.slug}/inbaddat").status_code == 404
    for text in (frame.text, listed):
        assert not re.search(r"<(form|script|button|input)", text)
        assert re.findall(r"<a (?![^>]*target=\"_top\")[^>]*>", text) == []
    for each in (frame, client.get("/inbaddat")):
        assert each.headers.getlist("Set-Cookie") == []
        policy = each.headers["Content-Security-Policy"]
        assert "frame-ancestors *" in policy
        assert "form-action 'none'" in policy
        assert "script-src" not in policy
    again = client.get(address, headers={"If-None-Match": frame.headers["ETag"]})
    assert again.status_code == 304
    assert "frame-ancestors *" in again.headers["Content-Security-Policy"]
    page = staff().get(f"/arbeta/evenemang/{event.id}/badda-in").text
    assert f"&lt;iframe src=&#34;http://localhost{address}&#34;" in page
    assert f"http://localhost/en{address}" in page
    assert (
        staff("organiser", "skane").get(f"/arbeta/evenemang/{event.id}/badda-in").status_code == 404
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_only_these_pages_may_be_framed(app):
    home = world.build("jonkoping")
    browser = open_client(app)
    framed = set()
    for rule in rules(app):
        if "GET" in (rule.methods or ()) and not rule.rule.startswith("/arbeta"):
            with browser.get(world.address(app, rule, home)) as answer:
                policy = answer.headers["Content-Security-Policy"]
                if "frame-ancestors 'none'" not in policy and "sandbox" not in policy:
                    framed.add(rule.endpoint)
    assert framed == {"events.embedded_event", "events.embedded_list"}
