"""What differs between two programmes in the form of `Release.content`, item by item. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

Content = Mapping[str, Any]
Node = Mapping[str, Any]

STOCKHOLM = ZoneInfo("Europe/Stockholm")
SAME_WORDS = 0.8  # so alike two titles are when only a slip of the pen was mended
FEW = 3  # items that move by the same time are told of one by one below this number
NOTHING: Content = {"items": (), "speakers": ()}


class Kind(StrEnum):
    """What kind of change it is."""

    BEGUN = "begun"  # there was no programme before
    ADDED = "added"
    REMOVED = "removed"
    SHIFTED = "shifted"  # everything from one item on, or everything, by the same time
    MOVED = "moved"  # to another day
    RETIMED = "retimed"
    ROOM = "room"
    SPEAKERS = "speakers"
    TITLE = "title"
    TEXT = "text"


@dataclass(frozen=True)
class Change:
    """One thing that is another now. `item` is 0 where it is about a person or the whole.

    `before` and `after` are the item (or the person) as it was and is; `gone` and `new` are the
    people of an item, `wholly` that those gone are in no other item either; `items` everything
    it is about. `common` says that it concerns everybody, not only those who chose one of them.
    """

    kind: Kind
    item: int
    before: Node | None
    after: Node | None
    items: frozenset[int] = frozenset()
    common: bool = True
    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    wholly: bool = False
    whole: bool = False  # of SHIFTED: everything there is
    dated: bool = False  # the programme is about several days

    @property
    def node(self) -> Node:
        """What it is about as it is called now; as it was called where it is gone."""
        return self.after or self.before or {}

    @property
    def minor(self) -> bool:
        """Whether nobody need be told of it: a text, a slip of the pen."""
        if self.kind is Kind.TITLE and self.before and self.after:
            pair = (str(self.before["title"]).casefold(), str(self.after["title"]).casefold())
            return SequenceMatcher(None, *pair).ratio() >= SAME_WORDS
        return self.kind is Kind.TEXT

    def concerns(self, chosen: Iterable[int]) -> bool:
        """Whether it concerns somebody who has chosen these of the parallel items."""
        return self.common or not self.items.isdisjoint(chosen)


def speaker_ids(*contents: Content) -> frozenset[int]:
    """Everybody who is named in these programmes."""
    return frozenset(
        one["id"]
        for content in contents
        for part in (*content.get("items", ()), content)
        for one in part.get("speakers", ())
    )


def changes(before: Content, after: Content) -> tuple[Change, ...]:
    """What is another in `after`, in the order of the day."""
    old = {item["id"]: item for item in before.get("items", ())}
    new = {item["id"]: item for item in after.get("items", ())}
    if not old:
        return (Change(Kind.BEGUN, 0, None, None),) if new else ()
    days = {_wall(item["starts"]).date() for item in (*old.values(), *new.values())}
    shifted = _shifted(old, new, dated=len(days) > 1)
    told = shifted.items if shifted else frozenset()
    left = speaker_ids(before) - speaker_ids({"items": after.get("items", ())})
    found = [shifted] if shifted else []
    for id_ in old.keys() | new.keys():
        found += _of_item(
            old.get(id_), new.get(id_), timed=id_ not in told, left=left, dated=len(days) > 1
        )
    found.sort(key=lambda change: (change.node.get("starts", ""), change.item, _ORDER[change.kind]))
    return (*found, *_of_people(before, after))


_ORDER = {kind: place for place, kind in enumerate(Kind)}


def _of_item(
    was: Node | None, now: Node | None, *, timed: bool, left: frozenset[int], dated: bool
) -> list[Change]:
    found: list[Change] = []

    def add(kind: Kind, **more: Any) -> None:
        one = now or was or {}
        common = not one.get("group")
        found.append(
            Change(
                kind, one["id"], was, now, frozenset({one["id"]}), common, dated=dated, **more
            )
        )  # fmt: skip

    if was is None:
        add(Kind.ADDED)
    elif now is None:
        add(Kind.REMOVED)
    else:
        if timed and (was["starts"], was["ends"]) != (now["starts"], now["ends"]):
            another = _wall(was["starts"]).date() != _wall(now["starts"]).date()
            add(Kind.MOVED if another else Kind.RETIMED)
        if was.get("room", "") != now.get("room", ""):
            add(Kind.ROOM)
        if was["title"] != now["title"]:
            add(Kind.TITLE)
        people = _people(was, now)
        if any(people):
            gone, new = people
            add(
                Kind.SPEAKERS,
                gone=tuple(gone.values()),
                new=tuple(new.values()),
                wholly=bool(gone) and gone.keys() <= left,
            )
        elif _told(was) != _told(now):
            add(Kind.TEXT)
    return found


def _people(was: Node, now: Node) -> tuple[dict[int, str], dict[int, str]]:
    """Who is gone from the item and who is new in it, by number."""
    old = {one["id"]: str(one["name"]) for one in was.get("speakers", ())}
    new = {one["id"]: str(one["name"]) for one in now.get("speakers", ())}
    return (
        {id_: name for id_, name in old.items() if id_ not in new},
        {id_: name for id_, name in new.items() if id_ not in old},
    )


def _told(item: Node) -> tuple[Any, ...]:
    roles = sorted((one["id"], one["role"]) for one in item.get("speakers", ()))
    return tuple(item.get(name, "") for name in ("text", "kind", "group", "track")), roles


def _of_people(before: Content, after: Content) -> list[Change]:
    """What is told of people who were there before, and is another now."""
    old = {one["id"]: one for one in before.get("speakers", ())}
    return [
        Change(Kind.TEXT, 0, old[one["id"]], one)
        for one in after.get("speakers", ())
        if one["id"] in old and old[one["id"]] != one
    ]


def _shifted(old: Mapping[int, Node], new: Mapping[int, Node], *, dated: bool) -> Change | None:
    """Everything, or everything from one item on that day, moved by one and the same time."""
    both = [id_ for id_ in old if id_ in new]
    deltas = {id_: _delta(old[id_], new[id_]) for id_ in both}
    moved = [id_ for id_ in both if deltas[id_] != timedelta()]
    by = deltas[moved[0]] if moved else None
    if by is None or len(moved) < FEW or any(deltas[id_] != by for id_ in moved):
        return None
    first = min(moved, key=lambda id_: str(old[id_]["starts"]))
    whole = len(moved) == len(both)
    begins = _wall(old[first]["starts"])
    later = {
        id_
        for id_ in both
        if (at := _wall(old[id_]["starts"])) >= begins and at.date() == begins.date()
    }
    days = by % timedelta(days=1) == timedelta()
    if not whole and (days or later != set(moved)):
        return None
    return Change(
        Kind.SHIFTED, first, old[first], new[first], frozenset(moved),
        any(not new[id_].get("group") for id_ in moved), whole=whole, dated=dated,
    )  # fmt: skip


def _delta(was: Node, now: Node) -> timedelta | None:
    """How far an item has moved on the wall clock; None where its length is another too."""
    starts = _wall(now["starts"]) - _wall(was["starts"])
    return starts if starts == _wall(now["ends"]) - _wall(was["ends"]) else None


def shift(change: Change) -> timedelta:
    """How far a moved item has moved on the wall clock."""
    if change.before is None or change.after is None:
        return timedelta()
    return _wall(change.after["starts"]) - _wall(change.before["starts"])


def loud(found: Sequence[Change]) -> bool:
    """Whether there is anything in it that somebody should be told of."""
    return any(not change.minor for change in found)


def _wall(instant: str) -> datetime:
    return datetime.fromisoformat(instant).astimezone(STOCKHOLM).replace(tzinfo=None)
