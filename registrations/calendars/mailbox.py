"""Read a mailbox over IMAP: answers to invitations, and reports of mails that came back.

What is in it is read once, and left there.
"""

import imaplib
import logging
import re
import ssl
import time
from collections.abc import Callable
from datetime import datetime
from urllib.parse import unquote, urlsplit

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core.db import Busy, write
from core.outbox import bounces
from registrations.calendars.answering import take
from registrations.calendars.reading import NoReply
from registrations.calendars.rules import MOST_BYTES, MOST_IN_A_ROUND

TIMEOUT = 20  # seconds
EVERY = 120.0  # seconds between looks, in each process that works

log = logging.getLogger(__name__)


def look(session: Session, *, now: datetime) -> None:
    """Look into the mailbox if one is set and it is time."""
    last = current_app.extensions.get("mailbox_looked", -EVERY)
    if not current_app.config.get("IMAP_URL") or time.monotonic() - last < EVERY:
        return
    current_app.extensions["mailbox_looked"] = time.monotonic()
    try:
        fetch(session, now=now)
    except (OSError, imaplib.IMAP4.error) as error:
        log.warning("the mailbox cannot be read: %s", type(error).__name__)


def fetch(session: Session, *, now: datetime) -> int:
    """Take in what is unread, up to a bound; how many mails told us anything.

    Raises what imaplib raises.
    """

    def taken(raw: bytes) -> bool:
        try:
            write(lambda: take(session, raw, now=now))
        except NoReply:
            bounce = bounces.read(raw)
            return bounce is not None and bounces.take(bounce)
        except (SQLAlchemyError, Busy):
            raise  # it is read again when the database answers
        except Exception:  # whatever stands in it, those behind it have their turn
            log.exception("a mail in the mailbox cannot be read")
            return False
        return True

    return _each_unread(str(current_app.config["IMAP_URL"]), taken)


def _each_unread(address: str, taken: Callable[[bytes], bool]) -> int:
    number = 0
    box = _open(address)
    try:
        box.select(_quoted(unquote(urlsplit(address).path.strip("/")) or "INBOX"))
        ids = box.search(None, "UNSEEN")[1][0].split()[:MOST_IN_A_ROUND]
        for id_ in ids:
            name = id_.decode()
            raw = _mail(box, name)
            number += raw is not None and taken(raw)
            box.store(name, "+FLAGS", "(\\Seen)")  # after it is kept: else it is read again
    finally:
        box.logout()
    return number


def _open(address: str) -> imaplib.IMAP4:
    url = urlsplit(address)
    host, checked = url.hostname or "localhost", ssl.create_default_context()
    box: imaplib.IMAP4
    if url.scheme == "imaps":
        box = imaplib.IMAP4_SSL(host, url.port or 993, ssl_context=checked, timeout=TIMEOUT)
    else:
        box = imaplib.IMAP4(host, url.port or 143, timeout=TIMEOUT)
        if "starttls=1" in url.query:
            box.starttls(checked)
    box.login(unquote(url.username or ""), unquote(url.password or ""))
    return box


def _mail(box: imaplib.IMAP4, name: str) -> bytes | None:
    """The mail; None for one that is too large to be an answer."""
    told = box.fetch(name, "(RFC822.SIZE)")[1][0]
    size = re.search(rb"RFC822\.SIZE (\d+)", told if isinstance(told, bytes) else b"")
    if size is None or int(size[1]) > MOST_BYTES:
        return None
    found = box.fetch(name, "(BODY.PEEK[])")[1][0]
    return found[1] if isinstance(found, tuple) else None


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
