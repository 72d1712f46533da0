"""What is asked past the session, and how long an answer is shared."""

import logging
import time

import pytest
import sqlalchemy as sa

from core.db import db, write
from core.glimpse import FRESH, Glimpse
from events.models import Event
from tests.events import make
from tests.registrations import make as registrations
from tests.registrations.make_lists import statements


def rename(event, title):
    write(lambda: setattr(db.session.get_one(Event, event.id), "title", title))


def test_who_has_saved_something_sees_it_at_once(client):
    event = make.event(published=True)
    for number in range(5):
        rename(event, f"Dag nummer {number}")
        assert f"Dag nummer {number}" in client.get(f"/evenemang/{event.slug}").text


def test_what_others_save_is_seen_within_a_moment(client):
    event = make.event(published=True)
    client.get(f"/evenemang/{event.slug}")
    with db.engine.begin() as elsewhere:
        elsewhere.execute(
            sa.update(Event.__table__).values(title="Ny rubrik", version=Event.version + 1)
        )
    time.sleep(FRESH * 2)
    assert "Ny rubrik" in client.get(f"/evenemang/{event.slug}").text


def test_a_public_page_that_is_known_costs_one_question_and_those_beside_it_none(client, caplog):
    event = registrations.conference()
    paths = [f"/evenemang/{event.slug}{end}" for end in ("", ".ics", "/anmalan")]
    for path in paths:
        client.get(path)
        time.sleep(FRESH * 2)
        caplog.clear()
        with caplog.at_level(logging.DEBUG, "core.glimpse"), statements() as asked:
            for _visitor in range(3):
                assert client.get(path).status_code == 200
        glimpses = [one for one in caplog.records if one.name == "core.glimpse"]
        assert len(glimpses) + len(asked) <= 2, (path, asked)
        assert len(glimpses) >= 1, path


def test_a_connection_that_could_not_say_is_closed_and_the_answer_comes_another_way(app):
    event = make.event(published=True)
    glimpse = Glimpse(sa.select(Event.id).where(Event.id == sa.bindparam("event", 0)))
    assert glimpse.ask(event=event.id) == [(event.id,)]
    [held] = db.engine.samling_idle
    raw = held.dbapi_connection
    glimpse.ready[db.engine.dialect.name].text = "SELECT this FROM nowhere"
    assert glimpse.ask(event=event.id) == [(event.id,)]
    assert not db.engine.samling_idle
    with pytest.raises(db.engine.dialect.loaded_dbapi.Error, match="closed"):
        raw.execute("SELECT 1")
