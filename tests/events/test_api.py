"""The API: every answer is what its description says, and nothing but what is public."""

import io
import json
import re
from datetime import timedelta

import pytest

from core.db import db, write
from events import services
from events.attachments import services as attachments
from events.attachments.receiving import receive
from events.attachments.rules import Visibility
from events.models import Event, Speaker
from events.rules import Kind
from tests.events import make
from tests.events import make_files as sent
from tests.registrations.make_lists import statements
from tests.schema import breaches, references, resolved

BASE = "http://localhost/api/v1"


@pytest.fixture
def described(client):
    return client.get("/api/v1/openapi.json").get_json()


def held_to(described, client, path, **asked):
    """The answer, which is what the description says of that path."""
    address = path.replace("{slug}", asked.pop("slug", ""))
    answer = client.get(f"/api/v1{address}", query_string=asked)
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/json"
    said = described["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
    body = answer.get_json()
    assert breaches(body, said["schema"], described) == []
    return body


def release(event):
    event_id = event.id
    write(lambda: services.release_programme(
        db.session, db.session.get_one(Event, event_id), by=None, now=make.NOW))  # fmt: skip


def attach(event, title, visibility):
    event_id = event.id
    received = receive(io.BytesIO(sent.picture()), title, whose="prov", now=make.NOW)
    facts = attachments.Facts(title, visibility, alternative="En sal")
    write(lambda: attachments.attach(
        db.session, db.session.get_one(Event, event_id), received, facts=facts, by=None,
        now=make.NOW))  # fmt: skip


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_description_is_whole_and_describes_every_address(app, described):
    assert described["openapi"] == "3.1.0"
    assert described["info"].keys() >= {"title", "version"}
    assert described["servers"] == [{"url": BASE}]
    for ref in references(described):
        resolved(ref, described)
    names = []
    for path, methods in described["paths"].items():
        assert set(methods) == {"get"}
        asked = methods["get"]
        names.append(asked["operationId"])
        assert all("description" in said for said in asked["responses"].values())
        for one in asked["parameters"]:
            assert one.keys() >= {"name", "in", "schema"}
            assert one["in"] in {"query", "path"}
        inside = {one["name"] for one in asked["parameters"] if one["in"] == "path"}
        assert inside == set(re.findall(r"\{(\w+)\}", path))
    assert len(set(names)) == len(names)
    ours = {
        re.sub(r"<\w+:(\w+)>", r"{\1}", rule.rule.removeprefix("/api/v1"))
        for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1")
    }  # fmt: skip
    assert ours == set(described["paths"])


def test_every_answer_is_what_its_description_says(app, client, described):
    shy = make.speaker("Per Blyg", consent=False)
    event = make.event(published=True, online=True, lead="Ingress", question="Hur?")
    make.item(event, "Lägesbild", speakers=(make.speaker(), shy))
    release(event)
    make.item(event, "Hemligt utkast", after=2)
    attach(event, "Karta", Visibility.PUBLIC)
    attach(event, "Intern bild", Visibility.STAFF)
    make.event(title="Inte publicerat")
    for path in ("/", "/openapi.json", "/kinds"):
        held_to(described, client, path)
    assert len(held_to(described, client, "/counties")["counties"]) == 21
    listed = held_to(described, client, "/events")
    assert [one["slug"] for one in listed["events"]] == [event.slug]
    whole = held_to(described, client, "/events/{slug}", slug=event.slug)
    assert whole["starts"] == "2027-03-04T09:30:00+01:00"
    assert [item["title"] for item in whole["programme"]["items"]] == ["Lägesbild"]
    assert [one["name"] for one in whole["speakers"]] == ["Maria Holm"]
    assert whole["speakers"][0]["items"] == [whole["programme"]["items"][0]["id"]]
    assert whole["seats"][0] == {"mode": "room", "capacity": 120, "left": 120}
    assert [one["title"] for one in whole["files"]] == ["Karta"]
    assert client.get(whole["files"][0]["url"]).status_code == 200
    people = held_to(described, client, "/events/{slug}/speakers", slug=event.slug)
    assert people["speakers"] == whole["speakers"]
    all_people = held_to(described, client, "/speakers")
    everything = json.dumps([listed, whole, people, all_people], ensure_ascii=False)
    for hidden in ("Per Blyg", "Hemligt utkast", "Intern bild", "Inte publicerat"):
        assert hidden not in everything
    english = client.get(f"/api/v1/events/{event.slug}?sprak=en")
    assert english.status_code == 307
    assert english.location == f"/en/api/v1/events/{event.slug}"
    assert client.get(english.location).get_json()["kind"]["name"] == "Regional conference"


def test_pages_follow_each_other_without_gap_or_repetition(app, client, described):
    for n in range(7):
        starts = make.STARTS + timedelta(days=n // 3)  # several begin together
        make.event(published=True, title=f"Dag {n}", starts=starts)
    make.event("skane", published=True, title="I Skåne", municipality="1280", kind=Kind.WEBINAR)
    for asked in ({}, {"till": "2027-12-31", "fran": "2027-01-01"}, {"lan": "06"}):
        seen, address = [], None
        while True:
            if address is None:
                body = held_to(described, client, "/events", antal=3, **asked)
            else:
                body = client.get(address.removeprefix("http://localhost")).get_json()
            seen += [one["title"] for one in body["events"]]
            address = body["next"]
            if address is None:
                break
            assert len(seen) < 20
        assert len(seen) == len(set(seen)) == (7 if asked.get("lan") else 8), asked
    webinars = held_to(described, client, "/events", typ="webbinarium")["events"]
    assert [one["title"] for one in webinars] == ["I Skåne"]
    with statements() as few:
        client.get("/api/v1/events?antal=1")
    with statements() as many:
        client.get("/api/v1/events?antal=100")
    assert len(few) == len(many), "as many questions for one event as for all"


def test_each_speaker_is_listed_once_with_their_events(app, client, described):
    both, early, shy = make.speaker("Åsa Ek"), make.speaker("Bo Alm"), make.speaker("Per Blyg")
    first = make.event(published=True, title="Första")
    make.item(first, "Lägesbild", speakers=(both, early, shy))
    release(first)
    later = make.event(published=True, title="Andra", starts=make.STARTS + timedelta(days=9))
    make.item(later, "Fortsättning", speakers=(both,))
    release(later)
    draft = make.event(title="Utkast", starts=make.STARTS + timedelta(days=20))
    make.item(draft, "Hemligt", speakers=(both, make.speaker("Ida Utkast")))
    shy_id = shy.id
    write(lambda: services.change_speaker(
        db.session, db.session.get_one(Speaker, shy_id), facts={"consent": False}, by=None,
        now=make.NOW))  # fmt: skip
    listed = held_to(described, client, "/speakers", antal=1)
    assert listed["next"] == f"{BASE}/speakers?efter={both.id}&antal=1"
    (one,) = listed["speakers"]
    assert (one["id"], one["name"]) == (both.id, "Åsa Ek")
    assert [event["title"] for event in one["events"]] == ["Andra", "Första"]
    assert client.get(one["events"][0]["url"]).status_code == 200
    with statements() as few:
        client.get("/api/v1/speakers?antal=1")
    with statements() as many:
        everybody = held_to(described, client, "/speakers")
    assert [one["name"] for one in everybody["speakers"]] == ["Åsa Ek", "Bo Alm"]
    assert everybody["next"] is None
    assert len(few) == len(many)


def test_what_goes_wrong_is_told_as_a_problem(app, client, described):
    event = make.event(title="Utkast")
    for address, code in [
        ("/api/v1/events/finns-inte", 404), (f"/api/v1/events/{event.slug}", 404),
        (f"/api/v1/events/{event.slug}/speakers", 404), ("/api/v1/nagot", 404),
        ("/api/v1/events?antal=101", 400), ("/api/v1/events?antal=x", 400),
        ("/api/v1/events?efter=1", 400), ("/api/v1/events?efter=9999999999999999-1", 200),
        ("/api/v1/speakers?efter=x", 400), ("/api/v1/speakers?efter=999999999", 200),
        ("/api/v1/events?sprak=fi", 400), ("/api/v1/events?fran=i-morgon&lan=99", 200),
        ("/en/api/v1/events/finns-inte", 404),
    ]:  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == code, address
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert answer.headers.getlist("Set-Cookie") == []
        if code != 200:
            assert answer.mimetype == "application/problem+json"
            body = json.loads(answer.data)
            assert breaches(body, {"$ref": "#/components/schemas/Problem"}, described) == []
            assert body["status"] == code
    for method in (client.post, client.put, client.delete):
        answer = method("/api/v1/events")
        assert (answer.status_code in {403, 405}, answer.mimetype) == (
            True, "application/problem+json",
        )  # fmt: skip
    preflight = client.options("/api/v1/events")
    assert "GET" in preflight.headers["Access-Control-Allow-Methods"]
    assert client.get("/evenemang/finns-inte").mimetype == "text/html"
    assert "Access-Control-Allow-Origin" not in client.get("/").headers


def test_an_asker_who_has_it_is_told_so_until_something_changes(app, client):
    event = make.event(published=True)
    address = f"/api/v1/events/{event.slug}"
    first = client.get(address)
    known = {"If-None-Match": first.headers["ETag"]}
    again = client.get(address, headers=known)
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    with statements() as asked:
        client.get(address)
    assert len(asked) <= 2
    event_id = event.id
    write(lambda: services.change_event(
        db.session, db.session.get_one(Event, event_id), facts={"title": "Nytt namn"}, by=None,
        now=make.NOW))  # fmt: skip
    after = client.get(address, headers=known)
    assert (after.status_code, after.get_json()["title"]) == (200, "Nytt namn")
