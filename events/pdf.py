"""The released programme as the document `programme` of core.pdf."""

from typing import Any

from flask_babel import gettext as _

from core import pdf
from core.clock import to_local
from core.i18n import clock_span, day, day_short, language, phone, span
from events import places, programme
from events.models import Event, Release
from events.rules import SpeakerRole, State
from events.words import ITEM_KIND, KIND, PREFIX, SPEAKER_ROLE

Node = dict[str, Any]


def programme_pdf(data: Node) -> bytes:
    """What `programme_data` made as PDF/A and PDF/UA, in the language that is spoken."""
    return pdf.render("programme", data, language=language())


def programme_data(event: Event, release: Release) -> Node:
    """What the document holds: the release with only those named who may be."""
    prefix = PREFIX.get(event.state)
    days = programme.days(release.content)
    return {
        "title": f"{prefix} – {event.title}" if prefix else event.title,
        "kind": str(KIND[event.kind]),
        "authority": event.authority.name,
        "case_number": event.case_number,
        "date": to_local(release.published).date().isoformat(),
        "when": span(event.starts, event.ends),
        "place": _place(event),
        "release_text": _release_text(event, release),
        "items": [item for of_day in days for item in _of_day(of_day, dated=len(days) > 1)],
        "speakers": [
            {
                "name": one["name"],
                "by": ", ".join(p for p in (one.get("title"), one.get("organisation")) if p),
                "text": one.get("text", ""),
            }
            for one in release.content.get("speakers", ())
        ],
        "contact": ", ".join(
            part
            for part in (
                event.contact_name,
                phone(event.contact_phone) if event.contact_phone else "",
                event.contact_email,
            )
            if part
        ),
        "words": {
            "programme": _("Program"),
            "speakers": _("Medverkande"),
            "contact": _("Kontakt"),
        },
    }


def _place(event: Event) -> str:
    found = [places.place(event.venue_name, event.venue_address, event.municipality)]
    if event.online_url:
        found.append(_("på nätet"))
    return " · ".join(place for place in found if place)


def _release_text(event: Event, release: Release) -> str:
    known = _("Version %(n)s, %(day)s.", n=release.number, day=day_short(release.published))
    if event.state in {State.HELD, State.CLOSED}:
        return known
    return f"{known} {_('Med reservation för ändringar.')}"


def _of_day(of_day: programme.Day, *, dated: bool) -> list[Node]:
    rows = [_row(row) for row in of_day.rows]
    if not dated:
        return rows
    return [{"time": "", "pause": False, "title": day(of_day.date), "speakers": []}, *rows]


def _row(row: programme.Row) -> Node:
    time = clock_span(row.starts, row.ends)
    if not row.several:
        return {"time": time} | _part(row.parts[0])
    return {
        "time": time,
        "title": _("Parallella pass, välj ett") if row.parallel else _("Samtidigt"),
        "pause": True,
        "parallel": [_part(part) for part in row.parts],
    }


def _part(part: programme.Part) -> Node:
    return {
        "title": part.title,
        "kind": part.track or (str(ITEM_KIND[part.kind]) if not part.pause else ""),
        "room": part.room,
        "pause": part.pause,
        "text": _paragraphs(part.text),
        "speakers": [
            {
                "name": one.name,
                "by": one.by,
                "role": str(SPEAKER_ROLE[one.role]) if one.role != SpeakerRole.SPEAKER else "",
            }
            for one in part.names
        ],
    }


def _paragraphs(text: str) -> list[Node]:
    return [
        {"type": "paragraph", "tight": False, "inlines": [{"type": "text", "text": part}]}
        for part in text.split("\n\n")
        if part.strip()
    ]
