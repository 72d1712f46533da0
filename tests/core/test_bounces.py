"""Mails that come back later are seen by the organiser, whatever program reports them."""

import pytest
import sqlalchemy as sa

from core.db import db
from core.outbox import bounces
from core.outbox.models import Outbox
from core.outbox.rules import State
from core.outbox.worker import run_once
from registrations.models import Registration
from tests.registrations import make
from tests.registrations.test_mailings import send as mail
from tests.registrations.test_mailings import write_one

WRONG = "ada.berg1@example.se"


def report(message_id, *, to=WRONG, action="failed", status="5.1.1", returned="message/rfc822",
           code="smtp; 550 5.1.1 <ada.berg1@example.se>: user unknown", final=None):  # fmt: skip
    """A report as Postfix (the whole mail) and Exchange (only its headers) write them."""
    return f"""\
Return-Path: <>
Received: from mail.example.se by samling.example.se; Sun, 22 Nov 2026 10:05:00 +0100
From: Mail Delivery System <MAILER-DAEMON@mail.example.se>
To: samling@example.se
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="xx"

--xx
Content-Type: text/plain; charset=utf-8

Jag är ledsen: mejlet kunde inte levereras. Message-ID: <lockbete@example.se>

--xx
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.se
Arrival-Date: Sun, 22 Nov 2026 10:04:59 +0100

Final-Recipient: rfc822; {final or to}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.example.se
Diagnostic-Code: {code}

--xx
Content-Type: {returned}

From: Samling <samling@example.se>
To: {to}
Subject: =?utf-8?q?V=C3=A4lkommen?=
Message-ID: {message_id}

Hej Ada!
--xx--
""".replace("\n", "\r\n").encode()


@pytest.fixture
def sent(app, staff, post):
    """A mailing to two that the relay has taken; its page's reader, address and letters."""
    event = make.conference()
    for number in (1, 2):
        make.registration(event, number)
    browser = staff()
    address = write_one(browser, event)
    mail(browser, address)
    post()
    letters = {row.recipient: row for row in outbox("mailing.letter")}
    assert {row.state for row in letters.values()} == {State.SENT}
    return browser, address, letters


def outbox(kind):
    db.session.rollback()
    return db.session.scalars(sa.select(Outbox).filter_by(kind=kind).order_by(Outbox.id)).all()


def states():
    return {row.recipient: row.state.value for row in outbox("mailing.letter")}


def command(app, tmp_path, body):
    file = tmp_path / "rapport.eml"
    file.write_bytes(body)
    done = app.test_cli_runner().invoke(args=["outbox", "bounced", str(file)])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_a_letter_that_comes_back_is_shown_and_goes_to_the_corrected_address(
    app, sent, tmp_path, post, returned
):
    browser, address, letters = sent
    body = report(letters[WRONG].message_id, returned=returned)
    assert "kom inte fram" in command(app, tmp_path, body)
    assert states() == {WRONG: "failed", "ada.berg2@example.se": "sent"}
    page = browser.get(address).text
    assert "550 5.1.1" in page
    assert "user unknown" in page
    assert "<ada.berg1" not in page
    assert "inget mejl som väntar" in command(app, tmp_path, body)  # again: nothing new
    recipient = page.split("/arbeta/utskick/mottagare/")[1].split('"')[0]
    fixed = browser.submit(
        f"/arbeta/utskick/mottagare/{recipient}", email="ada.ratt@example.se", reason="Ringde"
    )
    assert fixed.status_code == 303
    post()
    assert states()["ada.ratt@example.se"] == "sent"
    command(app, tmp_path, body)  # the old report once more, late
    assert states()["ada.ratt@example.se"] == "sent"
    [person] = db.session.scalars(sa.select(Registration).filter_by(last_name="Berg1"))
    assert person.email == "ada.ratt@example.se"


def test_what_is_no_final_failure_of_ours_changes_nothing(app, sent, tmp_path):
    _browser, _address, letters = sent
    ours = letters[WRONG].message_id
    bodies = [
        report(ours, action="delayed", status="4.4.1"), report(ours, action="delivered"),
        report("<annat@example.se>"), report(ours, to="nagon.annan@example.se"),
        report(ours).replace(b"multipart/report", b"multipart/mixed"),
        report(ours).replace(b"message/delivery-status", b"text/plain"),
        report(ours)[:300], b"", b"\x00\xff" * 9000, b"Content-Type: multipart/report\r\n\r\nx",
        report(ours).replace(b"Message-ID: <", b"Message-ID: =?utf-8?q?=00?= "),
        b"Content-Type: message/rfc822\n\n" * 3000,
    ]  # fmt: skip
    for body in bodies:
        command(app, tmp_path, body)
    assert set(states().values()) == {"sent"}
    # passed on to another mailbox, which is the one that failed
    command(app, tmp_path, report(ours, final="ada@annat.example.se"))
    assert states()[WRONG] == "failed"
    found = bounces.read(report(ours, code="smtp; 550 " + "x" * 5000))
    assert len(found.error) == 400
    while run_once():
        pass
    assert states()[WRONG] == "failed"
