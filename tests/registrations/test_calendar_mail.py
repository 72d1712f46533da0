"""Case D1: an event in somebody's own calendar by mail, from the first invitation to the last."""

import re
from datetime import timedelta
from pathlib import Path

import icalendar
import pytest

from core.db import db, write
from core.outbox.models import Outbox
from core.outbox.worker import run_once
from events import services as event_services
from events.models import Event
from events.rules import State
from registrations import services
from registrations.models import Registration
from registrations.rules import Status
from tests.conftest import NOW
from tests.registrations import make


@pytest.fixture
def app(make_app):
    """Without bounds: one person gets more letters here than a day brings."""
    made = make_app(GUARDS="off")
    with made.app_context():
        yield made


def change(event, **facts):
    write(lambda: event_services.change_event(
        db.session, db.session.get_one(Event, event.id), facts=facts, by=None, now=NOW
    ))  # fmt: skip


def set_state(event, state):
    write(lambda: event_services.set_state(
        db.session, db.session.get_one(Event, event.id), state, by=None, now=NOW
    ))  # fmt: skip


def cancel(person):
    write(lambda: services.cancel(
        db.session, db.session.get_one(Registration, person.id), now=NOW
    ))  # fmt: skip


def invitation(mail):
    """The VEVENT of a mail; that MIME and body agree and nobody else is named is seen to here."""
    [alternative] = [p for p in mail.walk() if p.get_content_type() == "multipart/alternative"]
    kinds = [part.get_content_type() for part in alternative.iter_parts()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    part = list(alternative.iter_parts())[-1]
    raw = part.get_payload(decode=True)
    calendar = icalendar.Calendar.from_ical(raw)
    parameters = dict(part["Content-Type"].params)
    assert parameters == {"charset": "utf-8", "method": str(calendar["METHOD"])}
    [file] = [p for p in mail.iter_attachments() if p.get_content_type() == "application/ics"]
    assert file.get_payload(decode=True) == raw
    [event] = calendar.walk("VEVENT")
    assert str(event["ATTENDEE"]).casefold() == f"mailto:{mail['To']}".casefold()
    sender = mail["From"].addresses[0].addr_spec
    assert str(event["ORGANIZER"]) == f"mailto:{sender}"
    return event


def method(mail):
    [part] = [p for p in mail.walk() if p.get_content_type() == "text/calendar"]
    return part["Content-Type"].params["method"]


def test_one_identity_and_a_growing_number_through_all_that_happens(app, post):
    event = make.conference()
    starts = event.starts
    person = make.registration(event)
    told = []

    def told_of(what=lambda: None):
        what()
        [mail] = post()
        told.append((method(mail), invitation(mail)))

    told_of()
    told_of(lambda: change(event, starts=starts + timedelta(hours=1)))
    told_of(lambda: change(event, title="Nytt namn"))
    told_of(lambda: change(event, venue_name="Elmia"))
    told_of(lambda: change(event, starts=starts))
    told_of(lambda: set_state(event, State.POSTPONED))
    told_of(lambda: set_state(event, State.PUBLISHED))
    told_of(lambda: cancel(person))
    told_of(lambda: make.registration(event))
    told_of(lambda: set_state(event, State.CANCELLED))
    assert [kind for kind, _entry in told] == ["REQUEST"] * 7 + ["CANCEL", "REQUEST", "CANCEL"]
    assert len({str(entry["UID"]) for _kind, entry in told}) == 1
    numbers = [entry["SEQUENCE"] for _kind, entry in told]
    assert numbers == sorted(set(numbers))
    assert [str(entry["STATUS"]) for _kind, entry in told] == [
        *["CONFIRMED"] * 5, "TENTATIVE", "CONFIRMED", "CANCELLED", "CONFIRMED", "CANCELLED",
    ]  # fmt: skip
    answers = {entry["ATTENDEE"].params["PARTSTAT"] for kind, entry in told if kind == "REQUEST"}
    assert answers == {"ACCEPTED"}
    assert told[-1][1]["SUMMARY"] == "INSTÄLLT – Nytt namn"


def test_colleagues_who_share_a_mailbox_have_an_entry_each(app, post):
    event = make.conference()
    people = [make.registration(event, n, email="kansli@example.se") for n in range(2)]
    entries = [invitation(mail) for mail in post()]
    assert [str(one["ATTENDEE"].params["CN"]) for one in entries] == ["Ada Berg0", "Ada Berg1"]
    assert entries[0]["UID"] != entries[1]["UID"]
    cancel(people[0])
    [mail] = post()
    assert (method(mail), invitation(mail)["UID"]) == ("CANCEL", entries[0]["UID"])


def test_a_letter_that_waited_says_how_things_stand_when_it_goes(app, post):
    """The invitation is queued, then the event moves twice and back: one mail, the last word."""
    event = make.conference()
    starts = event.starts
    person = make.registration(event, notify=False)
    change(event, starts=starts + timedelta(hours=2))
    change(event, title="Annan titel")
    write(lambda: db.session.query(Outbox).update({"next_try": NOW + timedelta(days=1)}))
    change(event, starts=starts + timedelta(hours=3))
    mails = post()
    entry = invitation(mails[-1])
    assert [mail["To"] for mail in mails] == [person.email]
    assert entry.decoded("DTSTART") == starts + timedelta(hours=3)
    write(lambda: db.session.query(Outbox).update({"next_try": NOW}))
    assert post() == [], "an older one went after a newer"


def test_who_comes_back_to_the_queue_loses_the_entry(app, post):
    event = make.conference(room=1)
    person = make.registration(event)
    [mail] = post()
    first = invitation(mail)
    cancel(person)
    make.registration(event, 2)
    again = make.registration(event)
    assert again.status is Status.WAITING
    mails = {mail["To"]: mail for mail in post()}
    gone = invitation(mails[person.email])
    assert (method(mails[person.email]), gone["UID"]) == ("CANCEL", first["UID"])
    assert gone["SEQUENCE"] > first["SEQUENCE"]
    write(lambda: services.change(
        db.session, db.session.get_one(Registration, person.id),
        facts={"organisation": "Annan"}, choices=None, needs=None, by=None, now=NOW,
    ))  # fmt: skip
    [mail] = post()
    assert not [p for p in mail.walk() if p.get_content_type() == "text/calendar"]


def test_a_protected_person_is_not_named_in_the_invitation(app, post):
    event = make.conference()
    make.registration(event, 7, protected=True)
    [mail] = post()
    entry = invitation(mail)
    assert "CN" not in entry["ATTENDEE"].params
    assert "Berg7" not in entry["DESCRIPTION"]


def test_of_parallel_items_the_invitation_tells_only_the_chosen(app, post):
    event = make.conference()
    first, _second = make.parallel(event)
    make.registration(event, 0, choices=(first.id,))
    make.registration(event, 1)
    chosen, undecided = (invitation(mail)["DESCRIPTION"] for mail in post())
    assert "Ensamkommande barn" in chosen
    assert "Bostäder på kort tid" not in chosen
    assert "09.30–10.30 Parallella programpunkter: välj på din sida" in undecided
    assert "Ensamkommande barn" not in undecided


@pytest.mark.parametrize(
    "name", ['x"\r\nATTENDEE:mailto:b@evil.example', "=?utf-8?q?=0d=0aBcc:?= x"]
)
def test_no_name_adds_an_attendee_or_a_header(app, post, tmp_path, name):
    event = make.conference(title=f"Titel {name}")
    person = make.registration(event, first_name=name)
    [mail] = post()
    invitation(mail)
    [path] = (Path(tmp_path) / "mail").glob("*.eml")
    raw = path.read_bytes()
    head = raw.partition(b"\r\n\r\n")[0]
    assert re.findall(rb"(?im)^(bcc|cc|to):", head) == [b"To"]
    assert person.email.encode() in head
    assert run_once() == 0
