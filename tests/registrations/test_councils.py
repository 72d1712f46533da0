"""The public register of sakråd: page, JSON, CSV, filters, speed."""

import csv
import io
from datetime import timedelta

from core.db import db, write
from events import services as event_services
from events.models import Event
from events.rules import Kind, State
from registrations.rules import Answer
from tests.events import make as events
from tests.minutes import make as minutes
from tests.registrations import make_invitations as make
from tests.registrations.make_invitations import NOW


def table(text):
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def test_the_register_holds_public_councils_only_and_nobody_that_is_not_asked(client):
    public = make.council()
    make.council(title="Hemligt utkast", slug="hemligt", published=False)
    events.event(title="En konferens", published=True)
    make.invitation(public, "Kaffevagnen")
    make.invitation(public, "Inte skickad", sent=False)
    for address in ("/sakrad", "/sakrad.json", "/sakrad.csv"):
        text = client.get(address).text
        assert "Sakråd om ensamhet" in text
        assert "Kaffevagnen" in text
        for hidden in ("Hemligt utkast", "En konferens", "Inte skickad"):
            assert hidden not in text


def test_the_json_has_stable_keys(client):
    event = make.council(case_number="851-3318-2026")
    make.invitation(event)
    body = client.get("/sakrad.json").json
    assert {name: body[name] for name in ("count", "page", "pages", "next")} == {
        "count": 1, "page": 1, "pages": 1, "next": None,
    }  # fmt: skip
    (council,) = body["councils"]
    assert set(council) == {
        "slug", "title", "kind", "theme", "question", "purpose", "can_achieve", "authority",
        "county", "municipality", "case_number", "starts", "ends", "status", "status_note",
        "inviter", "url", "calendar", "documentation", "invited",
    }  # fmt: skip
    assert council["starts"] == "2026-12-14T09:00:00Z"
    assert council["inviter"] == {"name": "Tove Forsell", "title": "länsråd"}
    assert council["documentation"] is None
    assert council["url"] == f"http://localhost/evenemang/{event.slug}"
    assert council["invited"][0]["came"] is None
    assert council["invited"][0]["answer"] == "none"


def test_the_csv_opens_in_a_spreadsheet_and_runs_nothing(client):
    event = make.council()
    make.invitation(event, "Kaffevagnen", criterion="=1+1", reason='=HYPERLINK("x")')
    make.council(title="Utan inbjudna", slug="utan")
    answer = client.get("/sakrad.csv")
    assert answer.mimetype == "text/csv"
    with_, without = sorted(table(answer.text), key=lambda line: line["Sakråd"])
    assert with_["Urvalsgrund"] == "'=1+1"
    assert with_["Motivering"].startswith("'=HYPERLINK")
    assert (with_["Organisation"], with_["Kommun"], with_["Svar"]) == (
        "Kaffevagnen", "Vetlanda", "Inget svar än",
    )  # fmt: skip
    assert (without["Organisation"], without["Svar"]) == ("", "")


def test_status_is_told_from_state_and_time(app, client):
    event = make.council()
    for at, state, status in (
        (NOW, None, "coming"),
        (NOW, State.CANCELLED, "cancelled"),
        (NOW, State.PUBLISHED, "coming"),
        (event.ends, None, "held"),
        (event.ends, State.HELD, "held"),
    ):
        if state:
            write(lambda state=state: event_services.set_state(
                db.session, db.session.get_one(Event, event.id), state, by=None, now=NOW
            ))  # fmt: skip
        app.config["FAKE_NOW"] = at
        assert client.get("/sakrad.json").json["councils"][0]["status"] == status


def test_published_minutes_are_linked(client):
    event = minutes.held(kind=Kind.ISSUE_COUNCIL)
    assert client.get("/sakrad.json").json["councils"][0]["documentation"] is None
    minutes.published(event)
    address = f"/evenemang/{event.slug}/dokumentation"
    (council,) = client.get("/sakrad.json").json["councils"]
    assert council["documentation"] == f"http://localhost{address}"
    assert f'href="{address}"' in client.get("/sakrad").text
    assert address in client.get("/sakrad.csv").text


def test_an_answer_is_seen_at_once_and_an_unchanged_page_is_not_sent_again(client):
    event = make.council()
    invitation = make.invitation(event)
    first = client.get("/sakrad")
    assert "ingen har svarat än" in first.text
    same = client.get("/sakrad", headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    make.accepted(invitation)
    assert "1 har tackat ja" in client.get("/sakrad").text
    assert "Tackat ja" in client.get("/sakrad").text


def test_filters_narrow_and_nonsense_is_ignored(client):
    here = make.council()
    make.invitation(here, "Kaffevagnen")
    make.council(
        board_slug="kalmar", title="Sakråd om skärgården", slug="skargarden",
        municipality="0880", starts=NOW + timedelta(days=60), ends=NOW + timedelta(days=61),
        registration_closes=None,
    )  # fmt: skip

    def slugs(query):
        return {one["slug"] for one in client.get(f"/sakrad.json?{query}").json["councils"]}

    both = {here.slug, "skargarden"}
    assert slugs("lan=06") == {here.slug}
    assert slugs("year=2027") == {"skargarden"}
    assert slugs("q=KAFFEVAGNEN") == {here.slug}
    assert slugs("q=Skärgården") == {"skargarden"}
    assert slugs("q=%25") == set()
    assert slugs("lan=99&year=x&sida=1") == both
    assert client.get("/sakrad?sida=0").status_code == 400
    empty = client.get("/sakrad?q=finns+inte")
    assert "Inget sakråd stämmer" in empty.text
    assert client.get("/en/sakrad").status_code == 200


def test_the_register_costs_the_same_number_of_questions_for_one_and_for_many(client):
    make.invitation(make.council(), "Kaffevagnen")
    one = make.questions(lambda: client.get("/sakrad?q=sakråd"))
    for number in range(4):
        event = make.council(title=f"Sakråd {number}", slug=f"sakrad-{number}")
        for name in ("Ettan", "Tvåan"):
            make.invitation(event, f"{name} {'abcd'[number]}")
    assert make.questions(lambda: client.get("/sakrad?q=sakråd")) == one
    assert make.questions(lambda: client.get("/sakrad")) > 0
    assert make.questions(lambda: client.get("/sakrad")) <= 2


def test_the_public_facts_of_an_event_name_no_persons_and_no_address(app):
    event = make.council()
    make.accepted(make.invitation(event))
    draft = make.council(title="Utkast", slug="utkast", published=False)
    invited = app.jinja_env.globals["invited"]
    (fact,) = invited(event.id)
    assert (fact.organisation, fact.answer, fact.came) == ("Kaffevagnen", Answer.ACCEPTED, None)
    assert "@" not in repr(fact)
    assert "Hamida" not in repr(fact)
    assert invited(draft.id) == []
    assert invited(999) == []


def test_a_council_of_another_kind_is_no_sakrad(client):
    make.council(kind=Kind.DIALOGUE_MEETING)
    assert client.get("/sakrad.json").json["count"] == 0


def test_nobody_registers_for_a_council_without_an_invitation(client):
    event = make.council()
    assert "/anmalan" not in client.get(f"/evenemang/{event.slug}").text
    assert "Anmälan öppen" not in client.get("/").text
