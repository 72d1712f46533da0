"""Everything after a time fifteen minutes later, and the rooms of an event."""

from datetime import UTC, datetime

import sqlalchemy as sa

from core.db import db, write
from events import services
from events.editing.models import Room
from events.models import Event, Pool, ProgrammeItem
from events.rules import Part
from events.times import wall
from tests.events import make
from tests.events.editing.make import page, table
from tests.reading import forms


def clocks(event):
    items = db.session.scalars(
        sa.select(ProgrammeItem).filter_by(event_id=event.id).order_by(ProgrammeItem.id)
    )
    return [f"{wall(i.starts):%H.%M}–{wall(i.ends):%H.%M}" for i in items]


def look(browser, event, **fields):
    """The preview, and the fields of its form."""
    answer = browser.submit(page(event, "/skjut"), do="look", **fields)
    return answer, forms(answer.text)[0]["fields"]


def test_a_shift_is_shown_first_and_then_done(staff):
    browser = staff("organiser")
    event = make.event()
    for number, title in enumerate(("Ett", "Två", "Tre")):
        make.item(event, title, after=number, room="Salen")
    before = clocks(event)
    answer, fields = look(browser, event, since="10.30", minutes="15", direction="later")
    assert answer.status_code == 200
    for words in ("10.45–11.45", "11.45–12.45", "Inget är sparat än.", "Flytta 2 punkter"):
        assert words in answer.text
    assert "Ett" not in answer.text.partition('id="preview"')[2]
    assert clocks(event) == before
    done = browser.post(page(event, "/skjut"), data=fields | {"do": "shift"})
    assert done.status_code == 303
    assert clocks(event) == ["09.30–10.30", "10.45–11.45", "11.45–12.45"]
    # What it would run into is told before it happens.
    answer, fields = look(browser, event, since="10.45", minutes="20", direction="earlier")
    assert "Salen är upptagen samtidigt: ”Ett”." in answer.text
    # Somebody else is quicker: nothing is shifted twice.
    browser.submit(f"/arbeta/programpunkt/{db.session.scalars(sa.select(ProgrammeItem.id)).first()}",
                   begins="09.40", stops="10.20")  # fmt: skip
    stale = browser.post(page(event, "/skjut"), data=fields | {"do": "shift"})
    assert stale.status_code == 409
    assert clocks(event)[1] == "10.45–11.45"


def test_a_shift_that_cannot_be_is_refused_with_what_to_do(staff):
    browser = staff("organiser")
    event = make.event(starts=datetime(2027, 3, 27, 22, 30, tzinfo=UTC))  # 23.30, spring forward
    make.item(event, "Kväll", hours=0.25)
    make.item(event, "Natt", after=1.75, hours=0.5)  # 01.15 to 01.45
    for fields, sentence in (
        ({"day": "2027-03-28", "since": "01:00", "minutes": "60"}, "Klockan 02.15 finns inte"),
        ({"day": "2027-03-27", "since": "23:00", "minutes": "30"}, "skulle hamna på en annan dag"),
        ({"day": "2027-03-28", "since": "05:00", "minutes": "15"}, "Inget börjar då"),
        ({"day": "2027-03-28", "since": "kl", "minutes": "15"}, "Skriv klockslaget så här"),
        ({"day": "2027-03-28", "since": "01:00", "minutes": "-5"}, "Skriv ett heltal"),
        ({"day": "2027-03-01", "since": "01:00", "minutes": "5"}, "Välj ett av alternativen"),
    ):
        for do in ("look", "shift"):
            answer = browser.submit(page(event, "/skjut"), **fields, do=do)
            assert answer.status_code == 422, fields
            assert sentence in answer.text
    assert clocks(event) == ["23.30–23.45", "01.15–01.45"]
    _answer, fields = look(browser, event, day="2027-03-28", since="01:00", minutes="120")
    assert browser.post(page(event, "/skjut"), data=fields | {"do": "shift"}).status_code == 303
    assert clocks(event)[1] == "03.15–03.45"


def rooms(event):
    return f"/arbeta/evenemang/{event.id}/rum"


def test_rooms_have_seats_and_a_room_too_small_for_those_who_chose_is_told(staff):
    browser = staff("organiser")
    event = make.event()
    item = make.item(event, "Bostad", room="Lilla rummet", group="Pass", capacity=30)
    pool = db.session.scalars(sa.select(Pool).filter_by(item_id=item.id)).one()
    write(lambda: setattr(db.session.get_one(Pool, pool.id), "taken", 21))
    shown = browser.get(rooms(event)).text
    assert 'value="Lilla rummet"' in shown  # the programme names it already
    answer = browser.submit(rooms(event), **{
        "rooms-0-seats": "20", "rooms-0-hearing_loop": "y", "rooms-1-name": "Aulan"})  # fmt: skip
    assert answer.status_code == 303
    text = browser.get(page(event)).text
    assert "Lilla rummet har 20 platser, men 21 har valt punkten." in text
    assert '<option value="Aulan">' in text
    assert browser.submit(rooms(event), **{"rooms-1-seats": "25"}).status_code == 303
    assert "Lilla rummet har 25 platser, men punkten erbjuder 30." in browser.get(page(event)).text
    # Another name: the programme follows. The same twice: no.
    assert browser.submit(rooms(event), **{"rooms-1-name": "Stora rummet"}).status_code == 303
    assert "Stora rummet" in table(browser, event).values()
    again = browser.submit(rooms(event), **{"rooms-0-name": "stora rummet"})
    assert again.status_code == 422
    assert "Två rum har samma namn" in again.text
    wrong = browser.submit(rooms(event), **{"rooms-0-seats": "0", "rooms-2-name": "Kvar"})
    assert wrong.status_code == 422
    assert 'value="Kvar"' in wrong.text
    copy = write(lambda: services.copy_event(
        db.session, db.session.get_one(Event, event.id), title="Igen", starts=make.STARTS,
        parts={Part.PROGRAMME}, by=None, now=make.NOW).id)  # fmt: skip
    assert set(db.session.scalars(sa.select(Room.name).filter_by(event_id=copy))) == {
        "Aulan", "Stora rummet"}  # fmt: skip
    assert browser.submit(rooms(event), **{"rooms-0-name": ""}).status_code == 303
    assert list(db.session.scalars(sa.select(Room.name).filter_by(event_id=event.id))) == [
        "Stora rummet"
    ]


def test_two_who_describe_the_same_room_do_not_overwrite_each_other(staff):
    browser = staff("organiser")
    event = make.event()
    browser.submit(rooms(event), **{"rooms-0-name": "Aulan"})
    opened = forms(browser.get(rooms(event)).text)[0]["fields"]
    assert browser.submit(rooms(event), **{"rooms-0-seats": "200"}).status_code == 303
    assert browser.post(rooms(event), data=opened | {"rooms-0-seats": "90"}).status_code == 409
    assert db.session.scalars(sa.select(Room)).one().seats == 200
