import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.db import db
from events.models import Assignment, Event
from events.rules import State
from registrations.models import CheckIn, Need, Organisation, Registration
from registrations.queries.figures import figures

SCENARIO = {
    "authorities": [{"slug": "forum", "name": "Forum för dialog"}],
    "users": [
        {
            "email": "Anna@example.se", "password": "en lång mening", "name": "Anna",
            "roles": [{"authority": "forum", "role": "organiser"}],
        }
    ],
    "organisations": [{"slug": "bryggan", "name": "Bryggan", "municipality": "Jönköping"}],
    "events": [
        {
            "slug": "dag-om-bostad", "authority": "forum", "kind": "dialogue_meeting",
            "title": "Dag om bostad", "state": "published", "starts": "2027-03-04 09:30",
            "ends": "2027-03-04 16:00", "capacity": {"room": 2},
            "venue": {"name": "Elmia", "address": "Elmiavägen 11", "municipality": "0680"},
            "programme": [
                {
                    "starts": "2027-03-04 09:30", "ends": "2027-03-04 10:00", "kind": "welcome",
                    "title": "Välkomna",
                    "speakers": [{"name": "Karin Ek", "title": "chef", "consent": True}],
                }
            ],
            "registrations": [
                {
                    "first_name": name, "last_name": "Öberg", "email": f"{name.lower()}@example.se",
                    "sector": "municipality", "municipality": "0687", "diet": "utan nötter",
                }
                for name in ("Åsa", "Bo", "Cia")
            ],
        }
    ],
}  # fmt: skip


@pytest.fixture
def seed(app, tmp_path):
    def run(scenario):
        path = tmp_path / "scenario.json"
        path.write_text(json.dumps(scenario), encoding="utf-8")
        result = app.test_cli_runner().invoke(args=["seed", str(path)])
        db.session.rollback()
        return result

    return run


def count(model):
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def test_a_scenario_is_there_for_everybody_to_see(seed, client):
    assert seed(SCENARIO).exit_code == 0
    page = client.get("/evenemang/dag-om-bostad").text
    assert "Dag om bostad" in page
    assert "Karin Ek" in page
    assert "09.30–10.00" in page
    answer = client.submit("/logga-in", email="anna@example.se", password="en lång mening")
    assert answer.status_code == 303


def test_the_third_of_two_seats_waits(seed):
    seed(SCENARIO)
    event = db.session.scalars(sa.select(Event)).one()
    found = figures(db.session, event.id)
    assert (found.registered, found.waiting) == (2, 1)


def test_needs_are_encrypted(seed):
    seed(SCENARIO)
    assert count(Need) == 3
    assert b"n\xc3\xb6tter" not in bytes(db.session.scalars(sa.select(Need.diet)).first())


def test_seeding_twice_adds_nothing(seed):
    seed(SCENARIO)
    again = seed(SCENARIO)
    assert "events: 0 nya" in again.output
    assert (count(Event), count(Registration), count(Organisation)) == (1, 3, 1)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"evenemang": []}, "evenemang: okänd nyckel"),
        ({"events": [{"slug": "x", "title": "X", "venue": {"stad": "Y"}}]},
         "events[0].venue.stad: okänd nyckel"),
        ({"events": [{"slug": "x"}]}, "events[0].title: saknas"),
        ({"events": [{"slug": "x", "title": "X", "kind": "fest"}]}, "'fest' är inget av"),
        ({"events": [{"slug": "x", "title": "X", "starts": "2027-03-28 02:30"}]},
         "events[0].starts: 2027-03-28 02:30 finns inte"),
        ({"events": [{"slug": "x", "title": "X", "starts": "i morgon"}]}, "är ingen tid"),
        ({"events": [{"slug": "x", "title": "X", "authority": "narnia"}]}, "'narnia' finns inte"),
        ({"events": "många"}, "events: ska vara ett objekt"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_and_nothing_is_saved(seed, change, sentence):
    result = seed({**SCENARIO, **change})
    assert result.exit_code == 1
    assert sentence in result.output
    assert count(Event) == 0


def test_a_file_that_is_no_json_is_refused(app, tmp_path):
    path = tmp_path / "scenario.json"
    path.write_bytes(b"\xff\xfe{")
    result = app.test_cli_runner().invoke(args=["seed", str(path)])
    assert "går inte att läsa som JSON" in result.output


@pytest.fixture
def demo(app):
    result = app.test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 0, result.output
    db.session.rollback()
    return result


def test_the_demo_is_the_real_conference_and_can_be_loaded_again(app, demo, client):
    before = {model: count(model) for model in (Event, Registration, CheckIn, Organisation)}
    event = db.session.scalars(
        sa.select(Event).filter_by(slug="inspirationskonferens-2016-11-23")
    ).one()
    found = figures(db.session, event.id)
    assert found.registered == 98
    assert [figure.sector.value for figure in found.by_sector] == [
        "civil_society", "municipality", "government_offices", "agency", "county_board", "region",
    ]  # fmt: skip
    assert "Anna Carlstedt" in client.get(f"/evenemang/{event.slug}").text
    minutes = client.get(f"/evenemang/{event.slug}/dokumentation")
    assert "98" in minutes.text
    assignment = db.session.scalars(sa.select(Assignment)).one()
    assert len(assignment.events) == 17
    assert {held.state for held in assignment.events} == {State.CLOSED}
    assert len(client.get("/sakrad.json").json["councils"]) == 2
    app.test_cli_runner().invoke(args=["demo"])
    db.session.rollback()
    assert {model: count(model) for model in before} == before
    assert app.test_cli_runner().invoke(args=["check"]).exit_code == 0


def test_the_demo_is_refused_in_production(app, monkeypatch):
    app.config["ENV"] = "production"
    result = app.test_cli_runner().invoke(args=["demo"])
    assert "inte i produktion" in result.output


def test_the_demo_files_hold_only_invented_addresses():
    folder = Path(__file__).parents[2] / "demo" / "data"
    for path in folder.glob("*.json"):
        for word in path.read_text(encoding="utf-8").split('"'):
            if "@" in word and " " not in word:
                assert word.endswith("example.se"), (path.name, word)
