"""Sends what is due. At least once; twice only if killed between the relay's yes and our note."""

import logging
import smtplib
import time
from collections.abc import Callable
from contextlib import ExitStack
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from core import loop
from core.clock import now
from core.db import Busy, db, write
from core.i18n import speaking
from core.mail import Letter, Quarantined, build, deliver
from core.outbox import bounces, services
from core.outbox.models import Outbox
from core.outbox.rules import RELAY_REFUSES_US, RENEW_AFTER, State

log = logging.getLogger(__name__)
Writer = Callable[[dict[str, Any]], Letter | None]
NOTE_WITHIN = 240  # seconds; less than a lease


class Refused(Exception):
    """The relay refuses us, not this mail: sign-in, greeting or encryption failed."""


class Unreachable(Exception):
    """No connection to the relay just now; the mail that met it counts as tried, no other."""


def init_app(app: Flask) -> None:
    """Give the app its table of writers and the commands `outbox run` and `outbox bounced`."""
    app.extensions["letter_writers"] = {}
    group = click.Group("outbox", help="The mail queue.")
    group.add_command(_run)
    group.add_command(bounces.command)
    app.cli.add_command(group)


def writes(app: Flask, kind: str, writer: Writer) -> None:
    """Register who writes letters of `kind`.

    `writer(payload)` answers with the letter as things stand now, or None when there is nothing
    left to tell.
    """
    app.extensions["letter_writers"][kind] = writer


def start(app: Flask) -> None:
    """Run the worker as a thread of this process."""
    loop.in_thread(app, "outbox", run_once)


def run_once(limit: int = 20) -> int:
    """Lease, write and send up to `limit` mails; how many were leased."""
    try:
        if not services.anything_due(db.session, now=now()):
            return 0
        ids = write(lambda: services.lease(db.session, now=now(), limit=limit))
    except Busy:
        return 0
    finally:
        db.session.rollback()
    leased = time.monotonic()
    with ExitStack() as stack:
        send = _folder() if not current_app.config.get("SMTP_URL") else _Relay(stack)
        for place, id_ in enumerate(ids):
            old = time.monotonic() - leased > RENEW_AFTER.total_seconds()
            try:
                if not old or _renewed(id_):
                    _one(id_, send)
            except (Refused, Unreachable) as error:
                _pause(ids[place:], str(error))
                return place
    return len(ids)


def _pause(ids: list[int], sentence: str) -> None:
    log.warning("outbox paused: %s", sentence)
    _note(lambda: services.pause(db.session, ids, error=sentence, now=now()))


def _renewed(id_: int) -> bool:
    return write(lambda: services.renew(db.session, id_, now=now()))


def _note(what: Callable[[], None]) -> None:
    """Write down what became of a mail, however busy the database is: else it would go twice."""
    give_up = time.monotonic() + NOTE_WITHIN
    while True:
        try:
            return write(what)
        except Busy:
            if time.monotonic() > give_up:
                raise


def compose(row: Outbox) -> tuple[Letter, EmailMessage] | None:
    """The letter of `row` as things stand now and its bytes; None if nothing is left to tell."""
    writer: Writer = current_app.extensions["letter_writers"][row.kind]
    with speaking(row.language):
        letter = writer(row.payload)
        if letter is None:
            return None
        return letter, build(letter, to=row.recipient, message_id=row.message_id, at=row.created)


def _one(id_: int, send: Callable[[EmailMessage, str], None]) -> None:
    db.session.rollback()
    row = db.session.get_one(Outbox, id_)
    if row.state is not State.WAITING:
        return
    recipient = row.recipient
    try:
        composed = compose(row)
        if composed and composed[0].calendar and services.overtaken(db.session, row):
            composed = None
    except Quarantined as error:
        _failed(id_, f"karantän: {error}", final=True)
        return
    except Exception as error:  # one letter that cannot be written stops no other
        log.exception("letter %s", id_)
        _failed(id_, f"kunde inte skrivas: {type(error).__name__}", final=False)
        return
    finally:
        db.session.rollback()
    if composed is None:
        _note(lambda: services.settle_superseded(db.session, id_))
        return
    letter, message = composed
    try:
        send(message, recipient)
    except Unreachable as error:
        _failed(id_, str(error), final=False)
        raise
    except (smtplib.SMTPException, OSError) as error:
        code, text = _answer(error)
        if code in RELAY_REFUSES_US:
            raise Refused(text) from error
        _failed(id_, text, final=500 <= code < 600)
    else:
        _note(
            lambda: services.settle_sent(
                db.session,
                [id_],
                subjects={id_: letter.subject},
                now=now(),
                calendars={id_: letter.calendar.method if letter.calendar else ""},
            )
        )


def _failed(id_: int, error: str, *, final: bool) -> None:
    _note(lambda: services.settle_failed(db.session, id_, error=error, final=final, now=now()))


def _answer(error: smtplib.SMTPException | OSError) -> tuple[int, str]:
    """The relay's code (0 where it gave none) and what to tell those who ask."""
    if isinstance(error, smtplib.SMTPResponseException):
        code, reason = error.smtp_code, error.smtp_error
    elif isinstance(error, smtplib.SMTPRecipientsRefused):
        code, reason = next(iter(error.recipients.values()))
    else:
        return 0, f"{type(error).__name__}: {error}"
    text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
    return code, f"{code} {text}"


class _Relay:
    """Sends over one connection, opened when the first mail needs it and again when it is lost."""

    def __init__(self, stack: ExitStack) -> None:
        self.stack = stack
        self.connection: Any = None

    def __call__(self, message: EmailMessage, to: str) -> None:
        if self.connection is None:
            self.connection = self._open()
        try:
            deliver(self.connection, message, to)
        except (smtplib.SMTPException, OSError) as error:
            if _answer(error)[0] in {0, 421}:
                self.connection = None
            raise

    def _open(self) -> Any:
        try:
            return self.stack.enter_context(current_app.extensions["samling_mail"].connect())
        except (smtplib.SMTPException, OSError) as error:
            code, text = _answer(error)
            refuses_us = isinstance(
                error, smtplib.SMTPAuthenticationError | smtplib.SMTPNotSupportedError
            )
            if refuses_us or 500 <= code < 600:
                raise Refused(text) from error
            raise Unreachable(text) from error


def _folder() -> Callable[[EmailMessage, str], None]:
    """Without a relay (development, tests): one .eml file a mail, under instance/mail/."""
    folder = Path(current_app.instance_path) / "mail"
    folder.mkdir(exist_ok=True)

    def save(message: EmailMessage, _to: str) -> None:
        name = message["Message-ID"].strip("<>").split("@")[0]
        (folder / f"{now():%Y%m%dT%H%M%S}-{name[:12]}.eml").write_bytes(message.as_bytes())

    return save


@click.command("run")
@click.option("--once", is_flag=True, help="Send what is due now, then stop.")
@with_appcontext
def _run(once: bool) -> None:
    """Send mails as they come due, until told to stop (SIGTERM, Ctrl+C)."""
    if once:
        while run_once():
            pass
        return
    loop.until_stopped("outbox", run_once)
