"""Somebody changes the limits while somebody else moves: who comes second sees what is new."""

import threading
import time
from datetime import timedelta

import sqlalchemy as sa

from accounts.models import User
from core.db import Stale, db, write
from core.errors import Refusal
from core.reference import Sector
from events import services as event_services
from events.models import Event, Pool, ProgrammeItem
from events.rules import Mode
from registrations import seats, services
from registrations.doubles import services as doubles
from registrations.models import Registration
from registrations.places import services as places
from registrations.places.rules import Kept
from registrations.rules import Source, Status
from tests.conftest import NOW
from tests.registrations import make


def one_after_the_other(app, first, second):
    """Do `second` while the transaction of `first` is still open; what came of `second`."""
    under_way, given = threading.Event(), [None, None]

    def begin():
        first()
        under_way.set()
        time.sleep(0.3)  # so long that `second` has met the lock

    def run(place, action):
        with app.app_context():
            try:
                given[place] = write(action)
            except Exception as error:  # noqa: BLE001 - the test looks at what came
                given[place] = error
            db.session.remove()

    threads = [threading.Thread(target=run, args=(0, begin))]
    threads[0].start()
    assert under_way.wait(60)
    threads.append(threading.Thread(target=run, args=(1, second)))
    threads[1].start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert given[0] is None, given
    return given[1]


def set_limits(event_id, *, kept=0, most=None):
    places.set_limits(
        db.session, db.session.get_one(Event, event_id), most=most, rules={}, version=None,
        kept=[Kept(Mode.ROOM, Sector.CIVIL_SOCIETY, kept)] if kept else [], by=None, now=NOW,
    )  # fmt: skip


def breaches(app):
    return [line for check in app.extensions["checks"] for line in check(db.session)]


def test_who_cancels_while_seats_are_being_kept_gives_all_seats_back(app):
    event_id = (event := make.conference(room=5)).id
    people = [make.registration(event, n, sector=Sector.MUNICIPALITY).id for n in range(3)]
    given = one_after_the_other(
        app,
        lambda: set_limits(event_id, kept=2),
        lambda: services.cancel(db.session, db.session.get_one(Registration, people[0]), now=NOW),
    )
    assert given is None
    assert breaches(app) == []
    make.registration(db.session.get_one(Event, event_id), 7, sector=Sector.MUNICIPALITY)
    assert make.statuses(db.session.get_one(Event, event_id))["Berg7"] == "confirmed"


def test_fewer_seats_set_while_some_are_being_kept_leave_the_kept_ones(app):
    event_id = make.conference(room=10).id
    given = one_after_the_other(
        app,
        lambda: set_limits(event_id, kept=4),
        lambda: event_services.change_event(
            db.session, db.session.get_one(Event, event_id), facts={}, capacity={Mode.ROOM: 6},
            by=None, now=NOW,
        ),
    )  # fmt: skip
    assert given == {"capacity"}
    others = db.session.query(Pool).filter_by(event_id=event_id, others_mode=Mode.ROOM).one()
    assert others.capacity == 2


def test_who_changes_organisation_while_these_are_being_limited_is_counted_once(app):
    event_id = (event := make.conference(room=9)).id
    person_id = make.registration(event, 1, organisation="Rädda bina").id
    make.registration(event, 2, organisation="Rädda bina")
    write(lambda: set_limits(event_id, most=3))
    given = one_after_the_other(
        app,
        lambda: set_limits(event_id, most=2),
        lambda: services.change(
            db.session, db.session.get_one(Registration, person_id),
            facts={"organisation": "Naturvännerna"}, now=NOW,
        ),
    )  # fmt: skip
    assert given == {"organisation"}
    assert breaches(app) == []


def test_who_cancels_while_the_queue_moves_gives_the_new_place_back(app):
    event_id = (event := make.conference(room=1)).id
    first, second, _third = [make.registration(event, n).id for n in range(3)]
    given = one_after_the_other(
        app,
        lambda: services.cancel(db.session, db.session.get_one(Registration, first), now=NOW),
        lambda: services.cancel(db.session, db.session.get_one(Registration, second), now=NOW),
    )
    assert given is None
    assert breaches(app) == []
    assert make.statuses(db.session.get_one(Event, event_id)) == {
        "Berg0": "cancelled", "Berg1": "cancelled", "Berg2": "confirmed",
    }  # fmt: skip


def test_who_joins_the_queue_while_somebody_cancels_gets_the_seat(app):
    event_id = (event := make.conference(room=1)).id
    first = make.registration(event, 0).id
    write(lambda: db.session.execute(sa.text("ANALYZE pool")))  # it is known to be small

    def join():
        services.register_at(
            db.session, event_id, facts=make.person(1), choices=[], needs={},
            source=Source.WEB, language="sv", now=NOW,
        )  # fmt: skip

    given = one_after_the_other(
        app,
        join,
        lambda: services.cancel(db.session, db.session.get_one(Registration, first), now=NOW),
    )
    assert given is None
    assert make.statuses(db.session.get_one(Event, event_id)) == {
        "Berg0": "cancelled", "Berg1": "confirmed",
    }  # fmt: skip


