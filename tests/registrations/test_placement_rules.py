"""The placement against every other way to seat the same people, and what follows from it."""

import itertools
import random
import time
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from registrations.placement.rules import (
    Asking,
    Bar,
    Outcome,
    Person,
    Rule,
    Seminar,
    Slot,
    place,
    plan,
)

START = datetime(2027, 3, 4, 9, 0, tzinfo=UTC)
RANK = {Outcome.FIRST: 2, Outcome.SECOND: 1, Outcome.NONE: 0}


def asking(id_, first=None, second=None, barred=(), minute=None):
    at = START + timedelta(minutes=id_ if minute is None else minute)
    return Asking(id_, (at, id_), first, second, dict.fromkeys(barred, Bar.CLASH))


@st.composite
def crowds(draw):
    """A few people with any wishes, and a few seminars with few seats."""
    ids = list(range(1, draw(st.integers(1, 4)) + 1))
    seats = {id_: draw(st.none() | st.integers(0, 3)) for id_ in ids}
    wish = st.none() | st.sampled_from(ids)
    people = [
        asking(
            number, draw(wish), draw(wish), draw(st.sets(st.sampled_from(ids), max_size=1)),
            draw(st.integers(0, 3)),
        )
        for number in range(1, draw(st.integers(0, 7)) + 1)
    ]  # fmt: skip
    return people, seats


def open_choices(one):
    """What one person can get by wish: (outcome, seminar), the best first."""
    first = one.first if one.first not in one.barred else None
    second = one.second if one.second not in one.barred and one.second != first else None
    found = [(Outcome.NONE, None)]
    if second is not None:
        found.insert(0, (Outcome.SECOND, second))
    if first is not None:
        found.insert(0, (Outcome.FIRST, first))
    return found


def first_in_time(queue, seats):
    """Who gets the first choice when those who came first go first."""
    left, won = dict(seats), set()
    for one in queue:
        if one.first is None or one.first in one.barred or left[one.first] == 0:
            continue
        won.add(one.id)
        if left[one.first] is not None:
            left[one.first] -= 1
    return won


def best_of_all(people, seats, rule=Rule.MOST):
    """Firsts, seconds and the list of outcomes in order of the best of every way there is."""
    queue = sorted(people, key=lambda one: one.order)
    best = (0, 0, [])
    for way in itertools.product(*(open_choices(one) for one in queue)):
        used = [seminar for _outcome, seminar in way if seminar is not None]
        if any(free is not None and used.count(id_) > free for id_, free in seats.items()):
            continue
        ranks = [RANK[outcome] for outcome, _seminar in way]
        won = {one.id for one, rank in zip(queue, ranks, strict=True) if rank == 2}
        if rule is Rule.EARLIEST and won != first_in_time(queue, seats):
            continue
        best = max(best, (ranks.count(2), ranks.count(1), ranks))
    return best


@given(crowds(), st.sampled_from(Rule))
@settings(max_examples=500, deadline=None)
def test_no_other_way_meets_more_first_choices_or_then_more_second_ones(crowd, rule):
    people, seats = crowd
    got = place(people, seats, rule=rule)
    queue = sorted(people, key=lambda one: one.order)
    ranks = [RANK[got[one.id].outcome] for one in queue]
    assert (ranks.count(2), ranks.count(1), ranks) == best_of_all(people, seats, rule)


@given(crowds(), st.sampled_from(Rule))
@settings(max_examples=200, deadline=None)
def test_both_rules_meet_as_many_first_choices(crowd, rule):
    people, seats = crowd
    counts = [
        sum(one.outcome is Outcome.FIRST for one in place(people, seats, rule=each).values())
        for each in (rule, Rule.MOST)
    ]
    assert counts[0] == counts[1]


@given(crowds())
@settings(max_examples=200, deadline=None)
def test_by_time_nobody_loses_a_first_choice_to_a_later_one(crowd):
    """So a second choice can be named without fear."""
    people, seats = crowd
    assert all(one.later == 0 for one in place(people, seats, rule=Rule.EARLIEST).values())


@given(crowds(), st.booleans())
@settings(max_examples=300, deadline=None)
def test_seats_are_never_exceeded_and_nobody_is_placed_where_they_cannot_be(crowd, fill):
    people, seats = crowd
    got = place(people, seats, fill=fill)
    assert got.keys() == {one.id for one in people}
    for id_, free in seats.items():
        inside = [one for one in got.values() if one.seminar == id_]
        assert free is None or len(inside) <= free
    for one in people:
        mine = got[one.id]
        assert mine.seminar not in one.barred
        assert (mine.seminar is None) == (mine.outcome is Outcome.NONE)
        if mine.outcome is Outcome.FIRST:
            assert mine.seminar == one.first
        if mine.outcome is Outcome.SECOND:
            assert mine.seminar == one.second


