"""Numbers of an event: by sector, by mode, who came."""

from core.db import db
from core.reference import Sector
from events.rules import Mode
from registrations.queries.figures import SectorFigure, figures
from registrations.rules import Status, Tick
from tests.registrations import make
from tests.registrations.make_lists import come, crowd, statements


def test_who_registered_and_came_is_counted_by_sector_the_largest_first(app):
    event = make.conference(online=None)
    for n in range(3):
        come(make.registration(event, n, sector=Sector.CIVIL_SOCIETY, municipality="0687"))
    make.registration(event, 3, sector=Sector.MUNICIPALITY, municipality="0680")
    come(make.registration(event, 4, sector=Sector.MUNICIPALITY, municipality="0680"))
    make.registration(event, 5, sector=Sector.REGION, mode=Mode.ONLINE)
    found = figures(db.session, event.id)
    assert found.by_sector == [
        SectorFigure(Sector.CIVIL_SOCIETY, 3, 3),
        SectorFigure(Sector.MUNICIPALITY, 2, 1),
        SectorFigure(Sector.REGION, 1, 0),
    ]
    assert (found.registered, found.came, found.municipalities) == (6, 4, 2)
    assert found.by_mode == {Mode.ROOM: 5, Mode.ONLINE: 1}
    assert found.came_by_mode == {Mode.ROOM: 4}


def test_the_queue_and_the_cancelled_are_no_participants(app):
    event = make.conference(room=1)
    for n, status in enumerate((None, None, Status.CANCELLED, Status.PENDING, Status.PENDING)):
        make.registration(event, n, status=status)
    found = figures(db.session, event.id)
    assert (found.registered, found.waiting, found.cancelled, found.came) == (1, 1, 1, 0)
    assert (found.pending, found.offered, found.unproven) == (2, 0, 0)


def test_a_tick_that_was_undone_does_not_count(app):
    event = make.conference()
    person = make.registration(event)
    come(person)
    come(person, which=Tick.UNDO)
    assert figures(db.session, event.id).came == 0


def test_an_event_without_anybody_has_zeros(app):
    found = figures(db.session, make.conference().id)
    assert (found.registered, found.came, found.by_sector, found.by_mode) == (0, 0, [], {})


def test_the_numbers_of_many_cost_three_questions(app):
    event = make.conference(room=None)
    crowd(event, 200, came=50)
    with statements() as asked:
        found = figures(db.session, event.id)
    counted = (found.registered, found.waiting + found.unseated, found.came)
    assert counted == (180, 20, 50)
    assert len([s for s in asked if s.startswith("SELECT")]) <= 4  # one may be the event itself
