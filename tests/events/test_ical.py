"""Calendar files: what other programs read in them, and what no text can make of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.models import Authority
from core.clock import STOCKHOLM, to_instant
from core.db import db, write
from events import ical, services
from events.models import Event, Release
from events.rules import State
from tests.calendar_readers import agreed, by_ical_js, by_icalendar, components, lines
from tests.conftest import NOW, Client
from tests.events import make

EVENT_PROPERTIES = sorted(
    [
        "BEGIN", "UID", "DTSTAMP", "CREATED", "LAST-MODIFIED", "DTSTART", "DTEND", "SEQUENCE",
        "STATUS", "TRANSP", "URL", "SUMMARY", "CATEGORIES", "LOCATION", "ORGANIZER", "CONTACT",
        "ATTACH", "DESCRIPTION", "END",
    ]
)  # fmt: skip


def release(event: Event) -> None:
    write(
        lambda: services.release_programme(
            db.session, db.session.get_one(Event, event.id), by=None, now=NOW
        )
    )


def test_the_file_says_what_the_page_says(client: Client) -> None:
    event = make.event(
        published=True, lead="En dag; om ansvar, och pengar.", contact_phone="070-174 06 12"
    )
    assert b"ATTACH" not in client.get(f"/evenemang/{event.slug}.ics").data, "no programme yet"
    make.item(event)
    release(event)
    answer = client.get(f"/evenemang/{event.slug}.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    (read,) = by_icalendar(answer.data)
    assert read["SUMMARY"] == "Mottagande och etablering"
    assert read["UID"] == event.uid
    assert read.decoded("DTSTART") == event.starts
    assert read.decoded("DTEND") == event.ends
    assert read["DTSTART"].params["TZID"] == "Europe/Stockholm"
    assert read["STATUS"] == "CONFIRMED"
    assert read["LOCATION"] == "Folkets hus, Södergatan 5, Jönköping"
    assert read["URL"] == f"http://localhost/evenemang/{event.slug}"
    assert read["ORGANIZER"] == "mailto:karin.ek@example.se"
    assert read["ORGANIZER"].params["CN"] == "Länsstyrelsen i Jönköpings län"
    assert "En dag; om ansvar, och pengar." in read["DESCRIPTION"]
    assert "Kontakt: Karin Ek, 070-174 06 12" in read["DESCRIPTION"]
    assert read["CONTACT"] == "Karin Ek, 070-174 06 12, karin.ek@example.se"
    assert read["ATTACH"] == f"http://localhost/evenemang/{event.slug}/program.pdf"
    calendar = icalendar.Calendar.from_ical(answer.data)
    assert (calendar["METHOD"], calendar["VERSION"]) == ("PUBLISH", "2.0")
    names = dict(components(answer.data))
    assert sorted(names["VEVENT"]) == EVENT_PROPERTIES


@pytest.mark.parametrize(
    "local",
    [
        "2027-07-01T09:00",
        "2027-01-21T09:30",
        "2027-03-28T01:30",  # the night the clocks go forward
        "2027-03-28T04:30",
        "2026-10-25T01:30",  # the night they go back
        "2026-10-25T02:30",
        "2026-10-25T04:30",
        "2039-07-01T09:00",
    ],
)
def test_every_reader_finds_the_same_instant(client: Client, local: str) -> None:
    starts = to_instant(datetime.fromisoformat(local))
    ends = starts + timedelta(hours=6)
    event = make.event(published=True, starts=starts, ends=ends)
    body = client.get(f"/evenemang/{event.slug}.ics").data
    (read,) = agreed(body)
    assert read.decoded("DTSTART").timestamp() == starts.timestamp()
    assert read.decoded("DTEND").timestamp() == ends.timestamp()


def test_an_hour_that_comes_twice_is_not_mistaken(client: Client) -> None:
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # 02.30 for the second time
    assert second.astimezone(STOCKHOLM).hour == 2
    event = make.event(published=True, starts=second, ends=second + timedelta(hours=2))
    body = client.get(f"/evenemang/{event.slug}.ics").data
    (read,) = agreed(body)
    assert read.decoded("DTSTART") == second


def test_the_identity_stays_and_the_sequence_grows(client: Client) -> None:
    event = make.event(published=True)
    url = f"/evenemang/{event.slug}.ics"

    def read() -> Any:
        return by_icalendar(client.get(url).data)[0]

    def save(**facts: Any) -> None:
        write(
            lambda: services.change_event(
                db.session, db.session.get_one(Event, event.id), facts=facts, by=None, now=NOW
            )
        )

    first = read()
    save(lead="Ny ingress.")
    assert read()["SEQUENCE"] == first["SEQUENCE"]
    save(starts=event.starts + timedelta(hours=1))
    moved = read()
    assert (moved["UID"], moved["SEQUENCE"] > first["SEQUENCE"]) == (first["UID"], True)
    for state, status in ((State.POSTPONED, "TENTATIVE"), (State.CANCELLED, "CANCELLED")):
        before = read()["SEQUENCE"]
        write(
            lambda state=state: services.set_state(
                db.session, db.session.get_one(Event, event.id), state, by=None, now=NOW
            )
        )
        now = read()
        assert (now["STATUS"], now["SEQUENCE"] > before) == (status, True)
    assert now["SUMMARY"].startswith("INSTÄLLT – ")
    assert now["TRANSP"] == "TRANSPARENT"


def test_a_participant_gets_a_file_of_their_own(app: Flask) -> None:
    event = make.event(published=True, online=300, online_url="https://mote.example.se/rum")
    with app.test_request_context():
        body = ical.event_calendar(
            event,
            ical.Own(
                uid="min", name="Åsa Öberg", status="CANCELLED", sequence=7,
                online_url="https://mote.example.se/rum",
            ),
        )  # fmt: skip
    (read,) = by_icalendar(body)
    assert (read["UID"], read["STATUS"], read["SEQUENCE"]) == ("min", "CANCELLED", 8)
    assert read["CONFERENCE"] == "https://mote.example.se/rum"
    assert read["CONFERENCE"].params == {
        "VALUE": "URI", "FEATURE": ["AUDIO", "VIDEO"], "LABEL": "Länk till mötet",
    }  # fmt: skip
    assert read["TRANSP"] == "TRANSPARENT", "what is cancelled takes no time"
    assert "Anmäld: Åsa Öberg" in read["DESCRIPTION"]
    assert "https://mote.example.se/rum" in read["DESCRIPTION"]
    assert "ATTENDEE" not in read


def test_a_feed_narrows_like_the_list_and_looks_a_year_back(client: Client) -> None:
    make.event(published=True, title="Kommande i Jönköping")
    make.event("skane", published=True, title="Kommande i Skåne", municipality="1280")
    make.event(published=True, title="Ett halvår sedan", starts=NOW - timedelta(days=180))
    make.event(published=True, title="Två år sedan", starts=NOW - timedelta(days=730))
    make.event(title="Utkast")
    body = client.get("/kalender.ics").data
    titles = sorted(str(read["SUMMARY"]) for read in by_icalendar(body))
    assert titles == ["Ett halvår sedan", "Kommande i Jönköping", "Kommande i Skåne"]
    names = [line.split(":")[0] for line in lines(body)]
    assert names.count("X-WR-CALNAME") == 1
    assert "REFRESH-INTERVAL;VALUE=DURATION" in names
    body = client.get("/kalender.ics?lan=12").data
    assert [str(read["SUMMARY"]) for read in by_icalendar(body)] == ["Kommande i Skåne"]
    assert "X-WR-CALNAME:Evenemang i Skåne län" in lines(body)
    assert client.get("/kalender.ics?lan=12&typ=sakrad").data.count(b"BEGIN:VEVENT") == 0


def test_a_feed_is_asked_for_again_only_when_something_changed(client: Client) -> None:
    event = make.event(published=True)
    first = client.get("/kalender.ics")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/kalender.ics", headers=tag).status_code == 304
    write(
        lambda: services.change_event(
            db.session, db.session.get_one(Event, event.id), facts={"title": "Nytt"}, by=None,
            now=NOW,
        )
    )  # fmt: skip
    again = client.get("/kalender.ics", headers=tag)
    assert again.status_code == 200
    assert "SUMMARY:Nytt" in again.text


POISON = 'x\r\nATTENDEE:mailto:a@b.se\r\nEND:VEVENT\u2028BEGIN:VALARM\n";:,\\\x00\x0b\x85\ud800"^n'
TEXTS = (
    "title", "lead", "venue_name", "venue_address", "contact_name", "contact_email",
    "contact_phone", "state_note", "uid",
)  # fmt: skip


def unsaved(text: str) -> tuple[Event, Release]:
    """An event with `text` wherever there is text, past every form that would have cleaned it."""
    event = make.event(published=True)
    board = Authority(
        slug="x", name=text, short_name=text, sender_name=text, reply_to="", county_code="06"
    )
    poisoned = Event(
        id=event.id, slug=event.slug, kind=event.kind, state=State.CANCELLED, authority=board,
        starts=event.starts, ends=event.ends, created=NOW, updated=NOW, sequence=1,
        online_url="", municipality="0680", **dict.fromkeys(TEXTS, text),
    )  # fmt: skip
    release = Release(
        number=1, published=NOW,
        content={"items": [{
            "id": 1, "kind": "talk", "starts": event.starts.isoformat(),
            "ends": event.ends.isoformat(), "title": text, "speakers": [],
        }]},
    )  # fmt: skip
    return poisoned, release


def spoken(app: Flask, poisoned: Event, release: Release) -> bytes:
    with app.test_request_context():
        component = ical.event_component(
            poisoned, release,
            ical.Own(
                uid=poisoned.title, sequence=1, name=poisoned.title, alarm=15,
                online_url="https://x.se/" + poisoned.title, organiser=poisoned.title,
                attendee=ical.Attendee(poisoned.title, poisoned.title, "ACCEPTED", rsvp=False),
            ),
        )  # fmt: skip
        items = ical.item_components(poisoned, release)
        return ical.calendar([component, *items], name=poisoned.title)


def test_no_text_can_add_a_property(app: Flask) -> None:
    event, release = unsaved("ren text")

    @settings(
        max_examples=120, deadline=None, suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.text(st.characters(codec=None), min_size=1, max_size=300))
    @example(POISON)
    @example("å" * 400)
    @example("\ud83d\ude00" * 60)
    @example("\U0001f600" * 60)
    @example('";CN=x:mailto:x@y.se')
    def holds(text: str) -> None:
        for name in TEXTS:
            setattr(event, name, text)
        event.authority.sender_name = text
        release.content["items"][0]["title"] = text
        found = components(spoken(app, event, release))
        assert [name for name, _properties in found] == [
            "VCALENDAR", "VTIMEZONE", "DAYLIGHT", "STANDARD", "VEVENT", "VALARM", "VEVENT",
        ]  # fmt: skip
        properties = found[4][1]
        assert set(properties) <= {*EVENT_PROPERTIES, "CONFERENCE", "ATTENDEE"}
        assert len(properties) == len(set(properties))

    db.session.expunge_all()
    holds()


def test_what_was_written_is_read_back(app: Flask) -> None:
    text = 'Säg "nej"; välj, eller \\ låt bli: 100 % ☃'
    event, release = unsaved(text)
    db.session.expunge_all()
    body = spoken(app, event, release)
    read, item = by_icalendar(body)
    assert read["SUMMARY"] == item["SUMMARY"] == f"INSTÄLLT – {text}"
    assert f"09.30–16.00 {text}" in read["DESCRIPTION"]
    theirs, _item = by_ical_js(body)
    assert theirs["summary"] == f"INSTÄLLT – {text}"


def test_one_poisoned_event_does_not_spoil_the_feed(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.event(published=True, title="Frisk")
    sick = make.event(published=True, title="Sjuk")
    write(
        lambda: db.session.execute(
            sa.update(Event)
            .filter_by(id=sick.id)
            .values(title="x\r\nATTENDEE:mailto:a@b.se", lead="\x0b\u2028END:VEVENT")
        )
    )
    answer = client.get("/kalender.ics")
    assert answer.status_code == 200
    found = [properties for name, properties in components(answer.data) if name == "VEVENT"]
    assert len(found) == 2
    assert not any("ATTENDEE" in properties for properties in found)

    def fail(*_args: object) -> None:
        raise ValueError("cannot be written")

    monkeypatch.setattr(ical, "_describe", fail)
    client.application.extensions["page_cache"].pages.clear()
    answer = client.get("/kalender.ics")
    assert answer.status_code == 200
    assert answer.data.count(b"SUMMARY:Regional konferens") == 2


def test_the_zone_is_written_by_rules_that_everybody_reads() -> None:
    zone = ical.STOCKHOLM_ZONE.decode()
    assert "RDATE" not in zone
    assert zone.count("RRULE:") == 2
