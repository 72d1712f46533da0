"""The history of one registration as people read it: what was done, by whom, and what was sent."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts.models import AuditEntry
from accounts.words import MAIL_STATE
from core.outbox.models import Outbox
from core.reference import SECTOR_WORDS, Sector, municipality_name
from events.rules import Mode
from events.words import MODE
from registrations.doubles.words import DONE as DOUBLES
from registrations.doubles.words import FIELD
from registrations.rules import RoleKind
from registrations.words import DONE, ROLE_KIND

NAMES = FIELD | {
    "mode": _l("Deltar"), "choices": _l("Val"), "needs": _l("Kost och behov"),
    "protected": _l("Skyddade personuppgifter"),
}  # fmt: skip
NOTHING = "–"


@dataclass(frozen=True)
class Line:
    """One thing that happened: in a few words, with what it changed and who did it."""

    at: datetime
    what: str
    by: str
    details: list[str] = field(default_factory=list)
    other: int | None = None


def story(entries: Iterable[AuditEntry], mails: Iterable[Outbox]) -> list[Line]:
    """The log and the letters together, the newest first."""
    lines = [_entry(entry) for entry in entries] + [_mail(mail) for mail in mails]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _entry(entry: AuditEntry) -> Line:
    words: dict[str, Any] = DONE | DOUBLES
    what = str(words.get(entry.action, entry.action))
    reason = entry.details.get("reason")
    return Line(
        at=entry.at,
        what=f"{what}: {reason}" if reason else what,
        by=entry.user.name if entry.user else _("Deltagaren själv, eller automatiskt"),
        details=_changed(entry.details),
        other=entry.details.get("with"),
    )


def _mail(mail: Outbox) -> Line:
    about = _("Mejl: %(subject)s", subject=mail.subject) if mail.subject else _("Mejl")
    state = str(MAIL_STATE[mail.state])
    return Line(at=mail.sent or mail.created, what=about, by=state)


def _changed(details: dict[str, Any]) -> list[str]:
    """Each thing that changed; from what to what where it tells nothing sensitive."""
    values = details.get("values") or {}
    lines = []
    for name in details.get("changed") or ():
        called = str(NAMES.get(name, name))
        if name in values:
            before, after = (_told(name, value) for value in values[name])
            called = f"{called}: {before} → {after}"
        lines.append(called)
    return lines


def _told(name: str, value: Any) -> str:
    if name == "list_consent":
        return _("ja") if value else _("nej")
    if not value:
        return NOTHING
    known: dict[str, Any] = {
        "mode": lambda: MODE[Mode(value)],
        "sector": lambda: SECTOR_WORDS[Sector(value)],
        "role_kind": lambda: ROLE_KIND[RoleKind(value)],
        "municipality": lambda: municipality_name(value),
    }
    return str(known[name]()) if name in known else str(value)
