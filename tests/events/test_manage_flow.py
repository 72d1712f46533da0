"""From a pattern to a closed event, by clicking."""

from datetime import UTC, datetime

import sqlalchemy as sa

from accounts.models import Membership, User
from accounts.rules import Role
from core.db import db, write
from events.models import Event, Speaker
from events.rules import ItemKind, Kind, Mode, State
from tests.conftest import forms
from tests.events import make

NEW = "/arbeta/evenemang/nytt"


def create(browser, pattern="regional_conference", **fields):
    facts = {
        "title": "Mottagande i länet", "day": "2027-03-04", "venue_name": "Folkets hus",
        "venue_address": "Södergatan 5", "municipality": "0680",
    } | fields  # fmt: skip
    answer = browser.submit(f"{NEW}?monster={pattern}", **facts)
    assert answer.status_code == 303, answer.text
    found = db.session.scalars(sa.select(Event).order_by(Event.id.desc())).first()
    assert answer.location == f"/arbeta/evenemang/{found.id}"
    return found


def test_an_event_is_on_the_web_after_a_title_a_day_and_a_place(staff, client):
    browser = staff("organiser")
    assert "Regional konferens" in browser.get(NEW).text
    event = create(browser)
    page = browser.get(f"/arbeta/evenemang/{event.id}").text
    assert "Utkastet är sparat" in page
    assert "Diarienumret saknas." in page
    assert client.get(f"/evenemang/{event.slug}").status_code == 404
    answer = browser.submit(f"/arbeta/evenemang/{event.id}/publicera")
    assert answer.status_code == 303
    public = client.get(f"/evenemang/{event.slug}").text
    assert "Mottagande i länet" in public
    assert "Kostnadsfritt" in public
    assert "Sammanfattning och avslutning" in public


def test_the_pattern_fills_in_the_rest(staff):
    event = create(staff("organiser"), begins="09:30", ends="16:00")
    assert event.starts == datetime(2027, 3, 4, 8, 30, tzinfo=UTC)
    assert event.registration_closes == datetime(2027, 2, 18, 22, 59, tzinfo=UTC)
    assert event.cancel_by == datetime(2027, 2, 25, 22, 59, tzinfo=UTC)
    assert (event.contact_name, event.contact_email) == (
        "Organiser Exempel", "organiser.jonkoping@example.se"
    )  # fmt: skip
    assert event.lead.startswith("Länsstyrelsen i Jönköpings län bjuder in")
    assert [(pool.mode, pool.capacity, pool.taken) for pool in event.pools] == [(Mode.ROOM, 120, 0)]
    assert event.items[0].kind is ItemKind.REGISTRATION
    assert event.items[-1].ends == event.ends


def test_every_pattern_makes_an_event(staff):
    browser = staff("organiser")
    kinds = [Kind.INSPIRATION_CONFERENCE, Kind.ISSUE_COUNCIL, Kind.HIGH_LEVEL_MEETING,
             Kind.DIALOGUE_MEETING, Kind.TRAINING, Kind.WEBINAR]  # fmt: skip
    for kind in kinds:
        event = create(browser, kind.value, title=f"Ett {kind.value}")
        assert event.kind is kind
        assert event.items
    assert [pool.mode for pool in event.pools] == [Mode.ONLINE]


def test_an_event_in_the_small_hours_of_the_clock_change_is_refused_with_an_explanation(staff):
    answer = staff("organiser").submit(
        f"{NEW}?monster=webinar", title="Natt", day="2027-03-28", begins="02:30", ends="04:00"
    )
    assert answer.status_code == 422
    assert "Klockan 02.30 finns inte den dagen" in answer.text
    assert 'value="Natt"' in answer.text
    assert db.session.scalar(sa.select(sa.func.count(Event.id))) == 0


def test_two_days_are_said_at_once_and_the_log_tells_in_words_what_was_changed(staff):
    browser = staff("admin")
    backwards = browser.submit(f"{NEW}?monster=training", day="2027-03-04", last_day="2027-03-03")
    assert backwards.status_code == 422
    assert "Sista dagen kan inte vara före den första." in backwards.text
    event = create(browser, pattern="training", last_day="2027-03-05")
    assert (event.ends - event.starts).days == 1
    settings = f"/arbeta/evenemang/{event.id}/installningar"
    assert browser.submit(settings, ends="2027-03-05T17:00", lift="y").status_code == 303
    told = browser.get(f"/arbeta/myndighet/{event.authority_id}/logg").text
    assert "Slutar: 2027-03-05 16.00 → 2027-03-05 17.00" in told
    assert "Hiss: nej → ja" in told


def test_what_is_missing_is_said_at_the_fields(staff):
    answer = staff("organiser").submit(f"{NEW}?monster=training", begins="9 på morgonen")
    assert answer.status_code == 422
    for sentence in ("Skriv en rubrik.", "Välj en dag.", "Skriv klockslaget så här: 09.30"):
        assert sentence in answer.text
    assert "9 på morgonen" in answer.text


def test_who_works_for_two_authorities_chooses(staff):
    staff("organiser")

    def join():
        user = db.session.scalar(sa.select(User))
        user.memberships.append(Membership(authority=make.board("skane"), role=Role.ORGANISER))

    write(join)
    browser = staff("organiser")
    answer = browser.submit(f"{NEW}?monster=webinar", title="A", day="2027-03-04")
    assert "Välj vilken myndighet som arrangerar." in answer.text
    assert create(browser, "webinar", authority="skane").authority.slug == "skane"
    answer = browser.submit(
        f"{NEW}?monster=webinar", title="A", day="2027-03-04", authority="kalmar"
    )
    assert answer.status_code == 422