def test_two_that_are_one_are_not_merged_while_the_queue_moves_one_of_them(app, staff):
    staff()  # there is somebody who merges
    event_id = (event := make.conference(room=1)).id
    item_id = make.parallel(event, seats=(5, 5))[0].id
    first = make.registration(event, 1).id
    kept, gone = make.registration(event, 2), make.registration(event, 3, choices=(item_id,))
    ids, versions = (kept.id, gone.id), (kept.version, gone.version)

    def merge():
        two = [db.session.get_one(Registration, id_) for id_ in ids]
        by = db.session.query(User).first()
        doubles.merge(db.session, *two, facts={}, versions=versions, by=by, now=NOW)

    given = one_after_the_other(
        app,
        lambda: services.cancel(db.session, db.session.get_one(Registration, first), now=NOW),
        merge,
    )
    assert isinstance(given, Stale)
    assert breaches(app) == []
    assert make.statuses(db.session.get_one(Event, event_id))["Berg2"] == "confirmed"


def test_an_item_taken_out_of_the_choices_meanwhile_is_not_chosen(app):
    event_id = (event := make.conference(room=9)).id
    item_id = make.parallel(event, seats=(5, 5))[0].id

    def take_out():
        item = db.session.get_one(ProgrammeItem, item_id)
        event_services.change_item(db.session, item, facts={"group": ""}, by=None, now=NOW)

    def register():
        return services.register_at(
            db.session, event_id, facts=make.person(1), choices=[item_id], needs={},
            source=Source.WEB, language="sv", now=NOW,
        )  # fmt: skip

    given = one_after_the_other(app, take_out, register)
    assert isinstance(given, Refusal)
    assert breaches(app) == []


def test_who_registers_while_seats_are_being_kept_or_limited_is_counted_in_the_new_limits(app):
    event_id = (event := make.conference(room=3)).id

    def register(number):
        return services.register_at(
            db.session, event_id, facts=make.person(number, sector=Sector.MUNICIPALITY),
            choices=[], needs={}, source=Source.WEB, language="sv", now=NOW,
        ).status  # fmt: skip

    kept = one_after_the_other(app, lambda: set_limits(event_id, kept=2), lambda: register(1))
    assert kept is Status.CONFIRMED
    assert breaches(app) == []
    assert write(lambda: register(2)) is Status.WAITING
    limited = one_after_the_other(app, lambda: set_limits(event_id, most=1), lambda: register(3))
    assert isinstance(limited, Refusal)
    assert breaches(app) == []
    assert make.statuses(event) == {"Berg1": "confirmed", "Berg2": "waiting"}


def test_an_item_without_seats_of_its_own_is_never_sat_in(app):
    """It may lose them after it has been found among the choices."""
    event_id = (event := make.conference(room=9)).id
    item_id = make.parallel(event, seats=(5, 5))[0].id
    lost = seats.Seats(999_999, None, item_id + 999, 5, 0)
    outcome = write(
        lambda: seats.sit(
            db.session, event_id, read=[*seats.of_event(db.session, event_id), lost], most=None,
            mode=Mode.ROOM, sector=Sector.MUNICIPALITY, items={item_id, item_id + 999},
            organisation="",
        )
    )  # fmt: skip
    assert outcome == seats.Outcome(gone=True)
    assert breaches(app) == []


def test_who_registers_in_a_way_that_has_just_been_added_is_counted_in_the_new_limits(app):
    """Who limits has waited for who adds, and did not see the new pool when holding the others."""
    event_id = make.conference(room=5, starts=NOW - timedelta(hours=1)).id  # nobody is promoted
    added, limited, given = threading.Event(), threading.Event(), {}

    def add():
        event_services.change_event(
            db.session, db.session.get_one(Event, event_id), facts={},
            capacity={Mode.ROOM: 5, Mode.ONLINE: 5}, by=None, now=NOW,
        )  # fmt: skip
        added.set()
        time.sleep(0.3)  # so long that who limits has met the lock

    def limit():
        set_limits(event_id, most=1)
        limited.set()
        time.sleep(0.3)

    def register(number):
        return services.register_at(
            db.session, event_id, choices=[], needs={}, source=Source.WEB, language="sv", now=NOW,
            facts=make.person(number, mode=Mode.ONLINE, organisation="Rädda bina"),
        ).status  # fmt: skip

    def run(name, action, after=None):
        if after:
            assert after.wait(60)
        with app.app_context():
            try:
                given[name] = write(action)
            except Exception as error:  # noqa: BLE001 - the test looks at what came
                given[name] = error
            db.session.remove()

    threads = [
        threading.Thread(target=run, args=args)
        for args in (
            ("add", add), ("limit", limit, added), ("first", lambda: register(1), limited),
        )
    ]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert given["first"] is Status.CONFIRMED, given
    assert breaches(app) == []
    db.session.rollback()
    refused = one_after_the_other(app, lambda: None, lambda: register(2))
    assert isinstance(refused, Refusal)


def test_an_item_that_somebody_wishes_for_meanwhile_is_removed_all_the_same(app):
    event_id = (event := make.conference(room=9, approval=True)).id
    item_id = make.parallel(event, seats=(5, 5))[0].id
    given = one_after_the_other(
        app,
        lambda: services.register_at(
            db.session, event_id, facts=make.person(1), choices=[item_id], needs={},
            source=Source.WEB, language="sv", now=NOW,
        ) and None,
        lambda: event_services.remove_item(
            db.session, db.session.get_one(ProgrammeItem, item_id), by=None, now=NOW
        ),
    )  # fmt: skip
    assert given is None
    assert db.session.get(ProgrammeItem, item_id) is None
    assert make.statuses(db.session.get_one(Event, event_id)) == {"Berg1": "pending"}
