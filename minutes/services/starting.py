"""From the programme to the first draft."""

from datetime import datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from core.reference import municipality_name
from events.models import Event
from events.queries.drafts import draft_content
from events.queries.releases import latest_release
from events.rules import SpeakerRole
from events.words import SPEAKER_ROLE
from minutes import queries
from minutes.models import Minutes, Section
from minutes.rules import FIRST_POSITION, MOST_SECTIONS, Part, named
from minutes.services.guard import note
from minutes.words import COUNCIL_HEADING, COUNCIL_SECTIONS, FOLLOW_UP, HEADING


def start(session: Session, event: Event, *, by: User | None, now: datetime) -> Minutes:
    """Make the minutes of an event from its programme. Asked again: those that there are."""
    known = queries.of_event(session, event.id)
    if known:
        return known
    minutes = Minutes(
        event=event,
        case_number=event.case_number,
        place=_place(event),
        chair=_chair(event),
        note_taker=by.name if by else "",
        created=now,
        updated=now,
    )
    with force_locale("sv"):
        minutes.sections = _first_sections(session, event, by, now)
    session.add(minutes)
    session.flush()
    note(session, minutes, "started", minutes, by, now, {"sections": len(minutes.sections)})
    return minutes


def _first_sections(
    session: Session, event: Event, by: User | None, now: datetime
) -> list[Section]:
    headings = COUNCIL_HEADING if event.is_issue_council else HEADING
    fixed = [
        Section(
            part=part,
            position=FIRST_POSITION[part],
            heading=str(words),
            body=_purpose(event) if part is Part.INTRODUCTION else "",
        )
        for part, words in headings.items()
    ]
    items = _said(session, event) or _template(event)
    if event.is_issue_council:
        items.append(Section(heading=str(FOLLOW_UP)))
    for position, section in enumerate(items, FIRST_POSITION[Part.ITEM]):
        section.part, section.position = Part.ITEM, position
    for section in fixed + items:
        section.updated, section.updated_by_id = now, by.id if by else None
    return sorted(fixed + items, key=lambda section: section.position)


def _said(session: Session, event: Event) -> list[Section]:
    """A section for each item of the programme as published (else as planned), pauses apart."""
    release = latest_release(session, event.id)
    content = release.content if release else draft_content(event)
    planned = {item.id for item in event.items}
    return [
        Section(
            item_id=item["id"] if item["id"] in planned else None,
            heading=item["title"],
            speakers=_speakers(item["speakers"])[:1000],
        )
        for item in content["items"]
        if not item["pause"]
    ][:MOST_SECTIONS]


def _template(event: Event) -> list[Section]:
    headings = COUNCIL_SECTIONS if event.is_issue_council else ()
    return [Section(heading=str(words)) for words in headings]


def _speakers(people: list[dict[str, Any]]) -> str:
    return named(
        (
            person["name"],
            person["by"],
            ""
            if person["role"] == SpeakerRole.SPEAKER
            else str(SPEAKER_ROLE[SpeakerRole(person["role"])]),
        )
        for person in people
    )


def _purpose(event: Event) -> str:
    """What the introduction begins with: what the occasion was for."""
    if not event.is_issue_council:
        return event.purpose
    texts = [
        (_("Syfte"), event.purpose),
        (_("Fråga"), event.question),
        (_("Vad sakrådet kan uppnå"), event.can_achieve),
    ]
    return "\n\n".join(f"**{label}:** {text}" for label, text in texts if text)


def _place(event: Event) -> str:
    municipality = municipality_name(event.municipality)
    places = [event.venue_name, municipality if municipality not in event.venue_name else ""]
    with force_locale("sv"):
        online = _("på nätet")
    if event.online_url and not event.venue_name:
        return online[:1].upper() + online[1:]
    place = ", ".join(part for part in places if part)
    return (place + (f" {_('och')} {online}" if event.online_url else ""))[:300]


def _chair(event: Event) -> str:
    inviter = ", ".join(part for part in (event.inviter_name, event.inviter_title) if part)
    return (inviter or event.contact_name)[:300]
