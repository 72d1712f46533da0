"""The calendars one subscribes to: one's own, and that of somebody who works here."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.db import db, write
from events import services as event_services
from events.models import Event
from registrations import services
from registrations.calendars.entries import uid_of
from registrations.calendars.models import OwnFeed
from registrations.models import Registration
from tests.calendar_readers import agreed, by_icalendar
from tests.conftest import NOW, links
from tests.events import make as events
from tests.registrations import make
from tests.registrations.test_mine import enter


@pytest.fixture
def app(make_app):
    """Without bounds: one person gets more letters here than an hour brings."""
    made = make_app(GUARDS="off")
    with made.app_context():
        yield made


def own_address(post):
    """The address of the calendar, from the letter."""
    [mail] = [mail for mail in post() if mail["Subject"] == "Din kalender"]
    [found] = [
        one for one in links(mail.get_body(("plain",)).get_content()) if "min-kalender" in one
    ]
    return found


def test_ones_own_calendar_has_all_one_is_registered_to_and_what_one_chose(client, post):
    first = make.conference(title="Första dagen")
    chosen, other = make.parallel(first)
    second = events.event(
        "skane", published=True, title="Andra dagen", online=50,
        starts=events.STARTS + timedelta(days=7), online_url="https://mote.example.se/rum",
    )  # fmt: skip
    person = make.registration(first, choices=(chosen.id,))
    online = make.registration(second, mode="online")
    make.registration(first, 9, email=person.email)
    make.registration(make.conference(title="Full", room=1), 3)
    colleague = make.conference(title="Någon annans")
    make.registration(colleague, 4)
    post()

    enter(client, person)
    page = client.get("/min-anmalan/min-kalender")
    assert "min-kalender/" not in page.text.replace("/min-anmalan/min-kalender", "")
    answer = client.submit("/min-anmalan/min-kalender", alarm="60")
    assert (answer.status_code, answer.location) == (303, "/min-anmalan")
    address = own_address(post)

    file = client.get(address)
    assert file.headers["Cache-Control"] == "private, no-cache"
    read = {str(one["UID"]): one for one in agreed(file.data)}
    mine = uid_of(make.again(person))
    assert mine in read
    assert f"{mine}.{chosen.id}" in read
    assert f"{mine}.{other.id}" not in read
    assert len(read) == 4  # two days, the seminar, the colleague of the same mailbox
    assert read[f"{mine}.{chosen.id}"]["RELATED-TO"] == mine
    assert read[uid_of(make.again(online))]["CONFERENCE"] == "https://mote.example.se/rum"
    assert read[uid_of(make.again(online))]["LOCATION"] == "https://mote.example.se/rum"
    assert "CONFERENCE" not in read[mine]
    assert read[mine]["LOCATION"] == "Folkets hus, Södergatan 5, Jönköping"
    [alarm] = read[mine].walk("VALARM")
    assert alarm.decoded("TRIGGER") == timedelta(hours=-1)
    assert b"ATTENDEE" not in file.data

    tag = {"If-None-Match": file.headers["ETag"]}
    assert client.get(address, headers=tag).status_code == 304
    write(lambda: event_services.change_event(
        db.session, db.session.get_one(Event, first.id), facts={"title": "Nytt"}, by=None, now=NOW
    ))  # fmt: skip
    again = client.get(address, headers=tag)
    assert again.status_code == 200
    grown = {str(one["UID"]): one for one in by_icalendar(again.data)}
    assert grown[mine]["SEQUENCE"] > read[mine]["SEQUENCE"]
    write(lambda: services.cancel(
        db.session, db.session.get_one(Registration, person.id), now=NOW, notify=False
    ))  # fmt: skip
    assert mine not in client.get(address).text

    enter(client, online)
    client.submit("/min-anmalan/min-kalender", 1)
    assert client.get(address).status_code == 404
    assert client.get(address.replace("min-kalender/", "min-kalender/x"[:-1])).status_code == 404
    assert db.session.scalar(sa.select(sa.func.count(OwnFeed.id))) == 0


def test_the_own_file_the_mail_and_the_feed_are_one_entry(client, post):
    person = make.registration(make.conference())
    [mail] = post()
    [part] = [p for p in mail.walk() if p.get_content_type() == "text/calendar"]
    [by_mail] = agreed(part.get_payload(decode=True))
    enter(client, person)
    [file] = agreed(client.get("/min-anmalan/kalender.ics").data)
    client.submit("/min-anmalan/min-kalender", alarm="never")
    [in_feed] = agreed(client.get(own_address(post)).data)
    for name in ("UID", "SEQUENCE", "SUMMARY", "ORGANIZER", "DESCRIPTION"):
        assert by_mail[name] == file[name] == in_feed[name], name
    assert not in_feed.walk("VALARM")


def test_who_works_here_subscribes_to_drafts_too_and_nobody_else_sees_them(client, staff):
    make.conference(title="Ute")
    events.event(title="Hemlig plan")
    events.event("skane", title="En annans plan")
    organiser = staff("organiser")
    organiser.submit("/arbeta/kalender")
    page = organiser.get("/arbeta/kalender").text
    [address] = {one for one in links(page.replace('"', " ").replace("<", " "))
                 if "personalkalender" in one}  # fmt: skip
    titles = sorted(str(one["SUMMARY"]) for one in agreed(client.get(address).data))
    assert titles == ["UTKAST – Hemlig plan", "Ute"]
    assert "Hemlig plan" not in client.get("/kalender.ics").text
    organiser.submit("/arbeta/kalender", 0)
    assert client.get(address).status_code == 404
    assert staff("check-in").get("/arbeta/kalender").status_code == 403


def test_the_calendars_of_a_board_a_county_and_a_kind(client):
    together = events.event("skane", published=True, title="Skåne och Jönköping")
    events.event("skane", published=True, title="Skåne")
    make.conference(title="Jönköping")

    def join():
        event = db.session.get_one(Event, together.id)
        event.co_organisers = [events.board()]

    write(join)
    assert "Länsstyrelsen i Jönköpings län" in client.get("/kalender").text

    def titles(query):
        return {
            str(one["SUMMARY"]) for one in by_icalendar(client.get(f"/kalender.ics?{query}").data)
        }

    assert titles("myndighet=jonkoping") == {"Jönköping", "Skåne och Jönköping"}
    assert titles("myndighet=skane") == {"Skåne", "Skåne och Jönköping"}
    assert titles("myndighet=finns-inte") == set()
    assert len(titles("myndighet=../x")) == 3
    assert titles("typ=sakrad") == set()
    name = by_name(client.get("/kalender.ics?myndighet=skane").data)
    assert name == "Evenemang hos Länsstyrelsen i Skåne län"


def by_name(body):
    [line] = [one for one in body.decode().split("\r\n") if one.startswith("NAME:")]
    return line.removeprefix("NAME:")
