"""Who a letter comes from: every kind there is, read from the bytes."""

import email
import email.policy

import icalendar

from accounts.models import Authority
from core.db import db, write
from tests import world
from tests.every_letter import CASES, of_every_kind

OWN = "konferens@lansstyrelsen.example.se"


def senders(app, place):
    """The From, Reply-To and ORGANIZER of every kind of letter."""
    found = {}
    for case, raw in of_every_kind(app, place):
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        [sender] = mail["From"].addresses
        organisers = {
            str(entry["ORGANIZER"])
            for part in mail.walk()
            if part.get_content_type() == "text/calendar" and part.get_filename() is None
            for entry in icalendar.Calendar.from_ical(part.get_content()).walk("VEVENT")
        }
        assert organisers <= {f"mailto:{sender.addr_spec}"}, case
        found[case.kind] = (sender.display_name, sender.addr_spec, str(mail["Reply-To"]))
    return found


def test_every_letter_of_an_authority_comes_from_its_own_address(app):
    place = world.build("jonkoping")

    def own_address():
        authority = db.session.get_one(Authority, place.ids["authority"])
        authority.sender_address = OWN
        authority.sender_name = "Konferensgruppen"

    write(own_address)
    own = ("Konferensgruppen", OWN, "karin.ek@example.se")
    assert senders(app, place) == dict.fromkeys({case.kind for case in CASES}, own)
