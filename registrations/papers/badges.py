"""What stands on each badge, as the document `badges` of core.pdf."""

import dataclasses
import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core import pdf
from core.clock import to_local
from core.db import refuse_while_writing
from core.i18n import speaking
from core.reference import municipality_name
from events.models import Event
from registrations.door_code import door_code
from registrations.papers import queries
from registrations.papers.qr import svg
from registrations.papers.rules import SHEETS, Hidden, Part, Wanted, Who
from registrations.papers.tables import LANGUAGE, File, pdf_file
from registrations.words import ROLE_KIND

Node = dict[str, Any]
DOTS_PER_INCH = 96


def chosen(session: Session, event_id: int, wanted: Wanted, limit: int | None = None) -> list[Any]:
    """Whose badges are wanted, by surname, at most `limit`; two questions."""
    rows = queries.to_badge(session, event_id, wanted, limit)
    if wanted.who is Who.NEW:
        titles = queries.choices(session, event_id)
        rows = [row for row in rows if is_new(row, titles.get(row.id, []))]
    return rows[:limit]


def is_new(row: Any, titles: Sequence[str]) -> bool:
    """Whether somebody has no badge, or what stands on it is no longer so."""
    if row.made is None:
        return True
    parts = frozenset(Part(part) for part in row.parts.split(",") if part)
    return bool(face(row, parts, titles) != row.face)


def face(row: Any, parts: frozenset[Part], titles: Sequence[str]) -> str:
    """A digest of what stands on somebody's badge with those parts."""
    said = ["protected"] if row.protected else [row.first_name, row.last_name]
    if not row.protected:
        said += _details(row, parts)
    if Part.CHOICES in parts:
        said += titles
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()


def file(session: Session, event: Event, wanted: Wanted) -> File:
    """All the badges as PDF/A and PDF/UA, always in Swedish."""
    refuse_while_writing("a PDF")
    with speaking(LANGUAGE):
        rows = chosen(session, event.id, wanted)
        data = _data(session, event, wanted, rows)
        return pdf_file(
            f"namnbrickor-{event.slug}.pdf", pdf.render("badges", data, language=LANGUAGE)
        )


def picture(session: Session, event: Event, wanted: Wanted) -> bytes:
    """The first sheet as PNG."""
    room = SHEETS[wanted.sheet].places - (wanted.start - 1)
    with speaking(LANGUAGE):
        rows = chosen(session, event.id, wanted, room)
        few = dataclasses.replace(wanted, blanks=min(wanted.blanks, room))
        data = _data(session, event, few, rows)
        return pdf.picture("badges", data, language=LANGUAGE, per_inch=DOTS_PER_INCH)


def _data(session: Session, event: Event, wanted: Wanted, rows: Iterable[Any]) -> Node:
    titles = queries.choices(session, event.id) if Part.CHOICES in wanted.parts else {}
    if wanted.who is Who.BLANK:
        badges = [_blank() for _number in range(wanted.blanks)]
    else:
        badges = [_badge(row, wanted, titles.get(row.id, [])) for row in rows]
    return {
        "title": _("Namnbrickor, %(event)s", event=event.title),
        "authority": event.authority.name,
        "date": to_local(event.starts).date().isoformat(),
        "sheet": dataclasses.asdict(SHEETS[wanted.sheet]),
        "start": wanted.start,
        "lines": wanted.lines,
        "event": event.title,
        "badges": badges,
        "words": {"code": _("Kod till dörren")},
    }


def _badge(row: Any, wanted: Wanted, titles: Sequence[str]) -> Node:
    code = svg(door_code(row)) if Part.CODE in wanted.parts else ""
    if row.protected:
        # Neither the name nor, for all to read, that there is something to protect.
        number = _("Deltagare %(number)s", number=row.id)
        if wanted.hidden is Hidden.NUMBER:
            return _blank() | {"blank": False, "first": number, "code": code}
        return _blank() | {"corner": str(row.id), "code": code}
    return {
        "first": row.first_name,
        "last": row.last_name,
        "details": _details(row, wanted.parts),
        "choices": list(titles),
        "corner": "",
        "blank": False,
        "code": code,
    }


def _blank() -> Node:
    return {
        "first": "", "last": "", "details": [], "choices": [], "corner": "", "blank": True,
        "code": "",
    }  # fmt: skip


def _details(row: Any, parts: frozenset[Part]) -> list[str]:
    said = {
        Part.ORGANISATION: row.organisation,
        Part.MUNICIPALITY: municipality_name(row.municipality),
        Part.ROLE: str(ROLE_KIND[row.role_kind]),
    }
    return [text for part, text in said.items() if part in parts and text]
