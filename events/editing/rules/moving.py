"""Moving, splitting and shifting items on the wall clock: the times of the others follow.

Items that overlap are one block: they change places together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

LEAST = timedelta(minutes=2)  # what can still be split
EVEN = 5  # minutes: where an item is split


class OtherDay(ValueError):
    """An item would leave its day. `title` is what it is called."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.title = title


@dataclass(frozen=True)
class Spell:
    """When an item is, on the wall clock."""

    id: int
    starts: datetime
    ends: datetime
    title: str = ""

    def at(self, delta: timedelta) -> tuple[datetime, datetime]:
        """Its times `delta` later."""
        return self.starts + delta, self.ends + delta


@dataclass(frozen=True)
class Block:
    """Items that overlap, directly or through each other."""

    spells: tuple[Spell, ...]

    @property
    def starts(self) -> datetime:
        """When the first begins."""
        return min(spell.starts for spell in self.spells)

    @property
    def ends(self) -> datetime:
        """When the last ends."""
        return max(spell.ends for spell in self.spells)


Times = dict[int, tuple[datetime, datetime]]


def blocks(spells: Iterable[Spell]) -> list[Block]:
    """The blocks in the order of time."""
    found: list[list[Spell]] = []
    until: datetime | None = None
    for spell in sorted(spells, key=lambda one: (one.starts, one.ends, one.id)):
        if until is not None and spell.starts < until:
            found[-1].append(spell)
        else:
            found.append([spell])
        until = max(until or spell.ends, spell.ends)
    return [Block(tuple(block)) for block in found]


def columns(block: Block, lanes: Mapping[int, str]) -> list[list[Spell]]:
    """The items of a block side by side: those of one lane (room or track, by id) above each other.

    An item without a lane has a column of its own.
    """
    found: dict[str, list[Spell]] = {}
    for spell in block.spells:
        found.setdefault(lanes.get(spell.id) or f"\0{spell.id}", []).append(spell)
    return list(found.values())


def steps(spells: Sequence[Spell], id_: int, by: int) -> Times:
    """New times where the block of item `id_` goes `by` blocks down (negative: up) in its day.

    Those it passes take its place; the pauses between places stay as long as they were. Empty
    where it stands first or last already.
    """
    day = next(spell.starts.date() for spell in spells if spell.id == id_)
    ordered = blocks(spell for spell in spells if spell.starts.date() == day)
    source = _place(ordered, id_)
    return _rearranged(ordered, source, min(max(source + by, 0), len(ordered) - 1))


def moved_before(spells: Sequence[Spell], id_: int, target: int) -> Times:
    """New times where the block of item `id_` takes the place of the block of item `target`."""
    day = next(spell.starts.date() for spell in spells if spell.id == id_)
    ordered = blocks(spell for spell in spells if spell.starts.date() == day)
    if all(target != spell.id for block in ordered for spell in block.spells):
        return {}
    return _rearranged(ordered, _place(ordered, id_), _place(ordered, target))


def shifted(spells: Iterable[Spell], since: datetime, by: timedelta) -> Times:
    """New times where all that begins at `since` or later that day goes `by` later.

    Raises `OtherDay` where an item would leave its day.
    """
    found = {}
    for spell in spells:
        if spell.starts < since or spell.starts.date() != since.date():
            continue
        starts, ends = spell.at(by)
        if starts.date() != since.date() or ends.date() != spell.ends.date():
            raise OtherDay(spell.title)
        found[spell.id] = (starts, ends)
    return found


def middle(spell: Spell) -> datetime | None:
    """Where to split an item in two, on an even five minutes if it can; None if too short."""
    length = spell.ends - spell.starts
    if length < LEAST:
        return None
    half = spell.starts + timedelta(minutes=length // timedelta(minutes=2))
    even = half - timedelta(minutes=half.minute % EVEN)
    return even if even > spell.starts else half


def _place(ordered: Sequence[Block], id_: int) -> int:
    return next(
        place
        for place, block in enumerate(ordered)
        if any(spell.id == id_ for spell in block.spells)
    )


def _rearranged(ordered: Sequence[Block], source: int, target: int) -> Times:
    if source == target:
        return {}
    low, high = min(source, target), max(source, target)
    pauses = [ordered[n + 1].starts - ordered[n].ends for n in range(low, high)]
    order = list(ordered[low : high + 1])
    order.insert(target - low, order.pop(source - low))
    found: Times = {}
    at = ordered[low].starts
    for block, pause in zip(order, [*pauses, timedelta()], strict=True):
        delta = at - block.starts
        found |= {spell.id: spell.at(delta) for spell in block.spells}
        at = block.ends + delta + pause
    return found
