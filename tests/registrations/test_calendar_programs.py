"""Every calendar we serve and every letter with an entry, read by programs that people use.

Which these are is asked of the application: an address or a kind of letter that is new is read
here too, or the test says that it is missing.
"""

import re
from datetime import timedelta

import icalendar
import pytest
import sqlalchemy as sa

from core.db import db, write
from core.outbox.models import Outbox
from core.outbox.services import enqueue
from events.models import Event
from events.queries.releases import latest_release
from events.rules import State, WaitingRule
from registrations import services
from registrations.calendars.entries import uid_of
from registrations.doubles.services import merge
from registrations.invitations import services as invitations
from registrations.models import Invitation, Registration
from registrations.placement.services.settings import move
from registrations.rules import Status
from registrations.services.telling import tell
from tests import world
from tests.calendar_readers import agreed
from tests.conftest import NOW, open_client
from tests.events import make as events
from tests.registrations import make, make_invitations, make_parties, make_seminars
from tests.registrations.make_lists import user
from tests.registrations.test_calendar_mail import cancel, change, invitation, set_state

OURS = re.compile(rb"http://localhost/[^\s\\,]+")
# Which letters bring an entry, and what it is for: one that is new stands here or below.
ENTRIES = {
    "registration.receipt": {"REQUEST", "CANCEL"},
    "registration.already": {"REQUEST", "CANCEL"},
    "registration.changed": {"REQUEST", "CANCEL"},
    "registration.approved": {"REQUEST", "CANCEL"},
    "registration.offered": {"CANCEL"},
    "registration.promoted": {"REQUEST"},
    "registration.cancelled": {"CANCEL"},
    "registration.declined": {"CANCEL"},
    "registration.offer_ended": {"CANCEL"},
    "placement.placed": {"REQUEST"},
    "event.news": {"REQUEST", "CANCEL"},
    "event.changed": {"REQUEST"},
    "event.state": {"CANCEL"},
    "invitation.sent": {"PUBLISH"},
    "invitation.reminder": {"PUBLISH"},
    "invitation.accepted": {"PUBLISH"},
    "invitation.news": {"PUBLISH"},
}
WITHOUT = {
    "mailing.letter", "mailing.trial", "party.receipt", "registration.calendar_declined",
    "registration.links", "registration.own_feed", "registration.unproven",
    "speaking.invitation", "speaking.missing", "speaking.news", "speaking.off", "speaking.reminder",
}  # fmt: skip


@pytest.fixture
def app(make_app):
    """Without bounds: one person gets more letters here than a day brings."""
    made = make_app(GUARDS="off")
    with made.app_context():
        yield made


def unfolded(body):
    return body.replace(b"\r\n ", b"")


def test_every_calendar_is_read_alike_and_its_addresses_answer(app):
    place = world.build("jonkoping")
    browser = open_client(app)
    assert browser.get(f"/min-anmalan/{place.tokens['registration']}").status_code == 303
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.endswith(".ics")]
    assert len(rules) >= 7
    ours, feeds = set(), set()
    for rule in rules:
        for language in ("", "/en"):
            address = language + world.address(app, rule, place)
            answer = browser.get(address)
            assert answer.status_code == 200, address
            assert answer.content_type == "text/calendar; charset=utf-8", address
            assert agreed(answer.data), address
            assert icalendar.Calendar.from_ical(answer.data)["METHOD"] == "PUBLISH"
            assert b"ATTENDEE" not in answer.data
            ours |= set(OURS.findall(unfolded(answer.data)))
            if b"REFRESH-INTERVAL" in answer.data:
                feeds.add(address)
    kinds = {address.rpartition(b".")[2] for address in ours}
    assert {b"pdf", b"svg"} <= kinds, "the programme and the mark"
    for address in ours:
        with browser.get(address.decode(), follow_redirects=True) as answer:
            assert answer.status_code == 200, address

    write(lambda: db.session.execute(sa.update(Event).values(
        starts=NOW - timedelta(days=800), ends=NOW - timedelta(days=799)
    )))  # fmt: skip
    app.extensions["page_cache"].pages.clear()
    empty = {address for address in feeds if not agreed(browser.get(address).data)}
    for name in ("/kalender.ics", "/personalkalender", "/min-kalender"):
        assert sum(name in address for address in empty) == 2, "in both languages"


