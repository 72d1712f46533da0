"""Answers that come back by mail: whose they are, which count, and that none frees a seat."""

import contextlib
import re
import socketserver
import threading
import time
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import icalendar
import pytest
import sqlalchemy as sa

from core.db import db, write
from core.outbox.models import Outbox
from core.outbox.rules import State
from events import services as event_services
from events.models import Event
from registrations import own_data
from registrations.calendars import mailbox
from registrations.calendars.answering import take
from registrations.calendars.models import CalendarReply
from registrations.calendars.reading import NoReply, read
from registrations.calendars.rules import MOST_BYTES, MOST_REPLIES, Answer, Standing
from tests.calendar_readers import agreed
from tests.conftest import NOW
from tests.core.test_bounces import report
from tests.reading import forms
from tests.registrations import make


@pytest.fixture
def app(make_app):
    """Without bounds: one person gets more letters here than an hour brings."""
    made = make_app(GUARDS="off")
    with made.app_context():
        yield made


def invitation(mail):
    [part] = [p for p in mail.walk() if p.get_content_type() == "text/calendar"]
    [event] = agreed(part.get_payload(decode=True))
    return event


def answer(to, partstat, *, sender=None, minutes=1, **more):
    """The mail that a calendar program sends back."""
    attendee = str(to["ATTENDEE"]).removeprefix("mailto:")
    event = icalendar.Event()
    for name in ("UID", "SEQUENCE", "DTSTART", "ORGANIZER"):
        event.add(name, more.get(name, to[name]), encode=0)
    event.add("DTSTAMP", NOW + timedelta(minutes=minutes))
    who = icalendar.vCalAddress(f"mailto:{more.get('attendee', attendee)}")
    who.params["PARTSTAT"] = partstat
    event.add("ATTENDEE", who, encode=0)
    event.add("COMMENT", more.get("comment", "Tyvärr, jag är sjuk"))
    calendar = icalendar.Calendar()
    calendar.add("PRODID", "-//Prov//SV")
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", "REPLY")
    calendar.add_component(event)
    message = EmailMessage()
    message["From"] = sender or attendee
    message["To"] = str(to["ORGANIZER"]).removeprefix("mailto:")
    message["Subject"] = "Svar"
    message.set_content("Svar")
    message.add_alternative(
        calendar.to_ical().decode(), subtype="calendar", params={"method": "REPLY"}
    )
    return message.as_bytes()


def taken(raw):
    return write(lambda: take(db.session, raw, now=NOW)).standing


def test_an_answer_is_kept_with_its_mail_and_no_seat_is_freed(app, client, post, staff, tmp_path):
    event = make.conference(room=1)
    person = make.registration(event)
    waits = make.registration(event, 2)
    to = invitation(post()[0])
    raw = answer(to, "DECLINED")
    file = tmp_path / "svar.eml"
    file.write_bytes(raw)
    for _twice in range(2):
        done = app.test_cli_runner().invoke(args=["calendar", "reply", str(file)])
        assert done.output == f"{file}: kommer inte (gäller)\n", done.output
    [kept] = db.session.scalars(sa.select(CalendarReply)).all()
    assert (kept.answer, kept.body, kept.comment) == (Answer.DECLINED, raw, "Tyvärr, jag är sjuk")
    assert make.statuses(event) == {"Berg0": "confirmed", "Berg2": "waiting"}
    [mail] = post()
    assert (mail["To"], mail["Subject"]) == (
        person.email, "Vill du avanmäla dig? Mottagande och etablering",
    )  # fmt: skip
    organiser = staff("organiser")
    page = organiser.get(f"/arbeta/evenemang/{event.id}/kalendersvar").text
    assert "kommer inte" in page
    assert "Ada Berg0" in page
    [proof] = [form for form in forms(page) if "kalendersvar" in form["action"]]
    assert organiser.post(proof["action"], data=proof["fields"]).data == raw
    assert waits.email not in page
    assert taken(answer(to, "ACCEPTED", minutes=5)) is Standing.COUNTS
    assert taken(answer(to, "TENTATIVE", minutes=3)) is Standing.OUTRUN, "older than the last"
    told = write(lambda: own_data.extract(db.session, kept.registration, now=NOW))["calendar"]
    assert told["own_feed"] is None
    assert [(row["answer"], row["comment"]) for row in told["replies"]] == [
        (answered, "Tyvärr, jag är sjuk") for answered in ("declined", "accepted", "tentative")
    ]


