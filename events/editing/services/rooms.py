"""The rooms of an event."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import changes, record
from core.db import Stale
from core.errors import Refusal
from core.text import name_key
from events.editing import queries
from events.editing.models import Room
from events.models import Event, ProgrammeItem
from events.rules import Part
from events.services import refuse_closed

FACTS = ("name", "seats", "step_free", "hearing_loop", "note")


def save_rooms(
    session: Session,
    event: Event,
    *,
    rooms: Sequence[tuple[int | None, int, dict[str, Any]]],
    by: User | None,
    now: datetime,
) -> int:
    """Save rooms, each given as id (None: a new one), version and facts; how many changed.

    One without a name goes. Where a room gets another name, its items follow. Raises `Stale`
    where somebody else saved one of them meanwhile, `Refusal` for a name given twice.
    """
    refuse_closed(event)
    names = [name_key(facts["name"]) for _id, _version, facts in rooms if facts["name"]]
    if len(set(names)) < len(names):
        raise Refusal(_("Två rum har samma namn. Ändra det ena."))
    there = {room.id: room for room in queries.rooms(session, event.id)}
    changed = 0
    for id_, version, facts in rooms:
        if id_ is not None:
            changed += _change(session, there.get(id_), version, facts)
        elif facts["name"]:
            session.add(Room(event_id=event.id, **facts))
            changed += 1
    session.flush()
    if changed:
        record(
            session, by=by, action="rooms.changed", subject=event, now=now, event_id=event.id,
            details={"rooms": changed},
        )  # fmt: skip
    return changed


def copy_rooms(
    session: Session, event: Event, copy: Event, parts: set[Part], _by: User | None, _now: datetime
) -> None:
    """A copy that takes the programme along has the same rooms."""
    if Part.PROGRAMME in parts:
        session.add_all(
            Room(event_id=copy.id, **{name: getattr(room, name) for name in FACTS})
            for room in queries.rooms(session, event.id)
        )
        session.flush()


def _change(session: Session, room: Room | None, version: int, facts: dict[str, Any]) -> bool:
    if room is None or room.version != version:
        raise Stale
    if not facts["name"]:
        session.delete(room)
        return True
    before = room.name
    changed = changes(room, facts)
    if "name" in changed:
        _rename(session, room.event_id, before, room.name)
    return bool(changed)


def _rename(session: Session, event_id: int, before: str, after: str) -> None:
    for item in session.scalars(sa.select(ProgrammeItem).filter_by(event_id=event_id, room=before)):
        item.room = after