class Told:
    """The letters as they come, each read by all the programs."""

    def __init__(self, post):
        self.post = post
        self.kinds = {}
        self.entries = {}

    def __call__(self):
        """The kinds of the letters that have come, with what their entries are for."""
        mails, found = self.post(), []
        db.session.rollback()
        rows = {row.message_id: row for row in db.session.scalars(sa.select(Outbox))}
        for mail in mails:
            row = rows[mail["Message-ID"]]
            method, entry = read_over(mail, row)
            found.append((row.kind, method))
            if method:
                self.kinds.setdefault(row.kind, set()).add(method)
            if method in {"REQUEST", "CANCEL"}:
                self.grows(method, entry)
        return found

    def grows(self, method, entry):
        """The number never falls, and is higher where what people go by is another."""
        names = ("DTSTART", "DTEND", "SUMMARY", "LOCATION", "STATUS", "DESCRIPTION")
        said = (method, *(entry[name].to_ical() for name in names))
        before, number = self.entries.get(entry["UID"], (said, -1))
        assert entry["SEQUENCE"] > number or (entry["SEQUENCE"] == number and said == before)
        self.entries[entry["UID"]] = (said, entry["SEQUENCE"])


def read_over(mail, row):
    """What the entry of a letter is for, and the entry; that it is right is seen to here."""
    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    if not parts:
        assert not [part for part in mail.walk() if "ics" in str(part.get_filename())]
        return "", None
    [part] = parts
    body = part.get_payload(decode=True)
    [entry] = agreed(body)
    method = str(icalendar.Calendar.from_ical(body)["METHOD"])
    parameters = part["Content-Type"].params
    assert (parameters["charset"], parameters["method"]) == ("utf-8", method)
    assert row.calendar == (method if method != "PUBLISH" else "")
    if method == "PUBLISH":
        event = db.session.get_one(Invitation, row.payload["invitation"]).event
        assert (entry["UID"], entry["SEQUENCE"]) == (event.uid, event.sequence)
        assert "ATTENDEE" not in entry
    else:
        invitation(mail)
        person = db.session.get_one(Registration, row.payload["registration"])
        event, release = person.event, latest_release(db.session, person.event_id)
        number = event.sequence + person.sequence + (release.number if release else 0)
        assert mail["To"] == person.email
        assert (entry["UID"], entry["SEQUENCE"]) == (uid_of(person), number)
        assert (method == "CANCEL") == (entry["STATUS"] == "CANCELLED")
        stands = entry["ATTENDEE"].params["PARTSTAT"]
        assert method == "CANCEL" or stands in {"ACCEPTED", "NEEDS-ACTION"}
    times = (entry.decoded("DTSTART"), entry.decoded("DTEND"))
    assert times == (event.starts, event.ends)
    return method, entry


def on(thing, verb, *args, **facts):
    """Do `verb` to a thing as it stands now."""
    write(lambda: verb(db.session, db.session.get_one(type(thing), thing.id), *args, **facts))


def from_first_to_last(told):
    event = make.conference(
        title="Två dagar, om å; ä och ö " + "å" * 60, online=9,
        ends=events.STARTS + timedelta(days=1, hours=7), lead="Rad ett\nrad två\\ ; ,",
    )  # fmt: skip
    first, second = make.parallel(event)
    person = make.registration(event, first_name='Åsa "Ö"; ,', choices=(first.id,))
    make.registration(event, 1, mode="online", language="en")
    make.registration(event, 2, protected=True)
    told()
    for number in (1, 2):
        cancel(make.registration(event, number, protected=number == 2))
    starts = event.starts
    for what in (
        {"starts": starts + timedelta(hours=1)}, {"title": "Nytt namn"},
        {"venue_name": "Elmia; sal, A"}, {"starts": starts},
    ):  # fmt: skip
        change(event, **what)
        told()
    on(person, services.change, facts={}, choices=(second.id,), by=None, now=NOW)
    told()
    make.registration(event, first_name='Åsa "Ö"; ,')
    told()
    on(person, services.cancel, now=NOW)
    told()
    make.registration(event, first_name='Åsa "Ö"; ,')
    for state in (State.POSTPONED, State.PUBLISHED, State.CANCELLED):
        set_state(event, state)
        told()


def a_place_that_becomes_free(told):
    event = make.conference(room=1)
    person = make.registration(event, 1)
    make.registration(event, 2)
    told()
    cancel(person)
    told()
    offering = make.conference(room=1, waiting_rule=WaitingRule.OFFERED)
    person, waits = (make.registration(offering, n) for n in (1, 2))
    cancel(person)
    told()
    on(waits, services.accept_offer, now=NOW)
    told()


