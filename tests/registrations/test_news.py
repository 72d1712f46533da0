"""News of an event and its programme: one letter to each it concerns, when it has gone quiet."""

import random
from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.db import db, write
from core.outbox.models import Outbox
from core.outbox.rules import State as MailState
from core.outbox.services import enqueue
from core.outbox.worker import run_once
from events import services as events
from events.models import Event, ProgrammeItem
from events.rules import State
from registrations.models import Registration
from tests.conftest import NOW
from tests.events import make as programme
from tests.registrations import make
from tests.registrations.test_letters import text_of


def change(item, **facts):
    write(
        lambda: events.change_item(
            db.session, db.session.get_one(ProgrammeItem, item.id), facts=facts, by=None, now=NOW
        )
    )


def release(event, *, tell=True, now=NOW):
    write(
        lambda: events.release_programme(
            db.session, db.session.get_one(Event, event.id), tell=tell, by=None, now=now
        )
    )


def change_event(event, now=NOW, **facts):
    write(
        lambda: events.change_event(
            db.session, db.session.get_one(Event, event.id), facts=facts, by=None, now=now
        )
    )


def at(hour, minute=0):
    return programme.STARTS.replace(hour=hour - 1, minute=minute)


def waiting():
    query = sa.select(Outbox).filter_by(state=MailState.WAITING).order_by(Outbox.id)
    return list(db.session.scalars(query))


@pytest.fixture
def day(app, post):
    """A conference with a talk for all and two seminars; one guest has chosen each."""
    event = make.conference(room=10)
    talk = programme.item(event, "Lägesbild", after=0.5)
    one, two = make.parallel(event, seats=(5, 5))
    make.registration(event, 1, choices=(one.id,))
    make.registration(event, 2, choices=(two.id,))
    post()
    return event, talk, one, two


def test_those_who_chose_what_moved_get_one_letter_with_all_that_is_new(day, post):
    event, _talk, one, _two = day
    change(one, starts=at(9, 45), ends=at(10, 45))
    release(event)
    change(one, room="Vättern")
    release(event)
    [mail] = post()
    assert mail["To"] == "ada.berg1@example.se"
    assert mail["Subject"] == "Ändrat: Mottagande och etablering"
    text = text_of(mail)
    assert "”Ensamkommande barn” börjar 09.45 i stället för 09.30." in text
    assert "”Ensamkommande barn” är i rum Vättern." in text
    assert "09.45–10.45 Ensamkommande barn, Vättern" in text
    assert not post()


def test_nothing_goes_before_it_has_been_quiet_for_a_minute(app, day, post):
    event, talk, *_rest = day
    change(talk, starts=at(10, 15), ends=at(11, 15))
    release(event)
    assert run_once() == 0
    app.config["FAKE_NOW"] = NOW + timedelta(seconds=50)
    change(talk, room="Spira")
    release(event, now=NOW + timedelta(seconds=50))
    app.config["FAKE_NOW"] = NOW + timedelta(seconds=70)
    assert run_once() == 0
    assert {row.next_try for row in waiting()} == {NOW + timedelta(seconds=110)}
    app.config["FAKE_NOW"] = NOW + timedelta(seconds=110)
    assert len(post()) == 2


def test_what_is_changed_to_and_fro_tells_nobody(day, post):
    event, talk, *_rest = day
    before = talk.starts, talk.ends
    change(talk, starts=at(13), ends=at(14))
    release(event)
    assert len(waiting()) == 2
    change(talk, starts=before[0], ends=before[1])
    release(event)
    assert waiting() == []
    change_event(event, venue_name="Spira")
    change_event(event, venue_name="Folkets hus")
    assert waiting() == []
    write(lambda: events.set_state(db.session, db.session.get_one(Event, event.id),
                                   State.CANCELLED, by=None, now=NOW))  # fmt: skip
    write(lambda: events.set_state(db.session, db.session.get_one(Event, event.id),
                                   State.PUBLISHED, by=None, now=NOW))  # fmt: skip
    assert post() == []


def test_a_letter_says_what_is_new_since_the_last_one_that_went(app, day, post):
    event, talk, *_rest = day
    change(talk, starts=at(10, 15), ends=at(11, 15))
    release(event)
    assert len(post()) == 2
    later = app.config["FAKE_NOW"] = NOW + timedelta(hours=1)
    change(talk, text="En ny text.")
    release(event, tell=False, now=later)
    change(talk, room="Spira")
    release(event, now=later)
    change_event(event, now=later, starts=event.starts - timedelta(minutes=30))
    mails = post()
    assert len(mails) == 2
    text = text_of(mails[0])
    assert "kl. 09.00–16.00 i stället för torsdag 4 mars 2027 kl. 09.30–16.00" in text
    assert "”Lägesbild” är i rum Spira." in text
    assert "10.15" not in text
    assert "ny text" not in text
    assert "Texten om" not in text


