"""A party and a place handed over, where several limits hold at once."""

import pytest

from core.db import db, write
from core.errors import Refusal
from core.reference import Sector
from events.models import Event, Pool
from events.rules import Mode
from registrations import seats
from registrations.models import Registration
from registrations.parties.rules import How
from registrations.places.rules import Kept
from registrations.places.services import RULES, set_limits
from tests.conftest import NOW
from tests.registrations import make, make_parties
from tests.registrations.make_parties import enter, transfer
from tests.registrations.test_groups import breaches, everything

FOR_CIVIL_SOCIETY = Kept(Mode.ROOM, Sector.CIVIL_SOCIETY, 3)


def limit(event, *, kept=(), most=None, **rules):
    """Set the limits of an event."""

    def save():
        here = db.session.get_one(Event, event.id)
        given = {name: getattr(here, name) for name in RULES} | rules
        set_limits(
            db.session, here, kept=kept, most=most, rules=given, version=None, by=None, now=NOW
        )

    write(save)
    return event


def outcomes(party):
    return [one.outcome for one in party.members]


def test_seats_kept_for_others_are_not_counted_as_left(app):
    event = limit(make.conference(room=5), kept=[FOR_CIVIL_SOCIETY])
    before = everything()
    with pytest.raises(Refusal, match="Det finns 2 platser kvar i salen och ni är 3"):
        make_parties.party(event, 3)
    assert everything() == before
    made = make_parties.party(event, 3, how=How.FIT)
    assert outcomes(made) == ["confirmed", "confirmed", "declined"]
    assert breaches() == []


def test_those_the_seats_are_kept_for_get_them(app):
    event = limit(make.conference(room=5), kept=[FOR_CIVIL_SOCIETY])
    contact = make_parties.CONTACT | {"sector": Sector.CIVIL_SOCIETY, "municipality": None}
    assert outcomes(make_parties.party(event, 5, contact=contact)) == ["confirmed"] * 5
    assert breaches() == []


def test_an_organisation_is_told_how_many_more_it_may_have(app):
    event = limit(make.conference(room=9), most=3)
    make.registration(event, organisation="HABO  kommun", sector=Sector.MUNICIPALITY)
    before = everything()
    with pytest.raises(Refusal, match="Habo kommun kan få 2 platser till, och ni är 3"):
        make_parties.party(event, 3)
    assert everything() == before
    made = make_parties.party(event, 4, how=How.QUEUE)
    assert outcomes(made) == ["confirmed", "confirmed", "declined", "declined"]
    assert set(make.statuses(event)) == {"Berg0", "Linda", "Lindb"}
    assert breaches() == []


def test_where_the_organiser_approves_the_whole_party_waits_for_that(client):
    event = limit(make.conference(room=1), approval=True)
    made = make_parties.party(event, 3)
    assert outcomes(made) == ["pending"] * 3
    page = enter(client, made).text
    assert page.count("Väntar på besked") == 4
    assert "/byt" not in page
    assert breaches() == []


def test_a_place_goes_over_though_the_organisation_has_all_it_may(app):
    event = limit(make.conference(room=4), most=1, kept=[FOR_CIVIL_SOCIETY])
    person = make.registration(
        event, organisation="Habo kommun", sector=Sector.MUNICIPALITY, municipality="0643"
    )
    pools = [(pool.id, pool.taken) for pool in seats.of_event(db.session, event.id)]
    new = transfer(person)
    assert new.status == "confirmed"
    db.session.rollback()
    assert [(pool.id, pool.taken) for pool in seats.of_event(db.session, event.id)] == pools
    own = db.session.query(Pool).filter(Pool.organisation_key.is_not(None)).one()
    assert own.taken == 1
    assert breaches() == []


def test_with_approval_a_place_that_is_had_goes_over_at_once(app):
    event = make.conference(room=2)
    person = make.registration(event)
    limit(event, approval=True)
    assert transfer(person).status == "confirmed"
    assert make.statuses(event) == {"Berg0": "cancelled", "Kollega": "confirmed"}


def test_left_out_people_are_kept_by_name_only(app):
    event = make.conference(room=1)
    make_parties.party(event, 2, how=How.FIT)
    assert db.session.query(Registration).filter_by(last_name="Lindb").count() == 0
