"""Which files there are, and to whom each may be handed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from core.db import db
from events.attachments.models import Attachment
from events.attachments.rules import Visibility
from events.models import Event
from events.queries.releases import latest_release
from events.rules import PUBLIC_STATES
from events.speaking.shown import slides_may_be_shown

FOR_ALL = frozenset({Visibility.PUBLIC})
FOR_REGISTERED = frozenset({Visibility.PUBLIC, Visibility.REGISTERED})


@dataclass(frozen=True)
class Shown:
    """A file as others than staff see it. `about` is the title of its line in the programme."""

    file: Attachment
    about: str


def find_attachment(attachment_id: int) -> Attachment | None:
    """The file of that id, whosesoever it is (the gate asks)."""
    return db.session.get(Attachment, attachment_id)


def of_event(session: Session, event_id: int) -> list[Attachment]:
    """All files of an event, in their order."""
    return list(
        session.scalars(
            sa.select(Attachment)
            .where(Attachment.event_id == event_id)
            .options(joinedload(Attachment.item), joinedload(Attachment.speaker))
            .order_by(Attachment.position, Attachment.id)
        )
    )


def of_speaker(session: Session, speaker_id: int) -> list[Attachment]:
    """The slides of a speaker, at whatever event, the latest first."""
    return list(
        session.scalars(
            sa.select(Attachment)
            .where(Attachment.speaker_id == speaker_id)
            .options(joinedload(Attachment.event))
            .order_by(Attachment.id.desc())
        )
    )


def room_left(session: Session, event_id: int) -> tuple[int, int]:
    """How many files an event has, and their bytes."""
    count, size = session.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(Attachment.size), 0)).where(
            Attachment.event_id == event_id
        )
    ).one()
    return int(count), int(size)


def shown(session: Session, event_id: int, to: Iterable[Visibility]) -> list[Shown]:
    """The files of an event that may be handed to whoever may see `to`.

    One that belongs to a line which no release has is not shown: its name might tell of a draft.
    """
    found = session.scalars(
        sa.select(Attachment)
        .where(
            Attachment.event_id == event_id,
            Attachment.visibility.in_(to),
            slides_may_be_shown(Attachment.speaker_id),
        )
        .order_by(Attachment.position, Attachment.id)
    ).all()
    if not found:
        return []
    titles = released_titles(session, event_id)
    return [
        Shown(file, titles.get(file.item_id or 0, ""))
        for file in found
        if file.item_id is None or file.item_id in titles
    ]


def with_public_files(session: Session, event_ids: Iterable[int]) -> Sequence[int]:
    """Those of these events that may have files for everybody."""
    return session.scalars(
        sa.select(Attachment.event_id)
        .where(Attachment.event_id.in_(list(event_ids)), Attachment.visibility.in_(FOR_ALL))
        .distinct()
        .order_by(Attachment.event_id)
    ).all()


def released_titles(session: Session, event_id: int) -> dict[int, str]:
    """The lines of the latest release, by id."""
    release = latest_release(session, event_id)
    items = release.content.get("items", ()) if release else ()
    return {item["id"]: item["title"] for item in items}


def public_one(session: Session, token: str) -> Attachment | None:
    """The file at that address, if everybody may have it."""
    return _one(session, Attachment.token == token, Attachment.visibility.in_(FOR_ALL))


def registered_one(session: Session, event_id: int, token: str) -> Attachment | None:
    """The file of that event at that address, if those who have a place may have it."""
    return _one(
        session,
        Attachment.token == token,
        Attachment.event_id == event_id,
        Attachment.visibility.in_(FOR_REGISTERED),
    )


def _one(session: Session, *conditions: sa.ColumnElement[bool]) -> Attachment | None:
    found = session.scalar(
        sa.select(Attachment)
        .join(Event, Event.id == Attachment.event_id)
        .where(
            Event.state.in_(PUBLIC_STATES), slides_may_be_shown(Attachment.speaker_id), *conditions
        )
    )
    if found is None or found.item_id is None:
        return found
    return found if found.item_id in released_titles(session, found.event_id) else None
