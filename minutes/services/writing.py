"""Writing in a draft: its head and its sections, each with a version of its own."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import changes
from core.errors import Refusal
from events.models import ProgrammeItem
from minutes import queries
from minutes.models import Minutes, Section
from minutes.rules import FIRST_POSITION, MOST_SECTIONS, Part
from minutes.services.guard import lock_draft, note

HEAD = ("case_number", "place", "chair", "note_taker")


def save(
    session: Session,
    minutes: Minutes,
    *,
    facts: dict[str, Any],
    version: int | None = None,
    by: User | None,
    now: datetime,
) -> None:
    """Save the head (the names in `HEAD`). Raises `Refusal` when published, `Stale`."""
    lock_draft(session, minutes)
    minutes.refuse_older(version)
    changed = changes(minutes, {name: facts[name] for name in HEAD if name in facts})
    if changed:
        minutes.updated = now
        session.flush()
        note(session, minutes, "changed", minutes, by, now, changed)


def save_section(
    session: Session,
    section: Section,
    *,
    facts: dict[str, Any],
    version: int | None = None,
    by: User | None,
    now: datetime,
) -> None:
    """Save heading, speakers and body of a section; only the body of a fixed part.

    Raises `Refusal` when published and `Stale` where a later version has been saved.
    """
    lock_draft(session, section.minutes)
    session.refresh(section)
    section.refuse_older(version)
    names = ("heading", "speakers", "body") if section.is_movable else ("body",)
    changed = changes(section, {name: facts[name] for name in names if name in facts})
    if changed:
        section.updated, section.updated_by_id = now, by.id if by else None
        session.flush()
        details = {"changed": sorted(changed), "length": len(section.body)}
        note(session, section.minutes, "section_changed", section, by, now, details)


def add_section(
    session: Session, minutes: Minutes, *, facts: dict[str, Any], by: User | None, now: datetime
) -> Section:
    """Add a section after the last item. Raises `Refusal` when published or when there are many."""
    lock_draft(session, minutes)
    session.refresh(minutes, ["sections"])
    items = queries.items_of(minutes)
    if len(items) >= MOST_SECTIONS:
        raise Refusal(
            _("Det finns redan %(n)s avsnitt. Slå ihop några innan du lägger till.", n=len(items))
        )
    section = Section(
        part=Part.ITEM,
        position=max((item.position for item in items), default=FIRST_POSITION[Part.ITEM]) + 1,
        heading=facts["heading"],
        speakers=facts.get("speakers", ""),
        body=facts.get("body", ""),
        updated=now,
        updated_by_id=by.id if by else None,
    )
    minutes.sections.append(section)
    session.flush()
    note(session, minutes, "section_added", section, by, now, {"heading": section.heading[:120]})
    return section


def move_section(
    session: Session, section: Section, *, up: bool, by: User | None, now: datetime
) -> None:
    """Let a section change places with the one before (or after) it; at the end nothing happens.

    Positions are set past the versions: whoever is writing in either section is not disturbed.
    """
    minutes = section.minutes
    lock_draft(session, minutes)
    items = queries.items_of(minutes)
    if section not in items:
        raise Refusal(_("Det här avsnittet har sin bestämda plats."))
    at = items.index(section)
    other = at - 1 if up else at + 1
    if not 0 <= other < len(items):
        return
    items[at], items[other] = items[other], items[at]
    for place, item in enumerate(items, FIRST_POSITION[Part.ITEM]):
        session.execute(sa.update(Section).where(Section.id == item.id).values(position=place))
    session.expire(minutes, ["sections"])
    note(session, minutes, "section_moved", section, by, now, {"up": up})


def remove_section(
    session: Session,
    section: Section,
    *,
    version: int | None = None,
    by: User | None,
    now: datetime,
) -> None:
    """Remove a section with its text. Raises `Refusal`, and `Stale` where it has changed since."""
    minutes = section.minutes
    lock_draft(session, minutes)
    session.refresh(section)
    if not section.is_movable:
        raise Refusal(_("Det här avsnittet hör till alla anteckningar. Töm det i stället."))
    section.refuse_older(version)
    note(session, minutes, "section_removed", section, by, now, {"heading": section.heading[:120]})
    minutes.sections.remove(section)
    session.flush()


def fill(
    session: Session, minutes: Minutes, *, content: dict[str, Any], by: User | None, now: datetime
) -> None:
    """Replace what is written by `content`: head, texts and sections of a finished document.

    Keys (all may be absent): those of `HEAD`, the fixed parts, and `sections`, a list of
    {heading, speakers, body}.
    """
    save(session, minutes, facts=content, by=by, now=now)
    for section in list(minutes.sections):
        if section.part.value in content:
            body = content[section.part.value]
            save_section(session, section, facts={"body": body}, by=by, now=now)
        elif section.is_movable and "sections" in content:
            remove_section(session, section, by=by, now=now)
    for facts in content.get("sections", []):
        add_section(session, minutes, facts=facts, by=by, now=now)


def forget_item(session: Session, item: ProgrammeItem, _now: datetime) -> None:
    """A programme item is about to be removed: what was written about it stays."""
    session.execute(sa.update(Section).where(Section.item_id == item.id).values(item_id=None))
