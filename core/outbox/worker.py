"""Sends what is due. At least once; twice only if killed between the relay's yes and our note."""

import logging
import smtplib
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app

from core.clock import now
from core.db import Busy, db, write
from core.i18n import speaking
from core.mail import Letter, Quarantined, build, deliver
from core.outbox import services
from core.outbox.models import Outbox
from core.outbox.rules import State

log = logging.getLogger(__name__)
Writer = Callable[[dict[str, Any]], Letter | None]
POLL = 0.5  # seconds


class Refused(Exception):
    """The relay refuses us (not this mail): sign-in, greeting or encryption failed."""


def init_app(app: Flask) -> None:
    """Give the app its table of writers and the command `outbox run`."""
    app.extensions["letter_writers"] = {}
    group = click.Group("outbox", help="The mail queue.")
    group.add_command(_run)
    app.cli.add_command(group)


def writes(app: Flask, kind: str, writer: Writer) -> None:
    """Register who writes letters of `kind`.

    `writer(payload)` answers with the letter as things stand now, or None when there is nothing
    left to tell.
    """
    app.extensions["letter_writers"][kind] = writer


def start(app: Flask) -> None:
    """Run the worker as a thread of this process."""

    def forever() -> None:
        while True:
            try:
                with app.app_context():
                    busy = run_once()
            except Exception:  # noqa: BLE001 - the thread must outlive whatever one round met
                log.exception("outbox")
                busy = 0
            time.sleep(0 if busy else POLL)

    threading.Thread(target=forever, name="outbox", daemon=True).start()


def run_once(limit: int = 20) -> int:
    """Lease, write and send up to `limit` mails; how many were leased."""
    try:
        ids = write(lambda: services.lease(db.session, now=now(), limit=limit))
    except Busy:
        return 0
    with ExitStack() as stack:
        send = _folder() if not current_app.config.get("SMTP_URL") else _Relay(stack)
        for place, id_ in enumerate(ids):
            try:
                _one(id_, send)
            except Refused as refused:
                log.warning("outbox paused: %s", refused)
                sentence = str(refused)
                write(lambda: services.pause(db.session, error=sentence, now=now()))
                return place
    return len(ids)


def compose(row: Outbox) -> tuple[Letter, EmailMessage] | None:
    """The letter of `row` as things stand now, and its bytes; None where nothing is left to tell."""
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
    except Quarantined as error:
        _failed(id_, f"karantän: {error}", final=True)
        return
    except Exception as error:  # noqa: BLE001 - one letter that cannot be written stops no other
        log.exception("letter %s", id_)
        _failed(id_, f"kunde inte skrivas: {type(error).__name__}", final=False)
        return
    finally:
        db.session.rollback()
    if composed is None:
        write(lambda: services.settle_superseded(db.session, id_))
        return
    letter, message = composed
    try:
        send(message, recipient)
    except smtplib.SMTPResponseException as error:
        text = _text(error.smtp_error)
        _failed(id_, f"{error.smtp_code} {text}", final=500 <= error.smtp_code < 600)
    except smtplib.SMTPRecipientsRefused as error:
        code, reason = next(iter(error.recipients.values()))
        _failed(id_, f"{code} {_text(reason)}", final=500 <= code < 600)
    except (smtplib.SMTPException, OSError) as error:
        _failed(id_, f"{type(error).__name__}: {error}", final=False)
    else:
        write(
            lambda: services.settle_sent(
                db.session, [id_], subjects={id_: letter.subject}, now=now()
            )
        )


def _failed(id_: int, error: str, *, final: bool) -> None:
    write(lambda: services.settle_failed(db.session, id_, error=error, final=final, now=now()))


def _text(reason: bytes | str) -> str:
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)


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
        except (smtplib.SMTPServerDisconnected, OSError):
            self.connection = None
            raise
        except smtplib.SMTPResponseException as error:
            if error.smtp_code == 421:
                self.connection = None
            raise

    def _open(self) -> Any:
        try:
            return self.stack.enter_context(current_app.extensions["samling_mail"].connect())
        except smtplib.SMTPAuthenticationError as error:
            raise Refused(f"{error.smtp_code} {_text(error.smtp_error)}") from error
        except smtplib.SMTPResponseException as error:
            if error.smtp_code >= 500:
                raise Refused(f"{error.smtp_code} {_text(error.smtp_error)}") from error
            raise
        except smtplib.SMTPNotSupportedError as error:
            raise Refused(str(error)) from error


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
def _run(once: bool) -> None:
    """Send mails as they come due."""
    while True:
        sent = run_once()
        if not sent and once:
            return
        if not sent:
            time.sleep(POLL)