def test_serious_faults_must_be_seen_before_publishing(staff, client):
    browser = staff("organiser")
    event = make.event(venue_name="", contact_name="")
    page = f"/arbeta/evenemang/{event.id}/publicera"
    text = browser.get(page).text
    for sentence in ("Platsen saknas", "Kontaktpersonens namn", "Programmet är tomt"):
        assert sentence in text
    answer = browser.submit(page)
    assert answer.status_code == 422
    assert "kryssa för att du har sett det" in answer.text
    assert client.get(f"/evenemang/{event.slug}").status_code == 404
    assert browser.submit(page, anyway="y").status_code == 303
    assert client.get(f"/evenemang/{event.slug}").status_code == 200


def test_cancelled_postponed_held_and_closed_at_the_same_address(staff, client):
    browser = staff("organiser")
    event = make.event(published=True, registration_closes=make.STARTS)
    make.item(event)
    mine, address = f"/arbeta/evenemang/{event.id}", f"/evenemang/{event.slug}"

    def press(state):
        buttons = forms(browser.get(f"{mine}/publicera").text)
        button = next(one for one in buttons if one["fields"].get("state") == state)
        return browser.post(button["action"], data=button["fields"])

    assert browser.submit(f"{mine}/stall-in").status_code == 422
    assert browser.submit(f"{mine}/stall-in", note="Snöstorm i länet").status_code == 303
    assert "INSTÄLLT" in client.get(address).text
    assert "Snöstorm i länet" in client.get(address).text
    assert press("published").status_code == 303
    assert "INSTÄLLT" not in client.get(address).text
    answer = browser.submit(f"{mine}/flytta-fram", note="Ny lokal", starts="2027-04-08T10:00")
    assert answer.status_code == 303
    event = db.session.get_one(Event, event.id)
    assert event.state is State.POSTPONED
    assert event.starts == datetime(2027, 4, 8, 8, 0, tzinfo=UTC)
    assert event.ends == datetime(2027, 4, 8, 14, 30, tzinfo=UTC)
    assert "FRAMFLYTTAT" in client.get(address).text
    assert press("published").status_code == 303
    assert press("held").status_code == 303
    assert press("closed").status_code == 303
    assert db.session.get_one(Event, event.id).state is State.CLOSED
    refused = browser.submit(f"{mine}/installningar", lead="Nytt")
    assert refused.status_code == 422
    assert "avslutat" in refused.text
    assert press("held").status_code == 303
    history = browser.get(mine).text
    for words in ("Ställde in", "Flyttade fram", "Avslutade", "Organiser Exempel"):
        assert words in history


def test_a_copy_takes_what_was_chosen_and_keeps_the_clock_over_the_clock_change(staff):
    browser = staff("organiser")
    event = make.event(
        lead="Välkommen!", case_number="851-1-2027", published=True, online=50,
        registration_closes=make.STARTS, online_url="https://x.example/1",
    )  # fmt: skip
    speaker = make.speaker()
    make.item(event, "Lunch", after=3, speakers=(speaker,))
    page = f"/arbeta/evenemang/{event.id}/kopiera"
    assert browser.submit(page, title="Igen", day="2027-04-01").status_code == 303
    copy = db.session.scalars(sa.select(Event).order_by(Event.id.desc())).first()
    assert (copy.state, copy.title, copy.lead, copy.slug) == (
        State.DRAFT, "Igen", "Välkommen!", "igen"
    )  # fmt: skip
    assert copy.starts == datetime(2027, 4, 1, 7, 30, tzinfo=UTC)  # 09.30 in summer time
    assert copy.items[0].starts == datetime(2027, 4, 1, 10, 30, tzinfo=UTC)
    assert copy.items[0].appearances[0].speaker.name == "Maria Holm"
    assert (copy.case_number, copy.online_url, copy.releases) == ("", "", [])
    assert {p.mode: (p.capacity, p.taken) for p in copy.pools} == {
        Mode.ROOM: (120, 0), Mode.ONLINE: (50, 0)
    }  # fmt: skip
    assert copy.uid != event.uid
    answer = browser.submit(page, title="Bara programmet", day="2027-04-02", parts="programme")
    assert answer.status_code == 303
    bare = db.session.scalars(sa.select(Event).order_by(Event.id.desc())).first()
    assert (bare.lead, len(bare.items), bare.items[0].appearances) == ("", 1, [])
    assert db.session.scalar(sa.select(sa.func.count(Speaker.id))) == 1


def test_a_draft_is_previewed_by_its_own_and_nobody_else(staff, client):
    event = make.event(title="Bara ett utkast", kind=Kind.DIALOGUE_MEETING)
    make.item(event, title="Punkten som ingen sett")
    address = f"/arbeta/evenemang/{event.id}/forhandsvisning"
    page = staff("reader").get(address)
    assert "Bara ett utkast" in page.text
    assert "Punkten som ingen sett" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert staff("organiser", "skane").get(address).status_code == 404
    assert client.get(address).status_code == 302
    assert client.get(f"/evenemang/{event.slug}").status_code == 404