def test_who_is_not_the_invited_changes_nothing(app, post):
    event = make.conference()
    make.registration(event)
    other = make.registration(event, 1)
    to, _theirs = (invitation(mail) for mail in post())
    for raw in (
        answer(to, "DECLINED", sender="evil@example.org"),
        answer(to, "DECLINED", sender=other.email, attendee=other.email),
        answer(to, "DECLINED", attendee=other.email),
    ):
        assert taken(raw) is Standing.STRANGER
    for uid in (event.uid, f"{event.uid}.{'0' * 32}", "x", "", "a" * 5000):
        with pytest.raises(NoReply):
            taken(answer(to, "DECLINED", UID=uid))
    assert post() == [], "nobody is written to for what a stranger sends"
    assert set(make.statuses(event).values()) == {"confirmed"}


def test_an_answer_to_another_time_does_not_count(app, post):
    event = make.conference()
    starts = event.starts
    make.registration(event)
    to = invitation(post()[0])
    write(lambda: event_services.change_event(
        db.session, db.session.get_one(Event, event.id), by=None, now=NOW,
        facts={"starts": starts + timedelta(hours=1)},
    ))  # fmt: skip
    assert taken(answer(to, "DECLINED")) is Standing.OUTRUN
    moved = invitation(post()[-1])
    assert moved["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert taken(answer(moved, "DECLINED", SEQUENCE=999)) is Standing.OUTRUN
    assert taken(answer(moved, "TENTATIVE")) is Standing.COUNTS
    write(lambda: event_services.change_event(
        db.session, db.session.get_one(Event, event.id), by=None, now=NOW,
        facts={"title": "Nytt"},
    ))  # fmt: skip
    assert invitation(post()[-1])["ATTENDEE"].params["PARTSTAT"] == "TENTATIVE"


def test_what_is_no_answer_is_not_kept_and_nobody_fills_the_table(app, post):
    event = make.conference()
    make.registration(event)
    to = invitation(post()[0])
    good = answer(to, "ACCEPTED")
    for raw in (
        b"", b"\x00\xff" * 50, good.replace(b"METHOD:REPLY", b"METHOD:REQUEST"),
        good.replace(b"PARTSTAT=ACCEPTED", b"PARTSTAT=DELEGATED"), good[: len(good) // 2],
        good.replace(b"DTSTAMP:", b"DTSTAMP;X=1:x"), good + b"x" * MOST_BYTES,
    ):  # fmt: skip
        with pytest.raises(NoReply):
            taken(raw)
    assert db.session.scalar(sa.select(sa.func.count(CalendarReply.id))) == 0
    for number in range(MOST_REPLIES):
        taken(answer(to, "DECLINED", minutes=number))
    with pytest.raises(NoReply):
        taken(answer(to, "DECLINED", minutes=99))
    assert len(post()) == 1, "one letter a day, whatever comes in"


BODY = (
    "Content-Type: text/calendar; method=REPLY{more}\nFrom: {sender}\n\nBEGIN:VCALENDAR\n"
    "METHOD:REPLY\n{zone}BEGIN:VEVENT\nUID:a\nATTENDEE;PARTSTAT=DECLINED:mailto:a@b.se\n"
    "DTSTAMP:20260101T000000Z\nDTSTART{starts}\nEND:VEVENT\nEND:VCALENDAR\n"
)  # fmt: skip


def mailed(more="", sender="a@b.se", zone="", starts=":20260701T080000Z"):
    return BODY.format(more=more, sender=sender, zone=zone, starts=starts).encode()


def test_no_sender_keeps_the_one_who_reads_busy(app):
    began = time.process_time()
    assert read(mailed(sender="Eva <a@b.se>")).sender == "a@b.se"
    for sign in ("a,", "<", '"', "(", ":;", "=?utf-8?q?=00?= ", "é"):
        with pytest.raises(NoReply):
            read(mailed(sender=sign * 60_000)[-MOST_BYTES:])
    with contextlib.suppress(NoReply):
        read(mailed(more=";a=b" * 30_000))
    for starts in (";X=1" * 30_000 + ":x", ';X="' + "a," * 60_000, ":" + "2" * 120_000):
        with pytest.raises(NoReply):
            read(mailed(starts=starts))
    assert time.process_time() - began < 3


def test_a_time_zone_of_theirs_is_neither_made_nor_remembered(app):
    """Else it would be that of the next answer too, and one that changes each minute is slow."""
    zone = (
        "BEGIN:VTIMEZONE\nTZID:{name}\nBEGIN:STANDARD\nDTSTART:19701025T030000\n"
        "TZOFFSETFROM:+0200\nTZOFFSETTO:{offset}\n{rule}\nEND:STANDARD\nEND:VTIMEZONE\n"
    )
    at_ten = ";TZID={name}:20260701T100000"
    known = ["Europe/Stockholm", "W. Europe Standard Time", "/libical.org/x/Europe/Stockholm"]
    began = time.process_time()
    for name in [*known, "Egen", "Egen", "../../etc/passwd", "Europe", "", "x" * 300]:
        for offset, rule in (("+0900", "FREQ=MINUTELY"), ("-0900", "FREQ=SECONDLY")):
            theirs = zone.format(name=name, offset=offset, rule=f"RRULE:{rule}")
            starts = read(mailed(zone=theirs, starts=at_ten.format(name=name))).starts
            assert starts == (datetime(2026, 7, 1, 8, tzinfo=UTC) if name in known else None)
    many = "".join(zone.format(name=n, offset="+0100", rule="TZNAME:X") for n in range(1200))
    assert read(mailed(zone=many, starts=at_ten.format(name=7))).starts is None
    assert time.process_time() - began < 2
    assert icalendar.timezone.tzp.timezone("Egen") is None


def test_a_mark_of_the_byte_order_before_the_calendar_is_passed_by():
    assert read(mailed().replace(b"BEGIN:VCALENDAR", b"\xef\xbb\xbfBEGIN:VCALENDAR")).uid == "a"


def test_an_answer_in_an_unknown_zone_is_to_the_invitation_of_its_number(app, post):
    event = make.conference()
    make.registration(event)
    to = invitation(post()[0])
    raw = re.sub(rb"(?m)^DTSTART.*?$", b"DTSTART;TZID=Egen:20200101T100000", answer(to, "DECLINED"))
    assert b"TZID=Egen" in raw
    assert taken(raw) is Standing.COUNTS
    write(lambda: event_services.change_event(
        db.session, db.session.get_one(Event, event.id), by=None, now=NOW,
        facts={"title": "Nytt namn"},
    ))  # fmt: skip
    assert taken(raw.replace(b"Tyv", b"Sorry, tyv")) is Standing.OUTRUN


class Imap(socketserver.StreamRequestHandler):
    """As much of IMAP as is asked for: the mails of `server.mails`, and which are seen."""

    def handle(self):
        self.say("* OK ready")
        while line := self.rfile.readline():
            tag, verb, *rest = line.decode().split()
            getattr(self, f"do_{verb.lower()}", self.nothing)(rest)
            self.say(f"{tag} OK done")

    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def nothing(self, _rest):
        pass

    def do_capability(self, _rest):
        self.say("* CAPABILITY IMAP4rev1")

    def do_select(self, _rest):
        self.say(f"* {len(self.server.mails)} EXISTS")

    def do_search(self, _rest):
        unseen = [str(n) for n in self.server.mails if n not in self.server.seen]
        self.say("* SEARCH " + " ".join(unseen))

    def do_fetch(self, rest):
        raw = self.server.mails[int(rest[0])]
        if "SIZE" in rest[1]:
            return self.say(f"* {rest[0]} FETCH (RFC822.SIZE {len(raw)})")
        self.wfile.write(f"* {rest[0]} FETCH (BODY[] {{{len(raw)}}}\r\n".encode() + raw)
        return self.say(")")

    def do_store(self, rest):
        self.server.seen.add(int(rest[0]))

    def do_logout(self, _rest):
        self.say("* BYE")


def test_a_mailbox_is_read_once(make_app, post):
    app = make_app(GUARDS="off")
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Imap)
    server.daemon_threads, server.seen = True, set()
    app.config["IMAP_URL"] = f"imap://n%40x:l@127.0.0.1:{server.server_address[1]}/Svar"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    with app.app_context():
        make.registration(make.conference())
        [mail] = post()
        to = invitation(mail)
        assert to["ATTENDEE"].params["RSVP"] == "TRUE"
        server.mails = {
            1: b"Subject: hej\r\n\r\nhej",
            2: answer(to, "ACCEPTED"),
            3: b"x" * (MOST_BYTES + 1),
            4: report(mail["Message-ID"], to=mail["To"]),
        }
        assert mailbox.fetch(db.session, now=NOW) == 2
        assert server.seen == {1, 2, 3, 4}
        [letter] = db.session.scalars(sa.select(Outbox)).all()
        assert letter.state is State.FAILED, "it came back, and the organiser sees that"
        assert mailbox.fetch(db.session, now=NOW) == 0
        [kept] = db.session.scalars(sa.select(CalendarReply)).all()
        assert (kept.answer, kept.standing) == (Answer.ACCEPTED, Standing.COUNTS)
        server.shutdown()
        server.server_close()
        mailbox.look(db.session, now=NOW)  # a mailbox that cannot be reached stops nothing
