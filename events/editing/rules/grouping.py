"""An item as a text tells of it, and which of them one chooses between."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import count
from typing import Any

from events.editing.rules.people import ReadPerson
from events.rules import PAUSES, ItemKind


@dataclass(frozen=True)
class Read:
    """An item as the text tells of it, on the wall clock. `line` is where it stands."""

    line: int
    starts: datetime
    ends: datetime
    title: str
    kind: ItemKind
    text: str = ""
    room: str = ""
    group: str = ""
    track: str = ""
    people: tuple[ReadPerson, ...] = ()


def grouped(
    items: list[Read], days: Sequence[date], taken: Collection[str], *, choice: bool
) -> Iterator[Read]:
    """Items with exactly the same times are a group, numbered: times may be moved later."""
    same: dict[tuple[datetime, datetime], list[Read]] = defaultdict(list)
    for item in items:
        if item.kind not in PAUSES:
            same[item.starts, item.ends].append(item)
    names: dict[tuple[datetime, datetime], str] = {}
    for when in sorted(when for when, some in same.items() if len(some) > 1):
        names[when] = _free_name((when[0].date() - days[0]).days + 1, len(days), taken, names)
    for item in items:
        beside = same[item.starts, item.ends]
        if not choice or len(beside) < 2 or item.kind in PAUSES:
            yield item
            continue
        kind = ItemKind.SEMINAR if item.kind is ItemKind.TALK else item.kind
        yield replace(item, group=names[item.starts, item.ends], kind=kind)


def _free_name(day: int, days: int, taken: Collection[str], names: Mapping[Any, str]) -> str:
    """The next "Pass 2", or "Dag 1, pass 2" where there are several days."""
    form = "Pass {}" if days == 1 else f"Dag {day}, pass {{}}"
    used = {*taken, *names.values()}
    return next(name for number in count(1) if (name := form.format(number)) not in used)
