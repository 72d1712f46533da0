"""The pure decisions about events."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.patterns import PATTERNS, items_of, last_days
from events.rules import (
    MAY_FOLLOW,
    Kind,
    Mode,
    Odd,
    Registering,
    Slot,
    State,
    Step,
    difference,
    findings,
    next_step,
    outside,
    registering,
    room_clashes,
    speaker_clashes,
    usual_case_number,
    without_consent,
)
from events.times import moved, wall

NOON = datetime(2027, 3, 4, 11, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def slot(title="Ett", at=0.0, hours=1.0, room="", group="", speakers=()):
    starts = NOON + at * HOUR
    return Slot(title, starts, starts + hours * HOUR, room, group, speakers)


slots = st.lists(
    st.builds(
        slot,
        title=st.sampled_from("ABCDE"),
        at=st.integers(0, 12).map(lambda n: n / 2),
        hours=st.integers(1, 4).map(lambda n: n / 2),
        room=st.sampled_from(["", "Sal A", "sal a", "Sal B"]),
        group=st.sampled_from(["", "Spår"]),
        speakers=st.lists(
            st.sampled_from([(1, "Maria", True), (2, "Bo", False)]), unique=True, max_size=2
        ).map(tuple),
    ),
    max_size=8,
)


@given(slots)
def test_a_room_clashes_exactly_where_two_overlap_in_it(some):
    pairs = {
        frozenset((i, j))
        for i, one in enumerate(some)
        for j, other in enumerate(some)
        if i < j
        and one.starts < other.ends
        and other.starts < one.ends
        and one.room.casefold() == other.room.casefold()
        and not (one.group and other.group and not one.room)
    }
    found = room_clashes(some)
    assert len(found) == len(pairs)
    for one, other in found:
        assert max(one.starts, other.starts) < min(one.ends, other.ends)


@given(slots, st.randoms())
def test_the_order_of_the_items_does_not_matter(some, random):
    mixed = list(some)
    random.shuffle(mixed)
    assert len(room_clashes(mixed)) == len(room_clashes(some))
    assert sorted(name for name, *_ in speaker_clashes(mixed)) == sorted(
        name for name, *_ in speaker_clashes(some)
    )


def test_one_after_the_other_in_a_room_is_no_clash():
    assert room_clashes([slot(room="A"), slot(room="A", at=1)]) == []
    assert len(room_clashes([slot(room="A"), slot(room="a ".strip(), at=0.5)])) == 1


def test_parallel_items_without_a_room_are_no_clash():
    assert room_clashes([slot(group="Spår"), slot(group="Spår")]) == []


def test_a_speaker_in_two_items_at_once_is_found():
    maria = ((1, "Maria", True),)
    one, other = slot(room="A", speakers=maria), slot("Två", room="B", at=0.5, speakers=maria)
    assert speaker_clashes([one, other]) == [("Maria", one, other)]
    assert speaker_clashes([one, replace(other, starts=one.ends)]) == []


def test_names_without_consent_stand_once():
    shy = ((2, "Bo", False), (1, "Maria", True))
    assert without_consent([slot(speakers=shy), slot(at=1, speakers=shy)]) == ["Bo"]


def test_what_lies_outside_the_day_is_found_coffee_before_is_not():
    day = (NOON, NOON + 6 * HOUR, HOUR)
    assert outside([slot(at=-0.5, hours=0.5), slot(at=5)], *day) == []
    assert [s.title for s in outside([slot("Tidig", at=-2), slot("Sen", at=5.5)], *day)] == [
        "Tidig", "Sen"
    ]  # fmt: skip


def plan(**facts):
    return SimpleNamespace(
        **{
            "kind": Kind.REGIONAL_CONFERENCE, "starts": NOON, "ends": NOON + 6 * HOUR,
            "registration_closes": NOON - 200 * HOUR, "lead": "x", "case_number": "851-1-2027",
            "venue_name": "Elmia", "online_url": "", "contact_name": "Bo", "contact_email": "b@x",
            "contact_phone": "", "step_free": True, "hearing_loop": False, "lift": False,
            "question": "", "can_achieve": "", "inviter_name": "", "inviter_title": "",
        } | facts
    )  # fmt: skip


LONG_BEFORE = NOON - 1000 * HOUR


@pytest.mark.parametrize(
    ("facts", "modes", "now", "odd"),
    [
        ({}, [Mode.ROOM], LONG_BEFORE, []),
        ({}, [], LONG_BEFORE, [Odd.NO_MODE]),
        ({}, [Mode.ROOM], NOON + 6 * HOUR, [Odd.OVER]),
        ({"registration_closes": NOON + HOUR}, [Mode.ROOM], LONG_BEFORE, [Odd.CLOSES_LATE]),
        ({"registration_closes": NOON}, [Mode.ROOM], LONG_BEFORE, []),
        ({}, [Mode.ROOM], NOON - HOUR, [Odd.CLOSED_ALREADY]),
        ({"venue_name": ""}, [Mode.ROOM], LONG_BEFORE, [Odd.NO_PLACE]),
        ({"venue_name": ""}, [Mode.ONLINE], LONG_BEFORE, [Odd.NO_LINK]),
        ({"contact_email": ""}, [Mode.ROOM], LONG_BEFORE, [Odd.NO_CONTACT]),
        ({"case_number": ""}, [Mode.ROOM], LONG_BEFORE, [Odd.NO_CASE_NUMBER]),
        ({"case_number": "?"}, [Mode.ROOM], LONG_BEFORE, [Odd.ODD_CASE_NUMBER]),
        ({"step_free": False}, [Mode.ROOM], LONG_BEFORE, [Odd.NO_ACCESS]),
        ({"kind": Kind.ISSUE_COUNCIL}, [Mode.ROOM], LONG_BEFORE,
         [Odd.NO_QUESTION, Odd.NO_INVITER, Odd.NO_ACHIEVE]),
    ],
)  # fmt: skip
def test_what_is_missing_before_publishing_is_found(facts, modes, now, odd):
    found = findings(plan(**facts), [slot()], modes, now)
    assert [one.odd for one in found] == odd


def test_an_empty_programme_is_a_hint_and_no_bar():
    (found,) = findings(plan(), [], [Mode.ROOM], LONG_BEFORE)
    assert (found.odd, found.serious) == (Odd.NO_PROGRAMME, False)


def content(*items, people=()):
    return {"items": [{"id": i, "title": t} for i, t in items],
            "speakers": [{"id": i, "name": n} for i, n in people]}  # fmt: skip


def test_the_difference_counts_added_changed_and_removed():
    before, after = content((1, "A"), (2, "B"), (3, "C")), content((1, "A"), (2, "B2"), (4, "D"))
    found = difference(before, after)
    assert (found.added, found.changed, found.removed) == ({4}, {2}, ("C",))
    assert found.count == 3
    assert difference(None, after).count == 3
    assert difference(after, after).count == 0
    one, other = content((1, "A"), people=[(1, "x")]), content((1, "A"), people=[(1, "y")])
    assert difference(one, other).count == 1


def test_every_state_can_be_reached_and_a_draft_never_again():
    assert {state for states in MAY_FOLLOW.values() for state in states} == set(State) - {
        State.DRAFT
    }
    assert set(MAY_FOLLOW) == set(State)


def test_what_comes_next():
    ends = NOON
    before = NOON - HOUR
    assert next_step(state=State.DRAFT, ends=ends, items=0, now=before) is Step.PROGRAMME
    assert next_step(state=State.DRAFT, ends=ends, items=3, now=before) is Step.PUBLISH
    assert next_step(state=State.PUBLISHED, ends=ends, items=3, now=before) is None
    assert next_step(state=State.PUBLISHED, ends=ends, items=3, now=NOON) is Step.HELD
    assert next_step(state=State.POSTPONED, ends=ends, items=3, now=before) is Step.NEW_TIME
    assert next_step(state=State.HELD, ends=ends, items=3, now=NOON) is Step.MINUTES
    assert next_step(state=State.CLOSED, ends=ends, items=3, now=NOON) is None


@pytest.mark.parametrize(
    ("state", "hours", "facts", "answer"),
    [
        (State.DRAFT, -2, {}, Registering.OFF),
        (State.CANCELLED, -2, {}, Registering.OFF),
        (State.PUBLISHED, -2, {}, Registering.OPEN),
        (State.PUBLISHED, -1, {}, Registering.CLOSED),  # the closing instant is too late
        (State.PUBLISHED, 6, {}, Registering.OVER),
        (State.HELD, -2, {}, Registering.OVER),
        (State.PUBLISHED, -2, {"paused": True}, Registering.CLOSED),
        (State.PUBLISHED, -2, {"invited_only": True}, Registering.INVITED_ONLY),
        (State.PUBLISHED, -9, {"opens": NOON - 8 * HOUR}, Registering.NOT_YET),
    ],
)
def test_whether_one_can_register(state, hours, facts, answer):
    given_ = {"opens": None, "closes": NOON - HOUR, "ends": NOON + 6 * HOUR, "paused": False,
              "invited_only": False} | facts  # fmt: skip
    assert registering(state=state, now=NOON + hours * HOUR, **given_) is answer


@pytest.mark.parametrize(
    "number", ["851-1234-2027", "1234-2027", "403-123456-2012", "2018-3.4.1-122/1",
               "9.2.1-2020-965", "Ku2017/01663/DISK", "Fi2016/04376/SFÖ"],
)  # fmt: skip
def test_usual_case_numbers(number):
    assert usual_case_number(number)
    assert not usual_case_number(number + " x;")


@given(st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1)), st.integers(-400, 400))  # noqa: DTZ001
def test_moving_by_days_keeps_the_clock_on_the_wall(local, days):
    instant = local.replace(tzinfo=UTC)
    delta = timedelta(days=days)
    there = moved(instant, delta)
    assert wall(there) - wall(instant) in {delta, delta + HOUR}  # an hour is skipped in March


@pytest.mark.parametrize("kind", list(PATTERNS))
def test_a_starter_programme_fits_its_day_without_clashes(kind):
    pattern = PATTERNS[kind]
    starts = datetime(2027, 3, 4, pattern.begins.hour - 1, pattern.begins.minute, tzinfo=UTC)
    ends = datetime(2027, 3, 4, pattern.ends.hour - 1, pattern.ends.minute, tzinfo=UTC)
    items = items_of(pattern, starts, ends)
    assert len(items) == len(pattern.items)
    made = [Slot(i["title"], i["starts"], i["ends"], "", "") for i in items]
    assert room_clashes(made) == []
    assert outside(made, starts, ends, HOUR) == []
    assert made[-1].ends == ends


def test_last_days_that_have_been_are_put_off_to_the_evening_before():
    days = last_days(NOON, NOON - timedelta(days=3))
    assert days == dict.fromkeys(
        ("registration_closes", "cancel_by"), datetime(2027, 3, 3, 22, 59, tzinfo=UTC)
    )
    assert last_days(NOON, NOON - HOUR)["cancel_by"] == NOON
