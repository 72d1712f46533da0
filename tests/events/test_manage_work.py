"""The organiser's start page."""

from datetime import timedelta

import sqlalchemy as sa

from core.db import db, write
from events import services
from events.models import Event, Release
from events.rules import State
from tests.events import make


def test_an_authority_without_events_is_told_what_to_do(staff):
    page = staff("organiser").get("/arbeta/")
    assert "Här kommer era evenemang att stå" in page.text
    assert "/arbeta/evenemang/nytt" in page.text


def test_events_stand_in_groups_with_what_to_do_next(staff):
    browser = staff("organiser")
    make.event(title="Det som kommer", published=True)
    make.event(title="Bara ett utkast")
    over = make.NOW - timedelta(hours=7)
    make.event(title="Slutade nyss", starts=over, published=True)
    past = make.event(title="Det som var", starts=make.NOW - timedelta(days=30), published=True)
    write(lambda: services.set_state(
        db.session, db.session.get_one(Event, past.id), State.HELD, by=None, now=make.NOW
    ))  # fmt: skip
    make.event("skane", title="Någon annans")
    page = browser.get("/arbeta/").text
    places = [
        page.index(words)
        for words in (
            "Att avsluta", "Slutade nyss", "Kommande", "Det som kommer", "Utkast", "Bara ett",
            "Tidigare", "Det som var",
        )
    ]  # fmt: skip
    assert places == sorted(places)
    assert "Lägg upp programmet" in page
    assert "Skriv minnesanteckningar" in page
    assert page.count("0 av 120 platser") == 1, "seats are for those to come"
    assert "Någon annans" not in page


def test_searching_finds_by_title_whatever_its_case(staff):
    browser = staff("organiser")
    make.event(title="Öppna möten")
    make.event(title="Slutna rum")
    page = browser.get("/arbeta/?q=öPPNA").text
    assert "Öppna möten" in page
    assert "Slutna rum" not in page
    assert "Pröva ett annat ord" in browser.get("/arbeta/?q=100%25").text


def test_the_list_costs_the_same_for_one_and_for_many(staff, app):
    browser = staff("organiser")
    asked = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    make.event()
    asked.clear()
    browser.get("/arbeta/")
    one = len(asked)
    for _n in range(30):
        make.event()
    asked.clear()
    page = browser.get("/arbeta/")
    assert len(asked) == one
    assert "Sida 1 av 2" in page.text
    assert browser.get("/arbeta/?sida=2").text.count("Mottagande och etablering") == 12
    assert browser.get("/arbeta/?sida=x").status_code == 400


def test_the_invariants_hold_and_a_breach_is_told(app):
    event = make.event(published=True)
    make.item(event, group="Spår", capacity=5)
    runner = app.test_cli_runner()
    assert runner.invoke(args=["check"]).exit_code == 0
    write(lambda: db.session.execute(sa.delete(Release)))
    told = runner.invoke(args=["check"])
    assert told.exit_code == 1
    assert "är publicerat utan program" in told.output
