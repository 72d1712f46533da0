"""Mails that come back: reports of delivery (RFC 3464) are read, and the mail marked as failed.

The relay has taken a mail and somebody after it could not deliver it. The report goes to the
address in From as a mail with the headers of ours in it, by which ours is found. Anybody may write
such a mail, but our Message-ID is known to the recipient only, and all it does is to show the
organiser that the address is to be looked at.
"""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.message import Message
from email.utils import getaddresses
from typing import Any, BinaryIO

import click
from flask.cli import with_appcontext

from core.db import db, write
from core.outbox import services
from core.text import clean_line

MOST_BYTES = 1024 * 1024  # of a report; what is after it is not read
MOST_PARTS = 50
MESSAGE_ID = re.compile(r"<[^<>\s]{3,190}>")
FAILED = "failed"


@dataclass(frozen=True)
class Bounce:
    """A mail of ours that did not arrive: its Message-ID, to which addresses, and why."""

    message_id: str
    recipients: frozenset[str]
    error: str


def read(body: bytes) -> Bounce | None:
    """What a report says; None for any other mail, and for a report that does not give up.

    A mail that is only late (`delayed`), was delivered or was passed on has not failed.
    """
    try:
        mail = email.message_from_bytes(body[:MOST_BYTES])
        parts = _parts(mail)
    except (MessageError, ValueError, LookupError, RecursionError):
        return None
    report = parts.get("message/delivery-status")
    returned = parts.get("message/rfc822") or parts.get("text/rfc822-headers")
    if report is None or returned is None:
        return None
    failures = [block for block in _blocks(report) if _field(block, "Action").lower() == FAILED]
    ours = _returned(returned)
    found = MESSAGE_ID.search(_field(ours, "Message-ID"))
    if not failures or found is None:
        return None
    told = [_field(failures[0], name) for name in ("Status", "Diagnostic-Code")]
    return Bounce(
        message_id=found[0],
        recipients=frozenset(_recipients(failures, ours)),
        error=clean_line(" ".join(text for text in told if text))[:400],
    )


def _parts(mail: Message) -> dict[str, Message]:
    """The first part of each kind, those of the returned mail left out."""
    found: dict[str, Message] = {}
    if mail.get_content_type() != "multipart/report" or not mail.is_multipart():
        return found
    payload: Any = mail.get_payload()
    for part in payload[:MOST_PARTS]:
        found.setdefault(part.get_content_type(), part)
    return found


def _blocks(report: Message) -> Iterator[Message]:
    """The groups of fields of a report; the first is about the mail, the others the recipients."""
    payload: Any = report.get_payload()
    if isinstance(payload, list):
        yield from payload[:MOST_PARTS]


def _returned(part: Message) -> Message:
    payload: Any = part.get_payload()
    if isinstance(payload, list):
        first: Message = payload[0]
        return first
    return email.message_from_string(str(payload))


def _field(block: Message, name: str) -> str:
    return str(block.get(name, "")).strip()


def _recipients(failures: list[Message], ours: Message) -> Iterator[str]:
    """All addresses that the report names: a mail that was passed on had ours in To."""
    for block in failures:
        for name in ("Final-Recipient", "Original-Recipient"):
            yield _field(block, name).rpartition(";")[2].strip(" <>").casefold()
    for _name, address in getaddresses([_field(ours, "To")]):
        yield address.casefold()


def take(bounce: Bounce) -> bool:
    """Mark the mail that came back; whether there was one to mark. Writes."""
    return write(
        lambda: services.settle_bounced(
            db.session, bounce.message_id, recipients=bounce.recipients,
            error=f"kom tillbaka: {bounce.error}" if bounce.error else "kom tillbaka",
        )
    )  # fmt: skip


@click.command("bounced")
@click.argument("files", nargs=-1, type=click.File("rb"), required=True)
@with_appcontext
def command(files: tuple[BinaryIO, ...]) -> None:
    """Read reports of mails that came back (.eml; - is what is piped in)."""
    for file in files:
        bounce = read(file.read(MOST_BYTES))
        if bounce is None:
            click.echo(f"{file.name}: ingen rapport om ett mejl som inte kom fram")
        elif take(bounce):
            click.echo(f"{file.name}: {bounce.message_id} kom inte fram")
        else:
            click.echo(f"{file.name}: {bounce.message_id} gäller inget mejl som väntar på besked")
