"""Meetings that belong together: one page, one calendar, one list, and on to the next."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from flask import Flask

from core.db import db, write
from core.reference import Sector
from events.models import Event
from events.rules import Kind, State
from events.series import services
from events.series.models import EventSeries
from events.series.rules import SeriesKind, holidays, monthly, proposed
from events.times import wall
from registrations.invitations import services as invitation_services
from registrations.models import Invitation
from tests.conftest import NOW, Client
from tests.events import make
from tests.events.test_public_event import set_state, statements

LAST = datetime(2027, 3, 9, 8, 0, tzinfo=UTC)  # the second Tuesday, 09.00 in Stockholm


def series(*events: Event, title: str = "Samtal om bostad") -> EventSeries:
    ids = [one.id for one in events]

    def begin() -> int:
        made = services.create_series(
            db.session, make.board(), by=None, now=NOW,
            facts={"title": title, "text": "Tio träffar.", "year": None,
                   "kind": SeriesKind.SERIES},
        )  # fmt: skip
        for id_ in ids:
            services.join(db.session, made, db.session.get_one(Event, id_), by=None, now=NOW)
        return made.id

    return db.session.get_one(EventSeries, write(begin))


def ask(event: Event, name: str) -> None:
    def invite() -> None:
        organisation = invitation_services.add_organisation(
            db.session, by=None, now=NOW,
            facts={"name": name, "sector": Sector.CIVIL_SOCIETY, "municipality": None},
        )  # fmt: skip
        invitation_services.invite(
            db.session, db.session.get_one(Event, event.id), organisation=organisation, by=None,
            now=NOW, facts={"seats": 2, "criterion": "berörd", "reason": "De vet.",
                            "email": "kansli@example.se"},
        )  # fmt: skip

    write(invite)


def test_a_series_has_one_page_and_one_calendar_without_drafts(
    app: Flask, client: Client, staff: Callable[..., Client]
) -> None:
    past = make.event(published=True, title="Första", starts=NOW - timedelta(days=30))
    soon = make.event(published=True, title="Andra", starts=NOW + timedelta(days=3))
    later = make.event(published=True, title="Tredje", starts=NOW + timedelta(days=30))
    draft = make.event(title="Kanarie", starts=NOW + timedelta(days=60))
    made = series(draft)
    browser = staff()
    preview = f"/arbeta/evenemang/{draft.id}/forhandsvisning"
    assert "Samtal om bostad" in browser.get(preview).text
    assert "/serie/" not in browser.get(preview).text, "it leads nowhere yet"
    for path in ("/serie/samtal-om-bostad", "/serie/samtal-om-bostad.ics"):
        assert client.get(path).status_code == 404
    assert "/serie/" not in client.get("/sitemap.xml").text
    for event in (past, soon, later):
        id_ = event.id
        write(lambda id_=id_: services.join(  # type: ignore[misc]
            db.session, db.session.get_one(EventSeries, made.id), db.session.get_one(Event, id_),
            by=None, now=NOW))  # fmt: skip
    assert 'href="/serie/samtal-om-bostad"' in browser.get(preview).text
    page = client.get("/serie/samtal-om-bostad").text
    assert re.findall(r'class="title"><a[^>]*>(.*?)</a>', page) == ["Andra", "Tredje", "Första"]
    assert page.index("Nästa möte") < page.index("Andra") < page.index("Längre fram")
    assert "3 möten" in page
    feed = client.get("/serie/samtal-om-bostad.ics")
    assert feed.text.count("BEGIN:VEVENT") == 3
    assert "Kanarie" not in page + feed.text + client.get("/sitemap.xml").text
    assert "/serie/samtal-om-bostad" in client.get("/sitemap.xml").text
    here = client.get(f"/evenemang/{soon.slug}").text
    assert f'rel="prev" href="/evenemang/{past.slug}"' in here
    assert f'rel="next" href="/evenemang/{later.slug}"' in here
    assert "Kanarie" not in client.get(f"/evenemang/{later.slug}").text
    set_state(later, State.CANCELLED)
    assert 'rel="next"' not in client.get(f"/evenemang/{soon.slug}").text
    write(lambda: services.leave(db.session, db.session.get_one(Event, past.id), by=None, now=NOW))
    assert 'rel="prev"' not in client.get(f"/evenemang/{soon.slug}").text
    assert [line for check in app.extensions["checks"] for line in check(db.session)] == []


def test_the_next_meetings_are_seen_changed_and_made_with_the_list(
    staff: Callable[..., Client],
) -> None:
    last = make.event(published=True, title="Sakråd tre", kind=Kind.ISSUE_COUNCIL, starts=LAST)
    ask(last, "Föreningen Bryggan")
    made = series(last)
    browser = staff()
    at = f"/arbeta/serier/{made.id}"
    answer = browser.submit(f"{at}/inbjudna", event=str(last.id))
    assert answer.status_code == 303
    assert "Föreningen Bryggan" in browser.get(f"{at}/inbjudna").text
    page = browser.get(f"{at}/fortsatt?hur=monthly&antal=3").text
    assert "tisdag 13 april 2027" in page
    assert "tisdag 11 maj 2027" in page
    bad = browser.submit(f"{at}/fortsatt", 0, dates="2027-04-13\nhej")
    assert bad.status_code == 422
    assert "”hej” är ingen dag" in bad.text
    holiday = browser.get(f"{at}/fortsatt?hur=weeks&veckor=1&antal=12").text
    assert "röd dag eller afton" not in holiday.split("Så här blir det")[0]
    answer = browser.submit(f"{at}/fortsatt", 0, dates="2027-04-13\n2027-03-30\n2027-04-13")
    assert answer.status_code == 303
    drafts = db.session.scalars(
        sa.select(Event).filter_by(state=State.DRAFT).order_by(Event.starts)
    ).all()
    assert [wall(one.starts) for one in drafts] == [
        datetime(2027, 3, 30, 9, 0), datetime(2027, 4, 13, 9, 0),  # noqa: DTZ001 - wall clock
    ]  # fmt: skip
    for draft in drafts:
        asked = db.session.scalars(sa.select(Invitation).filter_by(event_id=draft.id)).one()
        assert (asked.organisation.name, asked.seats, asked.sent) == ("Föreningen Bryggan", 2, None)
        assert draft.series_id == made.id
    assert "Sakråd tre" in browser.get(at).text
    other = staff("organiser", "orebro")
    for path in (at, f"{at}/fortsatt", f"{at}/inbjudna"):
        assert other.get(path).status_code == 404


def test_an_organiser_begins_a_series_and_puts_events_in_it(staff: Callable[..., Client]) -> None:
    event = make.event(published=True, title="Öppet möte")
    theirs = make.event("orebro", published=True, title="Deras")
    browser = staff()
    assert browser.submit("/arbeta/serier/ny", title="").status_code == 422
    answer = browser.submit("/arbeta/serier/ny", title="Årscykel 2027", kind="cycle", year="2027")
    assert answer.status_code == 303
    at = answer.location
    assert "Deras" not in browser.get(at).text
    assert browser.submit(at, event=str(theirs.id), _to=f"{at}/lagg-till").status_code == 422
    assert browser.submit(at, event=str(event.id), _to=f"{at}/lagg-till").status_code == 303
    page = browser.get(at).text
    assert "Öppet möte" in page
    assert "Årscykel: högnivåmöte och sakråd · 2027" in page
    changed = {"title": "Cykeln", "kind": "cycle", "year": "2027", "text": "Vi ses igen."}
    assert browser.submit(at, -1, **changed).status_code == 303
    page = browser.get("/serie/arscykel-2027").text  # a name may change, an address stays
    assert "<h1>Cykeln</h1>" in page
    assert "Vi ses igen." in page
    assert 'href="/serie/arscykel-2027">Cykeln</a>' in browser.get(f"/evenemang/{event.slug}").text
    assert browser.submit(at, _at=0).status_code == 303
    assert browser.get("/serie/arscykel-2027").status_code == 404
    assert db.session.get_one(Event, event.id).series_id is None


def test_the_days_of_the_next_meetings() -> None:
    assert monthly(date(2027, 1, 29), 3) == [
        date(2027, 2, 26),
        date(2027, 3, 26),
        date(2027, 4, 30),
    ]
    assert monthly(date(2026, 11, 10), 2) == [date(2026, 12, 8), date(2027, 1, 12)]
    assert {date(2027, 3, 26), date(2027, 3, 29), date(2027, 5, 6), date(2027, 6, 25)} <= holidays(
        2027
    )
    days = [date(2027, 3, 26), date(2027, 3, 27), date(2027, 3, 30), date(2020, 1, 2)]
    found = proposed(days, taken={date(2027, 3, 30)}, today=date(2026, 11, 22))
    assert [[odd.value for odd in one.odd] for one in found] == [
        ["past"], ["holiday"], ["weekend"], ["taken"],
    ]  # fmt: skip


def test_a_page_of_no_series_asks_nothing_more(client: Client) -> None:
    alone = make.event(published=True)
    asked = statements(client, f"/evenemang/{alone.slug}")
    assert not any("event_series" in one and "FROM event_series" in one for one in asked)
