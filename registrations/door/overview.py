"""What the page of one participant shows of the door: a template global."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.db import db
from events.models import ProgrammeItem
from registrations.door import queries
from registrations.door.rules import Stay, in_part, stays
from registrations.models import CheckIn, Registration


@dataclass(frozen=True)
class Presence:
    """When somebody was at the event (or, with `item`, in a part of it), by the door's log."""

    item: ProgrammeItem | None
    stays: list[Stay]
    in_part: bool


@dataclass(frozen=True)
class Story:
    """Where a person was, and every line that says so, corrections beside the rest."""

    presences: list[Presence]
    lines: Sequence[CheckIn]


def door_story(registration: Registration) -> Story:
    """The event first, then the items in the order they were entered. One query."""
    lines = queries.lines_of(db.session, registration.id)
    by_item: dict[int | None, list[CheckIn]] = {None: []}
    for line in lines:
        by_item.setdefault(line.item_id, []).append(line)
    found = [_presence(registration, of_item) for of_item in by_item.values() if of_item]
    return Story([one for one in found if one.stays], lines)


def _presence(registration: Registration, lines: list[CheckIn]) -> Presence:
    item = lines[0].item
    on = item or registration.event
    found = stays((line.tick, line.at) for line in lines)
    return Presence(item, found, in_part(found, on.starts, on.ends))
