"""The draft of a programme: its items, as a release would hold them and as the checks see them."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from events.models import Appearance, Event, ProgrammeItem, Speaker
from events.rules import Slot
from events.speaking.rules import Consent


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
    """The draft as a release would hold it."""
    session = sa.orm.object_session(event)
    return content_of(programme(session, event.id) if session is not None else event.items)


def content_of(items: Sequence[ProgrammeItem]) -> dict[str, Any]:
    """These items as a release holds them. Only speakers who have consented are named."""
    named = [a.speaker for item in items for a in item.appearances if a.speaker.consent]
    return {
        "items": [_item(item) for item in items],
        "speakers": [_speaker(speaker) for speaker in dict.fromkeys(named)],
    }


def _item(item: ProgrammeItem) -> dict[str, Any]:
    # Releases from before there were tracks have no such key: an item without one is as it was.
    track = {"track": item.track} if item.track else {}
    return track | {
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
        "photo": speaker.photo.token if speaker.photo and speaker.shows(Consent.PHOTO) else None,
    }


def slots(items: Sequence[ProgrammeItem]) -> list[Slot]:
    """These items as the checks see them."""
    return [
        Slot(
            title=item.title,
            starts=item.starts,
            ends=item.ends,
            room=item.room,
            group=item.group,
            speakers=tuple(
                (a.speaker_id, a.speaker.name, a.speaker.consent) for a in item.appearances
            ),
            pause=item.is_pause,
        )
        for item in items
    ]