def approved(told):
    person = make.registration(make.conference(approval=True))
    told()
    on(person, services.approve, by=user("organiser.jonkoping@example.se"), now=NOW)
    told()


def back_in_the_queue(told):
    """Who had a place, gave it up and waits now is rid of the entry with the first letter."""

    def waiting(**more):
        event = make.conference(room=1, **more)
        person = make.registration(event)
        told()
        on(person, services.cancel, now=NOW, notify=False)
        other = make.registration(event, 2)
        again = make.registration(event, notify=False)
        assert again.id == person.id
        return event, person, other

    for kind in ("receipt", "changed", "already"):
        _event, person, _other = waiting()
        on(person, tell, kind, now=NOW)
        told()
    on(person, services.change, facts={"organisation": "Annan"}, by=None, now=NOW)
    assert told() == [("registration.changed", "")], "it is gone already"
    event, _person, _other = waiting()
    change(event, starts=event.starts + timedelta(hours=1))
    told()
    for late in (False, True):
        event, _person, other = waiting(waiting_rule=WaitingRule.OFFERED)
        cancel(other)
        if late:
            write(lambda: db.session.execute(sa.update(Registration).values(offered_until=NOW)))
            on(event, services.end_offers, now=NOW)
        told()
    by = user("organiser.jonkoping@example.se")
    for verb, more in ((services.approve, {}), (services.decline, {"reason": "Fullt"})):
        _event, person, _other = waiting()

        def asked_again(person=person):
            db.session.get_one(Registration, person.id).status = Status.PENDING

        write(asked_again)
        on(person, verb, by=by, now=NOW, **more)
        told()


def two_that_become_one(told):
    event = make.conference()
    kept, gone = (make.registration(event, n) for n in (1, 2))
    told()
    versions = (make.again(kept).version, make.again(gone).version)
    write(lambda: merge(
        db.session, db.session.get_one(Registration, kept.id),
        db.session.get_one(Registration, gone.id), facts={"organisation": "Annan"},
        versions=versions, by=user("organiser.jonkoping@example.se"), now=NOW,
    ))  # fmt: skip
    assert sorted(told()) == [
        ("registration.cancelled", "CANCEL"), ("registration.changed", "REQUEST"),
    ]  # fmt: skip


def by_somebody_else(told):
    event = make.conference()
    make_parties.party(event, 2)
    make_parties.transfer(make.registration(event))
    told()
    council = make_invitations.council()
    asked = make_invitations.invitation(council)
    told()
    write(lambda: db.session.execute(sa.update(Invitation).values(sent=NOW - timedelta(days=2))))
    on(asked, invitations.remind, by=None, now=NOW)
    told()
    make_invitations.accepted(asked, make_invitations.PEOPLE[:2])
    told()
    change(council, starts=council.starts + timedelta(hours=1))
    told()
    set_state(council, State.CANCELLED)
    told()


def seminars(told):
    event, items = make_seminars.seminars()
    person = make_seminars.wishing(event, 1, make_seminars.asked(items[0].id), notify=True)
    told()
    make_seminars.place(event)
    told()
    on(person, move, group=make_seminars.GROUP, to=items[1].id, reason="Rum", by=None, now=NOW)
    on(person, tell, "changed", now=NOW)
    told()


def letters_of_an_older_release_of_ours(told):
    event = make.conference()
    person = make.registration(event)

    def put(kind, payload):
        write(lambda: enqueue(
            db.session, kind=kind, to=person.email, now=NOW, about=f"registration:{person.id}",
            payload={"registration": person.id, **payload},
        ))  # fmt: skip

    put("event.changed", {"changed": ["starts"]})
    told()
    set_state(event, State.CANCELLED)
    put("event.state", {})
    told()


def without_an_entry(told):
    world.build("skane")
    told()


def test_every_letter_with_an_entry_is_read_alike(app, post, staff):
    staff("organiser")
    told = Told(post)
    for story in (
        from_first_to_last, a_place_that_becomes_free, approved, back_in_the_queue,
        two_that_become_one, by_somebody_else, seminars, letters_of_an_older_release_of_ours,
        without_an_entry,
    ):  # fmt: skip
        story(told)
    assert told.kinds == ENTRIES
    assert ENTRIES.keys() | WITHOUT == app.extensions["letter_writers"].keys()