def test_who_registered_after_a_change_is_not_told_of_it_again(app, day, post):
    event, talk, *_rest = day
    change(talk, room="Spira")
    release(event, tell=False, now=NOW + timedelta(minutes=30))
    later = app.config["FAKE_NOW"] = NOW + timedelta(hours=1)
    make.registration(event, 3, now=later)
    post()
    change(talk, starts=at(10, 30), ends=at(11, 30))
    last = app.config["FAKE_NOW"] = NOW + timedelta(hours=2)
    release(event, now=last)
    texts = {mail["To"]: text_of(mail) for mail in post()}
    assert len(texts) == 3
    assert "Spira." in texts["ada.berg1@example.se"]
    assert "Spira." not in texts["ada.berg3@example.se"]


def test_a_cancelled_event_is_told_of_once_whatever_else_was_new(day, post):
    event, talk, *_rest = day
    change(talk, room="Spira")
    release(event)
    change_event(event, starts=event.starts + timedelta(minutes=30))
    write(lambda: events.set_state(db.session, db.session.get_one(Event, event.id),
                                   State.CANCELLED, by=None, now=NOW))  # fmt: skip
    mails = post()
    assert [mail["Subject"].split(":")[0] for mail in mails] == ["INSTÄLLT", "INSTÄLLT"]


@pytest.mark.usefixtures("day")
def test_letters_of_an_older_release_of_ours_are_still_written(post):
    person = db.session.scalars(sa.select(Registration)).first()
    write(
        lambda: enqueue(
            db.session, kind="event.changed", to=person.email, now=NOW,
            payload={"registration": person.id, "changed": ["starts", "venue_name"]},
        )
    )  # fmt: skip
    [mail] = post()
    assert "Tiden är ändrad: torsdag 4 mars 2027 kl. 09.30–16.00." in text_of(mail)


def test_the_publish_page_shows_the_changes_whom_they_concern_and_the_letter(day, post, staff):
    event, _talk, one, _two = day
    browser = staff()
    address = f"/arbeta/evenemang/{event.id}/program/publicera"
    change(one, starts=at(9, 45), ends=at(10, 45))
    page = browser.get(address).text
    assert "”Ensamkommande barn” börjar 09.45 i stället för 09.30." in page
    assert "1 person av 2 anmälda" in page
    assert "Ändrat: Mottagande och etablering" in page
    assert browser.submit(address).status_code == 303
    [mail] = post()
    assert mail["To"] == "ada.berg1@example.se"
    assert "börjar 09.45" in text_of(mail)
    assert "Inget är ändrat" in browser.get(address).text
    change(one, text="Rättat stavfel.")
    page = browser.get(address).text
    assert "Liten ändring." in page
    assert browser.submit(address).status_code == 303
    assert post() == []
    change(one, text="Ny text.")
    assert browser.submit(address, tell="tell").status_code == 303
    assert "Texten om ”Ensamkommande barn” är ändrad." in text_of(post()[0])
    change(one, title="Barn som kommer ensamma")
    assert browser.submit(address, seen="x" * 32).status_code == 409


def test_ones_own_page_says_what_is_new_in_the_programme(app, day, client, post):
    event, talk, one, _two = day
    later = app.config["FAKE_NOW"] = NOW + timedelta(hours=1)
    change(talk, room="Spira")
    change(one, room="Vättern")
    release(event, now=later)
    text = text_of(post()[1])
    link = next(line for line in text.splitlines() if "/min-anmalan/" in line)
    page = client.get(link.strip().removeprefix("http://localhost"), follow_redirects=True).text
    assert "Nytt i programmet sedan du anmälde dig" in page
    assert "”Lägesbild” är i rum Spira." in page
    assert "Vättern" not in page


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_is_edited_each_letter_tells_what_is_new_since_the_last(app, day, post, seed):
    """Random edits of place and rooms with quiet minutes between; what is told is kept here."""
    event, talk, one, _two = day
    chance = random.Random(seed)
    rooms, places = ["Vättern", "Spira"], ["Folkets hus", "Elmia"]
    state = {"talk": "", "one": "", "place": "Folkets hus"}
    told = {1: dict(state), 2: {**state, "one": None}}  # the second has not chosen it
    for step in range(1, 15):
        here = app.config["FAKE_NOW"] = NOW + timedelta(minutes=5 * step)
        what = chance.choice(["talk", "one", "place", "post"])
        if what == "place":
            state["place"] = chance.choice(places)
            change_event(event, now=here, venue_name=state["place"])
        elif what != "post":
            room = chance.choice(rooms)
            if room != state[what]:
                state[what] = room
                change({"talk": talk, "one": one}[what], room=room)
                release(event, now=here)
        if what == "post" or step == 14:
            mails = {int(mail["To"].split("@")[0][-1]): text_of(mail) for mail in post()}
            for number, known in told.items():
                new = {k: v for k, v in state.items() if known[k] is not None and known[k] != v}
                assert (number in mails) == bool(new), (step, number, new)
                text = mails.get(number, "")
                said = {
                    "talk": "”Lägesbild”" in text, "one": "”Ensamkommande barn”" in text,
                    "place": "Platsen är nu" in text,
                }  # fmt: skip
                assert {name for name, is_told in said.items() if is_told} == set(new), step
                known.update(new)
