from pathlib import Path

from core.db import db, write
from demo.door import SLUG, add_open_door
from demo.scenario import read
from demo.seed import Seeder
from events.models import Event
from registrations.door import queries
from registrations.door.queries import Post
from registrations.door.rules import is_open
from tests.conftest import NOW


def test_an_event_of_today_is_at_the_door_with_some_who_have_come(app):
    write(lambda: Seeder(db.session, now=NOW).apply(read(Path("demo/data/users.json"))))
    for _twice in range(2):
        write(lambda: add_open_door(db.session, now=NOW))
    event = db.session.query(Event).filter_by(slug=SLUG).one()
    assert is_open(event.state)
    assert event.starts <= NOW.replace(hour=12) <= event.ends
    counts = queries.counts(db.session, Post(event.id))
    assert (counts.came, counts.expected, counts.left) == (25, 60, 2)
    assert sum(came for came, _chosen in queries.item_counts(db.session, event.id).values()) == 8
