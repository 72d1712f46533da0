"""The nouns of parallel seminars: what is asked, what is given, and why not."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

Span = tuple[datetime, datetime]


class How(enum.StrEnum):
    """How the seats of a slot are given."""

    FIRST_COME = "first_come"
    PLACED = "placed"


class Outcome(enum.StrEnum):
    """What somebody got in a slot."""

    FIRST = "first"
    SECOND = "second"
    ROOM = "room"  # placed where there was room
    NONE = "none"
    BY_HAND = "by_hand"


class Bar(enum.StrEnum):
    """Why somebody cannot be placed in a seminar, full or not."""

    IN_ROOM = "in_room"  # the person takes part online, the seminar does not
    CLASH = "clash"  # the person has a seat in something at the same time


class Rule(enum.StrEnum):
    """Who goes first to a seminar that more want first than it seats."""

    MOST = "most"  # whoever makes the most second choices possible
    EARLIEST = "earliest"  # whoever registered first, come what may


class RunState(enum.StrEnum):
    """Where a placement stands."""

    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True)
class Pick:
    """What a form says of one slot: ids of seminars. `placed`: wishes, no seat is taken yet."""

    field: str
    group: str
    first: int | None
    second: int | None
    placed: bool


@dataclass(frozen=True)
class Seminar:
    """One of the items of a slot. `free` seats, None for no limit; `online`: also for those."""

    id: int
    starts: datetime
    ends: datetime
    free: int | None
    online: bool = False


@dataclass(frozen=True)
class Slot:
    """Seminars that run side by side."""

    name: str
    seminars: tuple[Seminar, ...]

    @property
    def begins(self) -> datetime:
        """When the first of them begins."""
        return min(one.starts for one in self.seminars)


@dataclass(frozen=True)
class Person:
    """Somebody to be placed.

    `order` sorts by time of registration; `wishes` by slot; `settled` are slots where the
    person has a seat already; `busy` when.
    """

    id: int
    order: tuple[datetime, int]
    online: bool = False
    wishes: Mapping[str, tuple[int | None, int | None]] = field(default_factory=dict)
    settled: frozenset[str] = frozenset()
    busy: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Asking:
    """A person in one slot, and the seminars that are `barred` for that person."""

    id: int
    order: tuple[datetime, int]
    first: int | None
    second: int | None
    barred: Mapping[int, Bar] = field(default_factory=dict)


@dataclass(frozen=True)
class Given:
    """What somebody got. `later`: how many who registered later got that person's first choice."""

    seminar: int | None
    outcome: Outcome
    later: int = 0
