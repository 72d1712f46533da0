"""What the organiser's pages ask of the database."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from core.db import db
from events.models import Appearance, Event, Pool, ProgrammeItem, Release, Speaker

PAGE = 25  # rows of a list


def find_event(event_id: int) -> Event | None:
    """The event of that id, whosesoever it is (the gate asks)."""
    return db.session.get(Event, event_id)


def find_item(item_id: int) -> ProgrammeItem | None:
    """The programme item of that id, whosesoever it is (the gate asks)."""
    return db.session.get(ProgrammeItem, item_id)


def find_speaker(speaker_id: int) -> Speaker | None:
    """The speaker of that id, whosesoever it is (the gate asks)."""
    return db.session.get(Speaker, speaker_id)


def pool_of_item(session: Session, item_id: int) -> Pool | None:
    """The seats of an item in a choice group."""
    return session.scalar(sa.select(Pool).filter_by(item_id=item_id))


def programme(session: Session, event_id: int) -> Sequence[ProgrammeItem]:
    """The draft with everybody in it, in the order of the day. Four queries, however long."""
    return session.scalars(
        sa.select(ProgrammeItem)
        .filter_by(event_id=event_id)
        .order_by(ProgrammeItem.starts, ProgrammeItem.ends, ProgrammeItem.room, ProgrammeItem.id)
        .options(
            selectinload(ProgrammeItem.appearances)
            .selectinload(Appearance.speaker)
            .selectinload(Speaker.photo)
        )
    ).all()


def draft_content(event: Event) -> dict[str, Any]:
    """The draft as a release would hold it. Only speakers who have consented are named."""
    session = sa.orm.object_session(event)
    items = programme(session, event.id) if session is not None else event.items
    named = [a.speaker for item in items for a in item.appearances if a.speaker.consent]
    return {
        "items": [_item(item) for item in items],
        "speakers": [_speaker(speaker) for speaker in dict.fromkeys(named)],
    }


def _item(item: ProgrammeItem) -> dict[str, Any]:
    return {
        "id": item.id,
        "kind": item.kind.value,
        "starts": item.starts.isoformat(),
        "ends": item.ends.isoformat(),
        "title": item.title,
        "text": item.text,
        "room": item.room,
        "group": item.group,
        "capacity": item.capacity,
        "pause": item.is_pause,
        "speakers": [
            {
                "id": appearance.speaker_id,
                "name": appearance.speaker.name,
                "by": appearance.speaker.by,
                "role": appearance.role.value,
            }
            for appearance in item.appearances
            if appearance.speaker.consent
        ],
    }


def _speaker(speaker: Speaker) -> dict[str, Any]:
    return {
        "id": speaker.id,
        "name": speaker.name,
        "title": speaker.title,
        "organisation": speaker.organisation,
        "text": speaker.text,
        "photo": speaker.photo.token if speaker.photo else None,
    }


def latest_release(session: Session, event_id: int) -> Release | None:
    """What everybody sees of the programme now."""
    return session.scalar(
        sa.select(Release).filter_by(event_id=event_id).order_by(Release.number.desc()).limit(1)
    )


def events_naming(session: Session, speaker: Speaker) -> list[Event]:
    """The events of the speaker's authority whose latest release names the person."""
    latest = (
        sa.select(Release.event_id, sa.func.max(Release.number).label("number"))
        .group_by(Release.event_id)
        .subquery()
    )
    found = session.execute(
        sa.select(Event, Release.content)
        .join(Release, Release.event_id == Event.id)
        .join(
            latest,
            sa.and_(latest.c.event_id == Event.id, latest.c.number == Release.number),
        )
        .where(Event.authority_id == speaker.authority_id)
    )
    return [
        event
        for event, content in found
        if any(person["id"] == speaker.id for person in content["speakers"])
    ]
