"""One mail builder: a letter of plain blocks becomes verified bytes; sent through Flask-Mail."""

import email.policy
import re
import smtplib
import ssl
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.header import Header
from email.headerregistry import (
    Address,
    HeaderRegistry,
    UniqueAddressHeader,
    UniqueUnstructuredHeader,
)
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import flask_mail
from email_validator import EmailNotValidError, validate_email
from flask import Flask, current_app, render_template

from core.db import refuse_while_writing

TIMEOUT = 30  # seconds; a relay that hangs must not hang the worker
HEADER_LENGTH = 200
EXPECTED = [
    "subject", "from", "reply-to", "to", "date", "message-id", "auto-submitted", "mime-version",
    "content-type", "content-transfer-encoding", "x-samling", "list-unsubscribe",
    "list-unsubscribe-post",
]  # fmt: skip
# Words, or encoded words, and one address: nothing that a reader could take for another.
_ONE_SENDER = (
    rb"(?im)^from: (([A-Za-z0-9 -]*|(=\?utf-8\?[bq]\?[A-Za-z0-9!*+/=_-]*\?= ?)+) "
    rb"<[^\s<>,;:@]+@[^\s<>,;:@]+>|[^\s<>,;:@]+@[^\s<>,;:@]+)\r?$"
)


class Unfolded(UniqueUnstructuredHeader):
    """A header in one line: an address that is long would else be encoded, and be none any more."""

    def fold(self, *, policy: email.policy.Policy) -> str:
        """The header as it is sent."""
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]


class Sender(UniqueAddressHeader):
    """One address with a name: the library would leave out the quotes of a name that it folds.

    A name with a comma in it would then be read as several addresses.
    """

    def fold(self, *, policy: email.policy.Policy) -> str:
        """The header as it is sent."""
        [one] = self.addresses
        name = phrase(one.display_name, policy.linesep)
        spelled = f"{name} <{one.addr_spec}>" if name else one.addr_spec
        return f"{self.name}: {spelled}{policy.linesep}"  # type: ignore[attr-defined]


def phrase(name: str, linesep: str) -> str:
    """`name` as it stands before an address: bare words, else encoded whole (RFC 2047)."""
    if re.fullmatch(r"[A-Za-z0-9 -]{0,60}", name):
        return name
    return Header(name, "utf-8", header_name="From").encode(linesep=linesep)


HEADERS = HeaderRegistry()
HEADERS.map_to_type("from", Sender)  # type: ignore[arg-type]
HEADERS.map_to_type("list-unsubscribe", Unfolded)  # type: ignore[arg-type]
POLICY = email.policy.SMTP.clone(header_factory=HEADERS)


class Quarantined(Exception):
    """The bytes hold a header that the builder did not mean to write."""


@dataclass(frozen=True)
class Part:
    """An attached file. `kind` is its MIME type with parameters."""

    filename: str
    maintype: str
    subtype: str
    body: bytes
    parameters: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CalendarPart:
    """A calendar object that the mail is another form of (RFC 6047), for one attendee.

    `method` is REQUEST or CANCEL, and stands in `body` too. It also goes along as a file, for
    programs that only know files.
    """

    method: str
    body: bytes
    attendee: str
    filename: str = "kalender.ics"


@dataclass(frozen=True)
class Letter:
    """What a mail says, as text: blocks are shown in the plain and the HTML part alike.

    A block is ("text", str), ("heading", str), ("facts", [(label, value)]),
    ("list", [str]), ("link", label, address) or ("mixed", [text and link blocks in one line]).
    `unsubscribe` is the address that ends such mail with one POST (RFC 8058), where it can end.
    `sender` is the address it comes from, where that is not the system's.
    """

    subject: str
    blocks: Sequence[tuple[Any, ...]]
    sender_name: str
    reply_to: str
    parts: Sequence[Part] = ()
    unsubscribe: str = ""
    sender: str = ""
    calendar: CalendarPart | None = None


def init_app(app: Flask) -> None:
    """Read SMTP_URL (smtp://user:password@host:port, smtps://, ?starttls=1)."""
    url = urlsplit(app.config.get("SMTP_URL") or "smtp://localhost:25")
    app.config["MAIL_SERVER"] = url.hostname or "localhost"
    app.config["MAIL_PORT"] = url.port or (465 if url.scheme == "smtps" else 25)
    app.config["MAIL_USE_SSL"] = url.scheme == "smtps"
    app.config["MAIL_USE_TLS"] = "starttls=1" in url.query
    app.config["MAIL_USERNAME"] = unquote(url.username) if url.username else None
    app.config["MAIL_PASSWORD"] = unquote(url.password) if url.password else None
    app.config["MAIL_SUPPRESS_SEND"] = not app.config.get("SMTP_URL")
    host = urlsplit(app.config["BASE_URL"]).hostname or "localhost"
    named = "." in host and not host.replace(".", "").isdigit()
    app.config["MAIL_DEFAULT_SENDER"] = f"samling@{host if named else 'example.se'}"
    app.extensions["samling_mail"] = Post(app)


class Post(flask_mail.Mail):
    """Flask-Mail with a time-out."""

    def connect(self) -> "Connection":
        """A connection to the relay, to be used as a context manager."""
        return Connection(current_app.extensions["mail"])


