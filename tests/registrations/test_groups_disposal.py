"""What is kept of a group goes with the rest, by the same decisions."""

from datetime import timedelta

from core.db import db, write
from events.models import Event
from registrations.models import Registration
from registrations.parties.models import Party, PartyMember
from registrations.parties.rules import How
from registrations.rules import DataKind
from tests.events.make import NOW
from tests.registrations import make, make_parties
from tests.registrations.test_disposal import count, decide, run


def held(app, how):
    """A party of three at an event with two seats that is over."""
    event = make.conference(room=2)
    party = make_parties.party(event, 3, how=how)
    link = make_parties.path(party)

    def move():
        row = db.session.get_one(Event, event.id)
        row.starts, row.ends = NOW - timedelta(days=20, hours=6), NOW - timedelta(days=20)

    write(move)
    return link


def test_with_the_addresses_the_contact_goes_and_the_link_is_dead(app, client):
    link = held(app, How.FIT)
    assert client.get(link).status_code == 303
    decide(DataKind.CONTACT)
    run(app)
    assert count(Party) == count(PartyMember) == 0
    assert count(Registration) == 2
    assert client.get(link).status_code == 404
    assert client.get("/min-grupp").status_code == 404


def test_who_waited_in_vain_is_no_longer_of_the_group_either(app):
    held(app, How.QUEUE)
    assert count(PartyMember) == 3
    decide(DataKind.WAITING_LIST)
    run(app)
    assert count(Registration) == count(PartyMember) == 2
    assert count(Party) == 1
