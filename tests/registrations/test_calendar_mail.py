"""Case D1: an event in somebody's own calendar by mail; the whole story is in `_programs`."""

from datetime import timedelta

import icalendar
import pytest

from core.db import db, write
from core.outbox.models import Outbox
from events import services as event_services
from events.models import Event
from registrations import services
from registrations.models import Registration
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
