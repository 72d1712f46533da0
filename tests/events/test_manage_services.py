"""What the verbs do to the rows."""

from datetime import UTC, datetime, timedelta

import pytest

from core.db import Stale, db, write
from core.errors import Refusal
from events import services
from events.models import Event, Pool
from events.rules import Mode, State
from tests.events import make

NOW = make.NOW


def change(event, **kw):
    return write(
        lambda: services.change_event(
            db.session, db.session.get_one(Event, event.id), by=None, now=NOW, **kw
        )
    )


def test_two_events_of_one_title_get_two_addresses(app):
    first, second, third = make.event(), make.event(), make.event()
    assert first.slug == "mottagande-och-etablering"
    assert second.slug == "mottagande-och-etablering-2027-03-04"
    assert third.slug == "mottagande-och-etablering-2027-03-04-2"
    assert len({first.uid, second.uid, third.uid}) == 3


def test_a_new_room_grows_the_sequence_a_new_lead_does_not(app):
    event = make.event(published=True)
    before = event.sequence
    assert change(event, facts={"lead": "Välkommen!"}) == {"lead"}
    assert event.sequence == before
    assert change(event, facts={"venue_name": "Elmia"}) == {"venue_name"}
    assert event.sequence == before + 1
    assert change(event, facts={"venue_name": "Elmia"}) == set()


def test_an_older_version_is_refused(app):
    event = make.event()
    with pytest.raises(Stale):
        change(event, facts={"lead": "x"}, version=event.version - 1)


def test_capacity_below_what_is_taken_is_refused_with_the_count(app):
    event = make.event(room=10)
    write(lambda: setattr(db.session.get_one(Pool, event.pools[0].id), "taken", 7))
    with pytest.raises(Refusal, match="7 platser är redan tagna") as refusal:
        change(event, facts={}, capacity={Mode.ROOM: 6})
    assert refusal.value.field == "capacity_room"
    with pytest.raises(Refusal, match="7 personer har plats"):
        change(event, facts={}, capacity={Mode.ONLINE: 6})
    assert change(event, facts={}, capacity={Mode.ROOM: 7}) == {"capacity"}
    db.session.rollback()
    assert [(p.mode, p.capacity, p.taken) for p in event.pools] == [(Mode.ROOM, 7, 7)]


def test_to_another_day_the_programme_moves_along_and_is_released_with_nothing_else(app):
    event = make.event()
    make.item(event, "Först")
    write(
        lambda: services.publish(db.session, db.session.get_one(Event, event.id), by=None, now=NOW)
    )
    make.item(event, "Bara i utkastet", after=1)
    change(event, facts={"starts": event.starts + timedelta(days=28) - timedelta(hours=1),
                         "ends": event.ends + timedelta(days=28) - timedelta(hours=1)})  # fmt: skip
    db.session.rollback()
    summer = datetime(2027, 4, 1, 7, 30, tzinfo=UTC)
    assert [item.starts for item in event.items] == [summer, summer + timedelta(hours=1)]
    assert [r.number for r in event.releases] == [1, 2]
    assert [i["title"] for i in event.releases[1].content["items"]] == ["Först"]
    assert event.releases[1].content["items"][0]["starts"] == summer.isoformat()


def test_states_follow_the_rules_and_cancelling_is_told(app):
    event = make.event(published=True)

    def go(state):
        write(lambda: services.set_state(
            db.session, db.session.get_one(Event, event.id), state, note="Storm", by=None, now=NOW
        ))  # fmt: skip

    with pytest.raises(Refusal, match="publicerat och kan inte bli avslutat"):
        go(State.CLOSED)
    before = event.sequence
    go(State.CANCELLED)
    assert (event.state, event.state_note, event.sequence) == (State.CANCELLED, "Storm", before + 1)