class Connection(flask_mail.Connection):
    """A connection that gives up after `TIMEOUT` seconds."""

    def configure_host(self) -> smtplib.SMTP:
        """Connect, greet, encrypt and sign in as the settings say."""
        checked = ssl.create_default_context()  # a private authority: SSL_CERT_FILE
        place = (self.mail.server, self.mail.port)
        host = (
            smtplib.SMTP_SSL(*place, timeout=TIMEOUT, context=checked)
            if self.mail.use_ssl
            else smtplib.SMTP(*place, timeout=TIMEOUT)
        )
        try:
            host.ehlo_or_helo_if_needed()
            if self.mail.use_tls:
                host.starttls(context=checked)
            if self.mail.username and self.mail.password:
                host.login(self.mail.username, self.mail.password)
        except BaseException:
            host.close()
            raise
        return host

    def __exit__(self, *details: Any) -> None:
        """Say good-bye; a relay that has already left does not matter."""
        if self.host is not None:
            try:
                self.host.quit()
            except (smtplib.SMTPException, OSError):
                self.host.close()


class Envelope(flask_mail.Message):
    """A message whose bytes are ours."""

    def __init__(self, message: EmailMessage, recipient: str, sender: str) -> None:
        super().__init__(subject="", recipients=[recipient], sender=sender)
        self.built = message

    def _message(self) -> EmailMessage:  # type: ignore[override]
        return self.built

    def as_bytes(self) -> bytes:
        """The bytes that were verified."""
        return self.built.as_bytes()


def header(value: str) -> str:
    """`value` as it may stand in a header: one line, no controls, no encoded words of its own.

    Encoded words are broken up because some Python releases decode them into new headers
    (CVE-2024-6923).
    """
    text = unicodedata.normalize("NFC", value)
    text = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+", " ", text)
    return text.replace("=?", "= ?").strip()[:HEADER_LENGTH]


def sender_of(address: str) -> str:
    """Where mail comes from: an authority's own `address`, else the system's."""
    return address or str(current_app.config["MAIL_DEFAULT_SENDER"])


def ascii_address(address: str) -> str:
    """`address` with its domain as the net spells it, e.g. info@xn--lnsstyrelsen-s8a.se.

    Raises `Quarantined` where it is no address at all.
    """
    try:
        valid = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise Quarantined(f"address: {error}") from None
    return str(valid.ascii_email)


def build(letter: Letter, *, to: str, message_id: str, at: datetime) -> EmailMessage:
    """The finished message. Raises `Quarantined` where its headers are not just ours."""
    refuse_while_writing("mail")
    to = ascii_address(to)
    message = EmailMessage(policy=POLICY)
    message["Subject"] = header(letter.subject)
    sender = ascii_address(sender_of(letter.sender))
    message["From"] = Address(header(letter.sender_name), addr_spec=sender)
    if letter.reply_to:
        message["Reply-To"] = Address(addr_spec=ascii_address(letter.reply_to))
    message["To"] = Address(addr_spec=to)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe:
        message["List-Unsubscribe"] = f"<{header(letter.unsubscribe)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(render_template("mail/letter.txt", letter=letter), cte="quoted-printable")
    message.add_alternative(
        render_template("mail/letter.html", letter=letter), subtype="html", cte="quoted-printable"
    )
    # To another than its attendee an invitation would be one in somebody else's name.
    if letter.calendar and letter.calendar.attendee.casefold() == to.casefold():
        _invite(message, letter.calendar)
    for part in letter.parts:
        message.add_attachment(
            part.body,
            maintype=part.maintype,
            subtype=part.subtype,
            filename=part.filename,
            params=dict(part.parameters),
            cte="base64",
        )
    verify(message.as_bytes(), to)
    return message


def _invite(message: EmailMessage, part: CalendarPart) -> None:
    """Add the calendar object as the last and richest alternative, and as a file."""
    if f"\r\nMETHOD:{part.method}\r\n".encode() not in part.body:
        raise Quarantined("a calendar object of another method")
    message.add_alternative(
        part.body.decode(), subtype="calendar", params={"method": part.method}, cte="base64"
    )
    message.add_attachment(
        part.body, maintype="application", subtype="ics", filename=part.filename, cte="base64"
    )


def verify(raw: bytes, to: str) -> None:
    """Split the headers independently and compare; raises `Quarantined`."""
    head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]
    lines = re.split(rb"\r\n|\r|\n", head)
    names = [line.split(b":")[0].decode("ascii", "replace").lower()
             for line in lines if line[:1] not in {b" ", b"\t"}]  # fmt: skip
    if len(names) != len(set(names)) or not set(names) <= set(EXPECTED):
        raise Quarantined(f"unexpected headers: {sorted(set(names) - set(EXPECTED))}")
    receivers = [line for line in lines if line.lower().startswith(b"to:")]
    if len(receivers) != 1 or receivers[0].split(b":", 1)[1].strip() != to.encode():
        raise Quarantined("unexpected recipients")
    unfolded = re.sub(rb"(\r\n|\r|\n)(?=[ \t])", b"", head)
    if not re.search(_ONE_SENDER, unfolded):
        raise Quarantined("unexpected sender")


def deliver(connection: flask_mail.Connection, message: EmailMessage, to: str) -> None:
    """Hand one message to the relay. Raises what smtplib raises."""
    connection.send(Envelope(message, ascii_address(to), current_app.config["MAIL_DEFAULT_SENDER"]))
