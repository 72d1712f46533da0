"""Who is placed where: as many first choices as there can be, then as many second choices.

In one slot each person has at most a first and a second choice and each seminar its free seats.
Of all ways to seat people, `place` gives the one way that

1. meets the most first choices;
2. among those, meets the most second choices;
3. among those, has the greatest list of outcomes (first > second > neither) when people stand in
   the order in which they registered and lists are compared from the front: the earliest person
   gets the best that 1 and 2 allow, then the next, and so on.

So the answer is unique, and does not depend on the order in which people are handed over. What
follows, and what a person can be told:

- Who gets neither, lost the first choice only to people who registered earlier, and the second
  only to people who had it as their first or registered earlier.
- Who gets the second choice may have lost the first to somebody who registered later, but only
  as that one would else have got nothing and the second choices met would have been fewer.

How: a seminar that fewer want first than it seats gives all of them theirs. In one that more want
first (`rivals`), it is known how many lose; who of them can have a second choice is a flow from
lost first choices to free seats, with one edge for each pair (first, second) and as its capacity
the people who have that pair. Seminars are few, so the flow is small whatever the crowd. Each
person, in order, is given the best outcome that leaves the rest of the flow possible.
"""

import enum
from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

Span = tuple[datetime, datetime]
Pair = tuple[int | None, int | None]


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


@dataclass(frozen=True)
class SlotPlan:
    """Who gets what in one slot, by person; and what they asked for."""

    slot: Slot
    asking: Mapping[int, Asking]
    given: Mapping[int, Given]


def plan(slots: Iterable[Slot], people: Sequence[Person], *, fill: bool) -> list[SlotPlan]:
    """Place `people` in slot after slot, in the order of the day.

    Nobody is placed in two seminars of the same time: what a person has in an earlier slot, or
    had before, bars what overlaps it. `fill`: also who has no wish, or only full ones, is placed
    where there is room.
    """
    busy = {person.id: list(person.busy) for person in people}
    made = []
    for slot in sorted(slots, key=lambda one: (one.begins, one.name)):
        asking = [
            _asking(person, slot, busy[person.id])
            for person in people
            if slot.name not in person.settled
        ]
        given = place(asking, {one.id: one.free for one in slot.seminars}, fill=fill)
        times = {one.id: (one.starts, one.ends) for one in slot.seminars}
        for id_, got in given.items():
            if got.seminar is not None:
                busy[id_].append(times[got.seminar])
        made.append(SlotPlan(slot, {one.id: one for one in asking}, given))
    return made


def _asking(person: Person, slot: Slot, busy: Sequence[Span]) -> Asking:
    barred = {}
    for one in slot.seminars:
        if person.online and not one.online:
            barred[one.id] = Bar.IN_ROOM
        elif any(one.starts < ends and starts < one.ends for starts, ends in busy):
            barred[one.id] = Bar.CLASH
    first, second = person.wishes.get(slot.name, (None, None))
    return Asking(person.id, person.order, first, second, barred)


def place(
    people: Iterable[Asking], seats: Mapping[int, int | None], *, fill: bool = False
) -> dict[int, Given]:
    """What each person gets in one slot with these free `seats`: see the head of this file."""
    queue = sorted(people, key=lambda one: one.order)
    room = {id_: len(queue) if free is None else max(0, free) for id_, free in seats.items()}
    pairs = [_open_wishes(one, room) for one in queue]
    wanted = Counter(first for first, _second in pairs)
    winners = {id_: min(room[id_], wanted[id_]) for id_ in room}
    losing: dict[int | None, int] = {id_: wanted[id_] - winners[id_] for id_ in room}
    losing[None] = wanted[None]
    spare = {id_: room[id_] - winners[id_] for id_ in room}
    seconds = _Seconds(losing, dict(spare.items()), _rivals(pairs, losing, spare))
    seconds.grow()
    got = []
    for first, second in pairs:
        open_second = second if second is not None and spare[second] else None
        outcome = _best(seconds, winners, first, open_second)
        got.append((first, second, outcome))
    given = _explained(queue, got)
    if fill:
        _fill(queue, given, seats)
    return given


def _open_wishes(one: Asking, room: Mapping[int, int]) -> tuple[int | None, int | None]:
    """The wishes that can come into question at all; the second only where it is another."""
    first = one.first if one.first in room and one.first not in one.barred else None
    second = one.second if one.second in room and one.second not in one.barred else None
    return first, None if second == one.first else second


def _rivals(
    pairs: Iterable[tuple[int | None, int | None]],
    losing: Mapping[int | None, int],
    spare: Mapping[int, int],
) -> dict[Pair, int]:
    """How many have each pair where the first can be lost and the second has seats to spare."""
    return dict(
        Counter(
            (first, second)
            for first, second in pairs
            if second is not None and losing[first] and spare[second]
        )
    )


def _best(
    seconds: "_Seconds", winners: dict[int, int], first: int | None, second: int | None
) -> Outcome:
    """The best that this person can have without a later one's place in the sums being lost."""
    if first is not None and winners[first]:
        all_win = not seconds.losing[first]
        if all_win or seconds.settle(first, second, loses=0, seat=0):
            winners[first] -= 1
            return Outcome.FIRST
    if second is not None and seconds.settle(first, second, loses=1, seat=1):
        return Outcome.SECOND
    seconds.settle(first, second, loses=1, seat=0)
    return Outcome.NONE


