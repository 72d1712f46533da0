"""A released programme as people read it: items in order, parallel ones side by side.

Made from `Release.content`, which is frozen; the seats left are the only thing that moves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from core.clock import to_local
from events.rules import ItemKind, SpeakerRole

Content = Mapping[str, Any]


@dataclass(frozen=True)
class Name:
    """Somebody who takes part in an item."""

    name: str
    by: str
    role: SpeakerRole


@dataclass(frozen=True)
class Part:
    """One item. `left` is the seats left, None where there is no limit or nothing to choose."""

    kind: ItemKind
    starts: datetime
    ends: datetime
    title: str
    text: str
    room: str
    group: str
    pause: bool
    left: int | None
    names: tuple[Name, ...]
    track: str = ""


@dataclass(frozen=True)
class Row:
    """What stands at one time: one item, those of a group, of which one is chosen, or of tracks."""

    parts: tuple[Part, ...]

    @property
    def starts(self) -> datetime:
        """When the first of them begins."""
        return min(part.starts for part in self.parts)

    @property
    def ends(self) -> datetime:
        """When the last of them ends."""
        return max(part.ends for part in self.parts)

    @property
    def several(self) -> bool:
        """Whether several run side by side."""
        return len(self.parts) > 1

    @property
    def parallel(self) -> bool:
        """Whether one of several is chosen."""
        return self.several and bool(self.parts[0].group)


@dataclass(frozen=True)
class Day:
    """One day of the programme."""

    date: date
    rows: tuple[Row, ...]


def days(content: Content, left: Mapping[int, int | None] | None = None) -> tuple[Day, ...]:
    """The programme by day; `left` maps item ids to the seats left in them."""
    rows = _rows([_part(item, left or {}) for item in content.get("items", ())])
    by_day = groupby(rows, key=lambda row: to_local(row.starts).date())
    return tuple(Day(day, tuple(of_day)) for day, of_day in by_day)


def part_of(item: Mapping[str, Any]) -> Part:
    """One item of a released programme."""
    return _part(item, {})


def _rows(parts: list[Part]) -> list[Row]:
    groups: dict[Any, list[Part]] = {}
    for number, part in enumerate(parts):
        together = (part.starts, part.ends) if part.track else number
        groups.setdefault(part.group or together, []).append(part)
    return sorted((Row(tuple(found)) for found in groups.values()), key=lambda row: row.starts)


def _part(item: Mapping[str, Any], left: Mapping[int, int | None]) -> Part:
    return Part(
        kind=ItemKind(item["kind"]),
        starts=datetime.fromisoformat(item["starts"]),
        ends=datetime.fromisoformat(item["ends"]),
        title=item["title"],
        text=item.get("text", ""),
        room=item.get("room", ""),
        group=item.get("group", ""),
        pause=bool(item.get("pause")),
        left=left.get(item["id"]),
        names=tuple(
            Name(one["name"], one.get("by", ""), SpeakerRole(one["role"]))
            for one in item.get("speakers", ())
        ),
        track=item.get("track", ""),
    )
