"""Attach, change, replace, order and remove files."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import changes, record
from core import crypto, files
from core.errors import Refusal
from events.attachments import queries
from events.attachments.models import Attachment
from events.attachments.receiving import Received
from events.attachments.rules import MOST_FILES, MOST_OF_EVENT, Access, Visibility, lacking
from events.attachments.words import LACKING, LACKING_FIELD
from events.models import Event, ProgrammeItem, Speaker
from events.services import refuse_closed, touch


@dataclass(frozen=True)
class Facts:
    """What is said about a file. `item_id` is the line of the programme it belongs to."""

    title: str
    visibility: Visibility
    item_id: int | None = None
    alternative: str = ""
    access: Access = Access.UNKNOWN
    access_url: str = ""
    access_reason: str = ""


def attach(
    session: Session,
    event: Event,
    received: Received,
    *,
    facts: Facts,
    speaker: Speaker | None = None,
    by: User | None,
    now: datetime,
) -> Attachment:
    """Give the event a file that `receiving.receive` has taken in; last in the list.

    Raises `Refusal` for a closed event, one that has no room, a line of another event, and one
    for everybody that lacks what the law asks.
    """
    refuse_closed(event)
    _one_at_a_time(session, event.id)
    count, size = queries.room_left(session, event.id)
    if count >= MOST_FILES or size + received.size > MOST_OF_EVENT:
        raise Refusal(
            _("Evenemanget har redan så många filer som får plats. Ta bort någon först."), "file"
        )
    last = session.scalar(
        sa.select(sa.func.max(Attachment.position)).where(Attachment.event_id == event.id)
    )
    attachment = Attachment(
        token=crypto.new_token(), event_id=event.id, position=(last or 0) + 1,
        speaker_id=speaker.id if speaker else None, kind=received.kind, name=received.name,
        size=received.size, key=received.key, created=now, updated=now,
        created_by_id=by.id if by else None,
    )  # fmt: skip
    _say(session, attachment, event, facts)
    session.add(attachment)
    session.flush()
    _told(session, attachment, event, "attachment.added", by, now, {"size": received.size})
    return attachment


def change(
    session: Session,
    attachment: Attachment,
    *,
    facts: Facts,
    version: int | None = None,
    received: Received | None = None,
    by: User | None,
    now: datetime,
) -> None:
    """Save what is said of the file and, if one was sent, another file at the same address.

    Raises `Stale` for an older `version`, and `Refusal` as `attach` does.
    """
    attachment.refuse_older(version)
    event = attachment.event
    refuse_closed(event)
    if received:
        _one_at_a_time(session, event.id)
        _count, size = queries.room_left(session, event.id)
        if size - attachment.size + received.size > MOST_OF_EVENT:
            raise Refusal(_("Filen får inte plats. Ta bort någon annan först."), "file")
        files.forget(attachment.key)
        for name in ("kind", "name", "size", "key"):
            setattr(attachment, name, getattr(received, name))
    changed = _say(session, attachment, event, facts)
    if received or changed:
        attachment.updated = now
        session.flush()
        action = "attachment.replaced" if received else "attachment.changed"
        _told(session, attachment, event, action, by, now, {"changed": sorted(changed)})


def _one_at_a_time(session: Session, event_id: int) -> None:
    """Who counts the files of an event holds its row: two would else find the same room."""
    mine = sa.select(Event.id).where(Event.id == event_id).with_for_update(key_share=True)
    session.execute(mine)


def move(session: Session, attachment: Attachment, *, up: bool, now: datetime) -> None:
    """One step up or down in the list of the event."""
    rows = queries.of_event(session, attachment.event_id)
    place = rows.index(attachment)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    for position, row in enumerate(rows, start=1):
        row.position = position
    touch(session, attachment.event, now=now)


def remove(session: Session, attachment: Attachment, *, by: User | None, now: datetime) -> None:
    """Take the file away: its row now, itself when that is saved."""
    event = attachment.event
    refuse_closed(event)
    _told(session, attachment, event, "attachment.removed", by, now, {})
    files.forget(attachment.key)
    session.delete(attachment)
    session.flush()
    _count(session, event, now)


def leave_item(session: Session, item: ProgrammeItem, now: datetime) -> None:
    """A line of the programme goes: its files stay with the event.

    Those of a line that was never released are hidden: nobody has been shown them yet.
    """
    rows = session.scalars(sa.select(Attachment).where(Attachment.item_id == item.id)).all()
    if not rows:
        return
    released = item.id in queries.released_titles(session, item.event_id)
    for row in rows:
        row.item_id = None
        if not released:
            row.visibility = Visibility.STAFF
    touch(session, item.event, now=now)


def _say(session: Session, attachment: Attachment, event: Event, facts: Facts) -> dict[str, Any]:
    item = session.get(ProgrammeItem, facts.item_id) if facts.item_id else None
    if facts.item_id and (item is None or item.event_id != event.id):
        raise Refusal(_("Välj en punkt i evenemangets eget program."), "item")
    changed = changes(attachment, vars(facts) | {"title": facts.title or attachment.name})
    if facts.visibility is Visibility.PUBLIC:
        missing = lacking(
            attachment.kind, alternative=facts.alternative, access=facts.access,
            address=facts.access_url, reason=facts.access_reason,
        )  # fmt: skip
        if missing:
            raise Refusal(str(LACKING[missing]), LACKING_FIELD[missing])
    return changed


def _told(
    session: Session,
    attachment: Attachment,
    event: Event,
    action: str,
    by: User | None,
    now: datetime,
    details: dict[str, Any],
) -> None:
    record(
        session, by=by, action=action, subject=attachment, now=now,
        details={"title": attachment.title[:120], "to": attachment.visibility.value} | details,
    )  # fmt: skip
    _count(session, event, now)


def _count(session: Session, event: Event, now: datetime) -> None:
    """What the pages ask first, so that an event without files costs them no question.

    Counted when the event's row is held: two who attach at once would else count one each.
    """
    touch(session, event, now=now)
    many, _size = queries.room_left(session, event.id)
    session.execute(
        sa.update(Event)
        .where(Event.id == event.id)
        .values(attached=many)
        .execution_options(synchronize_session=False)
    )
    session.refresh(event, ["attached"])
