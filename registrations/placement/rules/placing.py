"""Who is placed where: as many first choices as there can be, then as many second choices.

In one slot each person has at most a first and a second choice and each seminar its free seats.
Of all ways to seat people, `place` gives (by `Rule.MOST`) the one way that

1. meets the most first choices;
2. among those, meets the most second choices;
3. among those, has the greatest list of outcomes (first > second > neither) when people stand in
   the order in which they registered and lists are compared from the front: the earliest person
   gets the best that 1 and 2 allow, then the next, and so on.

By `Rule.EARLIEST` 2 and 3 only choose among the ways in which each first choice goes to those who
registered first. Then nobody loses a seat by having named a second choice; fewer may get theirs.

So the answer is unique, and does not depend on the order in which people are handed over. What
follows, and what a person can be told:

- Who gets neither, lost the first choice only to people who registered earlier, and the second
  only to people who had it as their first or registered earlier.
- Who gets the second choice may (by `Rule.MOST`) have lost the first to somebody who registered
  later, but only as that one would else have got nothing and fewer have had a second choice.

How: a seminar that fewer want first than it seats gives all of them theirs. In one that more want
first (`rivals`), it is known how many lose; who of them can have a second choice is a flow from
lost first choices to free seats, with one edge for each pair (first, second) and as its capacity
the people who have that pair. Seminars are few, so the flow is small whatever the crowd. Each
person, in order, is given the best outcome that leaves the rest of the flow possible.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from registrations.placement.rules.flow import Pair, Seconds
from registrations.placement.rules.nouns import (
    Asking,
    Bar,
    Given,
    Outcome,
    Person,
    Rule,
    Slot,
    Span,
)


@dataclass(frozen=True)
class SlotPlan:
    """Who gets what in one slot, by person; and what they asked for."""

    slot: Slot
    asking: Mapping[int, Asking]
    given: Mapping[int, Given]


def plan(
    slots: Iterable[Slot], people: Sequence[Person], *, fill: bool, rule: Rule = Rule.MOST
) -> list[SlotPlan]:
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
        seats = {one.id: one.free for one in slot.seminars}
        given = place(asking, seats, fill=fill, rule=rule)
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
    people: Iterable[Asking],
    seats: Mapping[int, int | None],
    *,
    fill: bool = False,
    rule: Rule = Rule.MOST,
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
    sure = _first_in_time(pairs, winners) if rule is Rule.EARLIEST else set()
    others = [pair for place_, pair in enumerate(pairs) if place_ not in sure]
    seconds = Seconds(losing, dict(spare.items()), _rivals(others, losing, spare))
    seconds.grow()
    if sure:
        winners = dict.fromkeys(winners, 0)
    got = []
    for place_, (first, second) in enumerate(pairs):
        open_second = second if second is not None and spare[second] else None
        outcome = Outcome.FIRST if place_ in sure else _best(seconds, winners, first, open_second)
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


def _first_in_time(
    pairs: Sequence[tuple[int | None, int | None]], winners: Mapping[int, int]
) -> set[int]:
    """The places in the order of those who come first to each seminar."""
    left = dict(winners)
    sure = set()
    for place_, (first, _second) in enumerate(pairs):
        if first is not None and left[first]:
            left[first] -= 1
            sure.add(place_)
    return sure


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
    seconds: Seconds, winners: dict[int, int], first: int | None, second: int | None
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
