"""What collides in a draft programme, item by item."""

import enum
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from events.rules import SpeakerRole

EARLY = timedelta(hours=1)  # so long before the event registration and coffee may begin


class Clash(enum.StrEnum):
    """What is wrong with the place of an item."""

    ROOM = "room"
    PLENARY = "plenary"
    PERSON = "person"
    MODERATOR = "moderator"
    CHOSEN = "chosen"
    OFFERED = "offered"
    OUTSIDE = "outside"


@dataclass(frozen=True)
class Placed:
    """An item as the checks see it. `people` are (id, name, role); `chosen` have a seat in it."""

    key: int
    title: str
    starts: datetime
    ends: datetime
    room: str = ""
    group: str = ""
    track: str = ""
    people: tuple[tuple[int, str, SpeakerRole], ...] = ()
    seats: int | None = None
    chosen: int = 0


@dataclass(frozen=True)
class Conflict:
    """One thing that collides: where, with what, and the room, person or number it is about."""

    clash: Clash
    key: int
    what: str = ""
    other: str = ""
    seats: int = 0
    people: int = 0
    beside: int | None = None  # the item it collides with


def conflicts(
    items: Sequence[Placed], rooms: Mapping[str, int | None], starts: datetime, ends: datetime
) -> list[Conflict]:
    """All that collides, the items in the order of time; both sides of a pair are told.

    `rooms` maps the names of rooms to their seats.
    """
    seats = {name.casefold(): number for name, number in rooms.items() if number is not None}
    ordered = sorted(items, key=lambda item: (item.starts, item.ends))
    found: list[Conflict] = []
    for place, item in enumerate(ordered):
        for other in _meeting(item, ordered[place + 1 :]):
            found += _between(item, other)
            found += _between(other, item)
        found += _alone(item, seats, starts, ends)
    return found


def _meeting(item: Placed, later: Iterable[Placed]) -> Iterator[Placed]:
    for other in later:
        if other.starts >= item.ends:
            return
        yield other


def _between(item: Placed, other: Placed) -> Iterator[Conflict]:
    if item.room and item.room.casefold() == other.room.casefold():
        yield Conflict(Clash.ROOM, item.key, item.room, other.title, beside=other.key)
    elif not (item.room or other.room or _apart(item, other)):
        yield Conflict(Clash.PLENARY, item.key, "", other.title, beside=other.key)
    elsewhere = {id_: role for id_, _name, role in other.people}
    told = set()
    for id_, name, role in item.people:
        if id_ in elsewhere and id_ not in told:
            told.add(id_)
            moderating = SpeakerRole.MODERATOR in {role, elsewhere[id_]}
            clash = Clash.MODERATOR if moderating else Clash.PERSON
            yield Conflict(clash, item.key, name, other.title, beside=other.key)


def _apart(item: Placed, other: Placed) -> bool:
    """Whether two items without a room are meant to run side by side."""
    tracks = item.track.casefold() != other.track.casefold() and item.track and other.track
    return bool((item.group and other.group) or tracks)


def _alone(
    item: Placed, rooms: Mapping[str, int], starts: datetime, ends: datetime
) -> Iterator[Conflict]:
    seats = rooms.get(item.room.casefold()) if item.room else None
    if seats is not None and seats < item.chosen:
        yield Conflict(Clash.CHOSEN, item.key, item.room, seats=seats, people=item.chosen)
    elif seats is not None and item.seats is not None and seats < item.seats:
        yield Conflict(Clash.OFFERED, item.key, item.room, seats=seats, people=item.seats)
    if item.starts < starts - EARLY or item.ends > ends:
        yield Conflict(Clash.OUTSIDE, item.key)


def told_once(
    clashes: Iterable[Conflict], shown: Container[int], here: int | None = None
) -> dict[int, list[Conflict]]:
    """What collides, by the item it is about: a pair on the first of the two that is shown.

    The other one is there with nothing to tell. What is about `here` is told there.
    """
    rows: dict[int, list[Conflict]] = {}
    told = set()
    for one in sorted(clashes, key=lambda one: one.key != here):
        if one.key not in shown:
            continue
        row = rows.setdefault(one.key, [])
        pair = (frozenset({one.key, one.beside}), one.clash, one.what.casefold())
        if one.beside is None or pair not in told:
            told.add(pair)
            row.append(one)
    return rows