@given(crowds(), st.booleans(), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_the_order_in_which_people_are_handed_over_changes_nothing(crowd, fill, dice):
    people, seats = crowd
    turned = list(people)
    dice.shuffle(turned)
    assert place(turned, seats, fill=fill) == place(people, seats, fill=fill)


@given(crowds())
@settings(max_examples=300, deadline=None)
def test_whoever_gets_nothing_lost_only_to_those_who_registered_before(crowd):
    people, seats = crowd
    got = place(people, seats)
    by_id = {one.id: one for one in people}
    for one in people:
        if got[one.id].outcome is not Outcome.NONE:
            continue
        for other, theirs in got.items():
            later = by_id[other].order > one.order
            if theirs.outcome is Outcome.FIRST and one.first not in one.barred:
                assert not (later and theirs.seminar == one.first)
            second_open = one.second not in one.barred
            if theirs.outcome is Outcome.SECOND and second_open:
                assert not (later and theirs.seminar == one.second)
        assert got[one.id].later == 0


@given(crowds())
@settings(max_examples=200, deadline=None)
def test_the_number_of_later_winners_is_what_it_says(crowd):
    people, seats = crowd
    got = place(people, seats)
    by_id = {one.id: one for one in people}
    for one in people:
        mine = got[one.id]
        if mine.outcome is Outcome.FIRST or one.first is None or one.first in one.barred:
            assert mine.later == 0
            continue
        winners = [
            by_id[other].order > one.order
            for other, theirs in got.items()
            if theirs.outcome is Outcome.FIRST and theirs.seminar == one.first
        ]
        assert mine.later == sum(winners)


@given(crowds())
@settings(max_examples=200, deadline=None)
def test_filling_moves_nobody_and_leaves_nobody_beside_a_free_seat(crowd):
    people, seats = crowd
    before, after = place(people, seats), place(people, seats, fill=True)
    taken = [one.seminar for one in after.values()]
    for one in people:
        if before[one.id].seminar is not None:
            assert after[one.id] == before[one.id]
        elif after[one.id].seminar is None:
            for id_, free in seats.items():
                assert id_ in one.barred or taken.count(id_) == free


def test_the_earlier_gets_the_first_choice_and_the_later_the_second():
    got = place([asking(1, 1, 2), asking(2, 1, 2)], {1: 1, 2: 1})
    assert got[1].outcome is Outcome.FIRST
    assert got[2].outcome is Outcome.SECOND


def test_a_later_one_goes_before_where_both_then_get_something():
    """Second choices met come before the time of registration, and it can be told."""
    got = place([asking(1, 1, 2), asking(2, 1)], {1: 1, 2: 1})
    assert (got[1].outcome, got[1].later) == (Outcome.SECOND, 1)
    assert got[2].outcome is Outcome.FIRST
    got = place([asking(1, 1, 2), asking(2, 1)], {1: 1, 2: 1}, rule=Rule.EARLIEST)
    assert [got[id_].outcome for id_ in (1, 2)] == [Outcome.FIRST, Outcome.NONE]


def seminar(id_, hour=0, hours=1, free=10, online=False):
    begins = START + timedelta(hours=hour)
    return Seminar(id_, begins, begins + timedelta(hours=hours), free, online)


def test_nobody_is_placed_in_two_seminars_of_the_same_time():
    long = Slot("lång", (seminar(1, hours=3), seminar(2)))
    later = Slot("sen", (seminar(3, hour=1), seminar(4, hour=4)))
    anna = Person(1, (START, 1), wishes={"lång": (1, None), "sen": (3, 4)})
    bo = Person(2, (START, 2), wishes={"lång": (2, None), "sen": (3, 4)})
    first, second = plan([later, long], [anna, bo], fill=False)
    assert (first.slot, second.slot) == (long, later)
    assert second.given[1].seminar == 4
    assert second.asking[1].barred == {3: Bar.CLASH}
    assert second.given[2].seminar == 3


def test_who_is_online_takes_no_seat_in_a_room_unless_the_seminar_is_for_them_too():
    slot = Slot("11.00", (seminar(1), seminar(2, online=True)))
    person = Person(1, (START, 1), online=True, wishes={"11.00": (1, 2)})
    [got] = plan([slot], [person], fill=True)
    assert (got.given[1].seminar, got.given[1].outcome) == (2, Outcome.SECOND)
    only = Person(1, (START, 1), online=True, wishes={"11.00": (1, None)})
    [got] = plan([Slot("11.00", (seminar(1),))], [only], fill=True)
    assert got.given[1].outcome is Outcome.NONE
    assert got.asking[1].barred == {1: Bar.IN_ROOM}


def test_who_has_a_seat_in_the_slot_is_left_alone():
    slot = Slot("11.00", (seminar(1),))
    [got] = plan([slot], [Person(1, (START, 1), settled=frozenset({"11.00"}))], fill=True)
    assert got.given == {}


def test_two_thousand_people_in_four_slots_of_six_are_placed_in_a_second_or_three():
    dice = random.Random(7)
    slots = [
        Slot(f"{hour}", tuple(seminar(hour * 10 + n, hour, free=300) for n in range(6)))
        for hour in range(1, 5)
    ]
    people = [
        Person(
            id_, (START, id_),
            wishes={
                slot.name: tuple(
                    one.id for one in dice.choices(slot.seminars, (9, 5, 3, 2, 1, 1), k=2)
                )
                for slot in slots
            },
        )
        for id_ in range(2000)
    ]  # fmt: skip
    began = time.process_time()
    made = plan(slots, people, fill=True)
    took = time.process_time() - began
    assert took < 3
    assert sum(len(one.given) for one in made) == 8000
