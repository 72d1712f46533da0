"""Questions about minutes that have a name, and the minutes as one document."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import force_locale
from sqlalchemy.orm import Session, selectinload

from accounts.models import User
from core.clock import STOCKHOLM, to_local
from core.db import db
from core.reference import SECTOR_WORDS
from events.models import Event
from events.rules import PUBLIC_STATES, usual_case_number
from events.words import KIND
from minutes.models import Addendum, Minutes, Section
from minutes.rules import Odd, Part, State, Text, form_of, odd_head, odd_texts
from minutes.words import FORM
from registrations.models import Invitation, Organisation, Registration
from registrations.queries.figures import figures
from registrations.queries.presence import present
from registrations.rules import Answer

STAMP = ("published", "published_by")


@dataclass(frozen=True)
class Glance:
    """What decides how the public document looks: the frozen file, the last addendum, the event.

    `attached` is how many files the event has, `shown` grows with what its pages show.
    """

    id: int
    checksum: str
    addendum: int
    event_id: int
    attached: int
    shown: int


def of_event(session: Session, event_id: int) -> Minutes | None:
    """The minutes of an event, with their sections."""
    return session.scalar(
        sa.select(Minutes)
        .filter_by(event_id=event_id)
        .options(selectinload(Minutes.sections).joinedload(Section.updated_by))
    )


def find_section(section_id: int) -> Section | None:
    """The section of that id, whosesoever it is (the gate asks)."""
    return db.session.get(Section, section_id)


def is_published(session: Session, event_id: int) -> bool:
    """Whether there are published minutes of the event."""
    asked = sa.exists().where(Minutes.event_id == event_id, Minutes.state == State.PUBLISHED)
    return bool(session.scalar(sa.select(asked)))


def published_among(session: Session, event_ids: Sequence[int]) -> set[int]:
    """Those of these events that have published minutes."""
    return set(
        session.scalars(
            sa.select(Minutes.event_id).where(
                Minutes.event_id.in_(event_ids), Minutes.state == State.PUBLISHED
            )
        )
    )


_GLANCE = (
    sa.select(
        Minutes.id,
        Minutes.checksum,
        sa.select(sa.func.coalesce(sa.func.max(Addendum.id), 0))
        .where(Addendum.minutes_id == Minutes.id)
        .scalar_subquery(),
        Event.id,
        Event.attached,
        Event.shown,
    )
    .join(Event, Event.id == Minutes.event_id)
    .where(
        Event.slug == sa.bindparam("slug"),
        Event.state.in_(PUBLIC_STATES),
        Minutes.state == State.PUBLISHED,
    )
)


def glance(session: Session, slug: str) -> Glance | None:
    """What the document of a public event depends on, in one question; None where none is."""
    row = session.execute(_GLANCE, {"slug": slug}).one_or_none()
    return None if row is None else Glance(*row)


def frozen(session: Session, minutes_id: int) -> dict[str, Any]:
    """The document as it was published."""
    found: dict[str, Any] | None = session.scalar(
        sa.select(Minutes.content).where(Minutes.id == minutes_id)
    )
    return found or {}


def file(session: Session, minutes_id: int) -> bytes:
    """The PDF as it was published."""
    return bytes(session.scalar(sa.select(Minutes.pdf).where(Minutes.id == minutes_id)) or b"")


def addenda(session: Session, minutes_id: int) -> list[Addendum]:
    """What was added later, the oldest first."""
    return list(
        session.scalars(sa.select(Addendum).filter_by(minutes_id=minutes_id).order_by(Addendum.id))
    )


def document(session: Session, minutes: Minutes) -> dict[str, Any]:
    """The minutes as they stand, as data that can be frozen: nothing in it points elsewhere.

    Instants are ISO 8601 in UTC, texts are Markdown, and words for people are in Swedish.
    Beyond chair, note taker and speakers it names nobody: participants are numbers, and of
    a sakråd the organisations that were asked.
    """
    event = minutes.event
    with force_locale("sv"):
        kind, form = str(KIND[event.kind]), str(FORM[form_of(event.kind)])
    return {
        "format": 1,
        "title": event.title,
        "kind": kind,
        "form": form,
        "council": event.is_issue_council,
        "authority": event.authority.name,
        "case_number": minutes.case_number,
        "starts": event.starts.isoformat(),
        "ends": event.ends.isoformat(),
        "place": minutes.place,
        "chair": minutes.chair,
        "note_taker": minutes.note_taker,
        "participants": participants(session, event),
        "parts": [
            {
                "part": section.part.value,
                "heading": section.heading,
                "speakers": section.speakers,
                "body": section.body,
            }
            for section in minutes.sections
        ],
    }


def stamped(content: dict[str, Any], *, by: User | None, now: datetime) -> dict[str, Any]:
    """`content` with the day it was adopted and by whom: what is frozen."""
    return content | {"published": now.isoformat(), "published_by": by.name if by else ""}


def unstamped(content: dict[str, Any]) -> dict[str, Any]:
    """`content` as `document` gave it."""
    return {key: value for key, value in content.items() if key not in STAMP}


def participants(session: Session, event: Event) -> dict[str, Any]:
    """How many registered and came, by sector; of a sakråd also which organisations."""
    counted = figures(session, event.id)
    with force_locale("sv"):
        labels = {sector: str(words) for sector, words in SECTOR_WORDS.items()}
    return {
        "registered": counted.registered,
        "came": counted.came,
        "municipalities": counted.municipalities,
        "by_sector": [
            {"label": labels[row.sector], "registered": row.registered, "came": row.came}
            for row in counted.by_sector
        ],
        "organisations": _organisations(session, event) if event.is_issue_council else [],
    }


def _organisations(session: Session, event: Event) -> list[dict[str, Any]]:
    """The invited organisations by name, their answer and how many of theirs came."""
    there = present(event.id)
    rows = session.execute(
        sa.select(Organisation, Invitation.answer, sa.func.count(there.c.registration_id))
        .join(Invitation, Invitation.organisation_id == Organisation.id)
        .outerjoin(Registration, Registration.invitation_id == Invitation.id)
        .outerjoin(there, there.c.registration_id == Registration.id)
        .where(Invitation.event_id == event.id, Invitation.answer != Answer.DRAFT)
        .group_by(Organisation.id, Invitation.id, Invitation.answer)
        .order_by(Organisation.sort_key, Organisation.id)
        .options(selectinload(Organisation.names))
    )
    day = to_local(event.starts, STOCKHOLM).date()
    return [
        {"name": organisation.name_on(day), "answer": answer.value, "came": came}
        for organisation, answer, came in rows
    ]


def oddities(session: Session, minutes: Minutes, now: datetime) -> list[tuple[Odd, str]]:
    """What is empty or odd before publishing, each with the heading it concerns or ""."""
    event = minutes.event
    texts = [Text(s.part, s.heading, s.body) for s in minutes.sections]
    head = odd_head(
        ends=event.ends,
        now=now,
        case_number=minutes.case_number,
        usual=usual_case_number(minutes.case_number),
        chair=minutes.chair,
        note_taker=minutes.note_taker,
    )
    found = [(odd, "") for odd in head]
    counted = figures(session, event.id)
    if counted.registered and not counted.came:
        found.append((Odd.NOBODY_CAME, ""))
    return found + odd_texts(texts)


def place_of(sections: list[Section], section: Section) -> tuple[Section | None, Section | None]:
    """The sections before and after `section` in the document."""
    at = [one.id for one in sections].index(section.id)
    before = sections[at - 1] if at else None
    return before, sections[at + 1] if at + 1 < len(sections) else None


def items_of(minutes: Minutes) -> list[Section]:
    """The sections that may be moved and removed."""
    return [section for section in minutes.sections if section.part is Part.ITEM]
