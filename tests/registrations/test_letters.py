"""The letters, read as a person reads them."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.db import db, write
from core.outbox.models import Outbox
from core.outbox.rules import State as MailState
from events import services as event_services
from events.models import Event
from events.rules import Mode, State
from registrations import services
from registrations.models import Registration
from registrations.rules import Source
from tests.conftest import NOW
from tests.registrations import make

RECEIPT = """\
Hej Ada Berg0!

Tack för din anmälan! Du har en plats.

Vad: Mottagande och etablering
När: torsdag 4 mars 2027 kl. 09.30–16.00
Var: Folkets hus, Södergatan 5, Jönköping
Ditt val: 09.30–10.30 Ensamkommande barn

HITTA DIT

Gå in från gården.

I lokalen finns stegfri entré, hörslinga.

Får du förhinder? Ändra eller avanmäl dig senast torsdag 25 februari 2027, så kan någon annan få \
platsen. Länken är din egen: dela den inte.

Din anmälan:
http://localhost/min-anmalan/
"""


def text_of(mail):
    return mail.get_body(("plain",)).get_content().replace("\r\n", "\n")


def on_event(event, verb, *args, **facts):
    write(lambda: verb(db.session, db.session.get_one(Event, event.id), *args, **facts))


def change(event, **facts):
    on_event(event, event_services.change_event, facts=facts, by=None, now=NOW)


def set_state(event, state, note=""):
    on_event(event, event_services.set_state, state, note=note, by=None, now=NOW)


def test_the_receipt_says_all_that_is_needed_in_words(app, post):
    event = make.conference(
        directions="Gå in från gården.", step_free=True, hearing_loop=True,
        cancel_by=make.events.STARTS - timedelta(days=7),
    )  # fmt: skip
    few, _many = make.parallel(event)
    make.registration(event, choices=(few.id,), needs={"diet": "Celiaki"})
    [mail] = post()
    text = text_of(mail)
    assert text.lstrip().startswith(RECEIPT.rstrip())
    assert "Frågor: Karin Ek, 010-223 60 00, karin.ek@example.se" in text
    assert "Celiaki" not in mail.as_string()
    assert mail["Reply-To"] == "karin.ek@example.se"
    html = mail.get_body(("html",)).get_content()
    assert "torsdag 4 mars 2027 kl. 09.30–16.00" in html
    days = make.conference(slug="dagar", ends=make.events.STARTS + timedelta(days=1, hours=6))
    few, _many = make.parallel(days)
    make.registration(days, choices=(few.id,))
    assert "Ditt val: 4 mars 2027 09.30–10.30 Ensamkommande barn" in text_of(*post())
    [calendar] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert calendar["Content-Type"].params["method"] == "REQUEST"
    assert f"UID:{event.uid}" in calendar.get_payload(decode=True).decode()
    [file] = mail.iter_attachments()
    assert (file.get_content_type(), file.get_filename()) == ("application/ics", "kalender.ics")


def test_who_waits_is_told_where_in_the_queue_and_gets_no_calendar_file(app, post):
    event = make.conference(room=1)
    make.registration(event, 1)
    make.registration(event, 2)
    mail = post()[1]
    assert mail["Subject"] == "Du står på reservlistan: Mottagande och etablering"
    assert "Du står som nummer 1 på reservlistan." in text_of(mail)
    assert "HITTA DIT" not in text_of(mail)
    assert not [part for part in mail.walk() if part.get_content_type() == "text/calendar"]


def test_a_letter_tells_how_things_stand_when_it_goes(app, post):
    event = make.conference(room=1)
    first = make.registration(event, 1)
    make.registration(event, 2)
    write(lambda: services.cancel(db.session, db.session.get_one(Registration, first.id), now=NOW))
    subjects = [(mail["To"].split("@")[0], mail["Subject"].split(":")[0]) for mail in post()]
    assert subjects == [("ada.berg1", "Du är avanmäld"), ("ada.berg2", "Du har fått en plats")]
    states = [row.state for row in db.session.scalars(sa.select(Outbox).order_by(Outbox.id))]
    assert states.count(MailState.SUPERSEDED) == 2


def test_a_new_time_is_told_to_everybody_once(app, post):
    event = make.conference(room=1)
    make.registration(event, 1)
    make.registration(event, 2)
    post()
    change(event, starts=event.starts + timedelta(hours=1))
    change(event, venue_name="Spira")
    mails = post()
    assert [mail["To"] for mail in mails] == ["ada.berg1@example.se", "ada.berg2@example.se"]
    assert mails[0]["Subject"] == "Ändrat: Mottagande och etablering"
    assert "kl. 10.30–16.00" in text_of(mails[0])
    assert "Spira" in text_of(mails[0])
    assert "nummer 1 på reservlistan" in text_of(mails[1])


def test_what_does_not_concern_one_is_not_mailed(app, post):
    event = make.conference(online=10)
    make.registration(event, 1)
    make.registration(event, 2, mode=Mode.ONLINE)
    post()
    change(event, online_url="https://mote.example.se/annat")
    assert [mail["To"] for mail in post()] == ["ada.berg2@example.se"]
    change(event, venue_name="Spira")
    assert [mail["To"] for mail in post()] == ["ada.berg1@example.se"]
    change(event, lead="En ny ingress")
    assert post() == []


def test_who_has_cancelled_hears_no_more(app, post):
    event = make.conference()
    person = make.registration(event)
    write(lambda: services.cancel(db.session, db.session.get_one(Registration, person.id), now=NOW))
    post()
    set_state(event, State.CANCELLED)
    assert post() == []


@pytest.mark.parametrize(
    ("state", "subject", "says", "status"),
    [
        (State.CANCELLED, "INSTÄLLT", "Du behöver inte avanmäla dig.", "CANCELLED"),
        (State.POSTPONED, "FRAMFLYTTAT", "Ny tid: Inte bestämd än.", "TENTATIVE"),
    ],
)
def test_what_is_called_off_or_moved_is_told_with_the_reason(
    app, post, state, subject, says, status
):
    event = make.conference()
    make.registration(event)
    post()
    set_state(event, state, "Lokalen är stängd.")
    [mail] = post()
    assert mail["Subject"] == f"{subject}: Mottagande och etablering"
    assert says in text_of(mail)
    assert "Lokalen är stängd." in text_of(mail)
    [calendar] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert f"STATUS:{status}" in calendar.get_payload(decode=True).decode()


def test_what_is_moved_to_a_new_time_is_told_in_one_letter(app, post):
    event = make.conference()
    make.registration(event)
    post()
    on_event(
        event, event_services.postpone, starts=event.starts + timedelta(days=7), ends=None,
        note="", by=None, now=NOW,
    )  # fmt: skip
    [mail] = post()
    assert mail["Subject"].startswith("FRAMFLYTTAT")
    assert "Ny tid: torsdag 11 mars 2027 kl. 09.30–16.00" in text_of(mail)


def test_what_is_on_again_is_told_too(app, post):
    event = make.conference()
    make.registration(event)
    set_state(event, State.CANCELLED)
    post()
    set_state(event, State.PUBLISHED)
    [mail] = post()
    assert mail["Subject"] == "Blir av: Mottagande och etablering"


def test_a_person_with_protected_identity_is_not_named(app, post):
    make.registration(make.conference(), 7, protected=True)
    [mail] = post()
    assert "Berg7" not in mail.as_string().replace("ada.berg7", "")
    [calendar] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert "Berg7" not in calendar.get_payload(decode=True).decode()


def test_nothing_is_mailed_about_what_is_over(app, post):
    event = make.conference(registration_closes=None)
    make.registration(event, source=Source.STAFF, now=NOW)
    write(
        lambda: db.session.execute(
            sa.update(Event).values(starts=NOW - timedelta(days=2), ends=NOW - timedelta(days=1))
        )
    )
    assert post() == []
    change(event, title="Rättad titel")
    assert post() == []
