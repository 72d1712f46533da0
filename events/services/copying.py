"""A new event made of an old one."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import record
from events import hooks
from events.models import Event
from events.rules import COPIED_FACTS, Mode, Part
from events.services.occasions import create_event
from events.services.programme import add_item
from events.times import moved, wall_delta

MOVING = ("registration_opens", "registration_closes", "cancel_by")


def copy_event(
    session: Session,
    event: Event,
    *,
    title: str,
    starts: datetime,
    parts: set[Part],
    by: User | None,
    now: datetime,
) -> Event:
    """A draft that starts at `starts`, with the chosen `parts` of `event`.

    It lasts as long; its programme and last days move along on the wall clock. What belongs to
    the one occasion stays behind: case number, releases, registrations, the link, the state.
    """
    delta = wall_delta(event.starts, starts)
    facts: dict[str, Any] = {"title": title, "starts": starts, "ends": moved(event.ends, delta)}
    capacity: dict[Mode, int | None] = {p.mode: p.capacity for p in event.pools if p.mode}
    if Part.FACTS in parts:
        facts |= {name: getattr(event, name) for name in COPIED_FACTS}
        for name in MOVING:
            value = getattr(event, name)
            facts[name] = moved(value, delta) if value else None
        facts["co_organisers"] = list(event.co_organisers)
    facts["invited_only"] = event.invited_only
    copy = create_event(
        session, authority=event.authority, kind=event.kind, facts=facts, capacity=capacity,
        by=by, now=now,
    )  # fmt: skip
    if Part.PROGRAMME in parts:
        _copy_programme(session, event, copy, with_speakers=Part.SPEAKERS in parts, by=by, now=now)
    hooks.event_copied(session, event, copy, parts, by, now)
    record(
        session, by=by, action="event.copied", subject=copy, now=now, event_id=copy.id,
        details={"from": event.id},
    )  # fmt: skip
    return copy


def _copy_programme(
    session: Session,
    event: Event,
    copy: Event,
    *,
    with_speakers: bool,
    by: User | None,
    now: datetime,
) -> None:
    delta = wall_delta(event.starts, copy.starts)
    for item in event.items:
        facts = {
            name: getattr(item, name)
            for name in ("kind", "title", "text", "room", "group", "track", "capacity")
        }
        facts |= {"starts": moved(item.starts, delta), "ends": moved(item.ends, delta)}
        speakers = [(a.speaker, a.role) for a in item.appearances] if with_speakers else []
        add_item(session, copy, facts=facts, speakers=speakers, by=by, now=now)