@dataclass
class _Seconds:
    """A greatest flow of second choices, kept while people are settled one by one.

    `losing`: how many are still to lose each first choice (None: had none that was open);
    `spare`: seats left for second choices; `rivals`: how many unsettled people have each pair;
    `flow`: how many of them get their second.
    """

    losing: dict[int | None, int]
    spare: dict[int | None, int]
    rivals: dict[Pair, int]
    flow: dict[Pair, int] = field(default_factory=dict)

    def settle(self, first: int | None, second: int | None, *, loses: int, seat: int) -> bool:
        """Settle one person, if as many others get their second as before; whether it was done."""
        trial = _Seconds(dict(self.losing), dict(self.spare), dict(self.rivals), dict(self.flow))
        needed = sum(self.flow.values()) - seat
        pair = (first, second)
        trial.losing[first] -= loses
        if second is not None and pair in trial.rivals:
            trial.rivals[pair] -= 1
            trial.spare[second] -= seat
            if seat and trial.flow.get(pair):
                trial.flow[pair] -= 1
        if trial.losing[first] < 0 or (second is not None and trial.spare[second] < 0):
            return False
        if not trial.fits(first, second):
            trial.trim(first, second)
            trial.grow()
        if sum(trial.flow.values()) < needed:
            return False
        self.losing, self.spare = trial.losing, trial.spare
        self.rivals, self.flow = trial.rivals, trial.flow
        return True

    def fits(self, first: int | None, second: int | None) -> bool:
        """Whether the flow keeps within what has just been lowered."""
        pair = (first, second)
        return (
            self.flow.get(pair, 0) <= self.rivals.get(pair, 0)
            and self._out_of(first) <= self.losing[first]
            and (second is None or self._into(second) <= self.spare[second])
        )

    def trim(self, first: int | None, second: int | None) -> None:
        """Lower the flow until it fits."""
        for pair in [p for p in self.flow if p == (first, second)] + list(self.flow):
            over = max(
                self.flow[pair] - self.rivals[pair],
                self._out_of(pair[0]) - self.losing[pair[0]],
                self._into(pair[1]) - self.spare[pair[1]],
            )
            self.flow[pair] -= max(0, min(over, self.flow[pair]))

    def grow(self) -> None:
        """Raise the flow along augmenting paths until it is the greatest there is."""
        while path := self._path():
            most = [self.losing[path[0][0]] - self._out_of(path[0][0])]
            most.append(self.spare[path[-1][1]] - self._into(path[-1][1]))
            for step, pair in enumerate(path):
                used = self.flow.get(pair, 0)
                most.append(used if step % 2 else self.rivals[pair] - used)
            for step, pair in enumerate(path):
                self.flow[pair] = self.flow.get(pair, 0) + (-1 if step % 2 else 1) * min(most)

    def _path(self) -> list[Pair]:
        """A shortest way from a lost first choice to a spare seat: pairs, every other backwards."""
        reached: dict[int | None, list[Pair]] = {
            first: []
            for first, number in self.losing.items()
            if number and self._out_of(first) < number
        }
        ahead = deque(reached)
        tried = set()
        while ahead:
            first = ahead.popleft()
            for pair in self.rivals:
                if pair[0] != first or pair[1] in tried:
                    continue
                if self.flow.get(pair, 0) >= self.rivals[pair]:
                    continue
                way = [*reached[first], pair]
                if self._into(pair[1]) < self.spare[pair[1]]:
                    return way
                tried.add(pair[1])
                for back, used in self.flow.items():
                    if back[1] == pair[1] and used and back[0] not in reached:
                        reached[back[0]] = [*way, back]
                        ahead.append(back[0])
        return []

    def _out_of(self, first: int | None) -> int:
        return sum(used for pair, used in self.flow.items() if pair[0] == first)

    def _into(self, second: int | None) -> int:
        return sum(used for pair, used in self.flow.items() if pair[1] == second)


def _explained(
    queue: Sequence[Asking], got: Sequence[tuple[int | None, int | None, Outcome]]
) -> dict[int, Given]:
    """Each person's outcome, with how many later ones got the first choice that was lost."""
    won: dict[int | None, list[int]] = {}
    for place_, (first, _second, outcome) in enumerate(got):
        if outcome is Outcome.FIRST:
            won.setdefault(first, []).append(place_)
    given = {}
    for place_, (one, (first, second, outcome)) in enumerate(zip(queue, got, strict=True)):
        if outcome is Outcome.FIRST:
            given[one.id] = Given(first, outcome)
            continue
        lost_to = won.get(first, []) if first is not None else []
        later = len(lost_to) - bisect_right(lost_to, place_)
        given[one.id] = Given(second if outcome is Outcome.SECOND else None, outcome, later)
    return given


def _fill(
    queue: Sequence[Asking], given: dict[int, Given], seats: Mapping[int, int | None]
) -> None:
    """Place who has nothing, in order, each where most seats are left."""
    taken = Counter(one.seminar for one in given.values() if one.seminar is not None)
    left = {id_: float("inf") if free is None else free - taken[id_] for id_, free in seats.items()}
    for one in queue:
        if given[one.id].outcome is not Outcome.NONE:
            continue
        open_ = [id_ for id_ in left if left[id_] > 0 and id_ not in one.barred]
        if open_:
            best = min(open_, key=lambda id_: (-left[id_], taken[id_], id_))
            given[one.id] = Given(best, Outcome.ROOM, given[one.id].later)
            left[best] -= 1
            taken[best] += 1
