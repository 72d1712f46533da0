"""Moving, shifting and splitting on the wall clock, what collides, and two people in one table."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.editing.rules import (
    CELLS,
    Clash,
    OtherDay,
    Placed,
    Spell,
    blocks,
    conflicts,
    merged,
    middle,
    moved_before,
    shifted,
    steps,
    told_once,
)  # fmt: skip
from events.rules import SpeakerRole

DAY = datetime(2027, 3, 8)  # noqa: DTZ001 - the wall clock
NOON = datetime(2027, 3, 8, 12, tzinfo=UTC)


def spell(id_, text):
    starts, ends = (DAY.replace(hour=int(t[:2]), minute=int(t[3:])) for t in text.split("–"))
    return Spell(id_, starts, ends, f"Punkt {id_}")


def told(times):
    return {id_: f"{starts:%H.%M}–{ends:%H.%M}" for id_, (starts, ends) in times.items()}


MORNING = [
    spell(1, "09.00–09.30"), spell(2, "09.30–10.15"), spell(3, "10.30–11.00"),
    spell(4, "11.00–12.00"), spell(5, "11.00–11.40"), spell(6, "13.00–14.00"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("id_", "by", "expected"),
    [
        (1, 1, {2: "09.00–09.45", 1: "09.45–10.15"}),
        (2, -1, {2: "09.00–09.45", 1: "09.45–10.15"}),
        (2, 1, {3: "09.30–10.00", 2: "10.15–11.00"}),  # the pause stays a quarter of an hour
        (3, 1, {4: "10.30–11.30", 5: "10.30–11.10", 3: "11.30–12.00"}),  # parallel ones together
        (5, -1, {4: "10.30–11.30", 5: "10.30–11.10", 3: "11.30–12.00"}),
        (1, -1, {}), (6, 1, {}), (1, 99, {
            2: "09.00–09.45", 3: "10.00–10.30", 4: "10.30–11.30", 5: "10.30–11.10",
            6: "12.30–13.30", 1: "13.30–14.00"}),
    ],
)  # fmt: skip
def test_who_changes_places_takes_the_others_times_along(id_, by, expected):
    # What is passed keeps its length, and the pauses stay between the same places.
    times = told(steps(MORNING, id_, by))
    if by == 99:
        assert times[1] == "13.30–14.00"
        assert times[2] == "09.00–09.45"
        assert len(times) == 6
    else:
        assert times == expected


def test_an_item_is_put_in_the_place_of_another():
    assert told(moved_before(MORNING, 3, 1)) == {
        3: "09.00–09.30", 1: "09.30–10.00", 2: "10.15–11.00",
    }  # fmt: skip
    assert moved_before(MORNING, 3, 99) == {}
    assert moved_before(MORNING, 4, 5) == {}


def test_moving_back_restores_every_time():
    there = steps(MORNING, 2, 2)
    now = [Spell(s.id, *there.get(s.id, (s.starts, s.ends))) for s in MORNING]
    back = steps(now, 2, -2)
    assert {s.id: back.get(s.id, (s.starts, s.ends)) for s in now} == {
        s.id: (s.starts, s.ends) for s in MORNING
    }  # fmt: skip


def test_everything_after_a_time_is_shifted_and_nothing_before():
    times = shifted(MORNING, DAY.replace(hour=10, minute=30), timedelta(minutes=15))
    assert told(times) == {
        3: "10.45–11.15", 4: "11.15–12.15", 5: "11.15–11.55", 6: "13.15–14.15",
    }  # fmt: skip
    with pytest.raises(OtherDay, match="Punkt 6"):
        shifted(MORNING, DAY.replace(hour=10), timedelta(hours=11))
    other = Spell(9, DAY + timedelta(days=1, hours=11), DAY + timedelta(days=1, hours=12))
    assert 9 not in shifted([other], DAY.replace(hour=10), timedelta(minutes=15))


@pytest.mark.parametrize(
    ("times", "half"),
    [("09.00–10.00", "09.30"), ("09.00–09.45", "09.20"), ("09.00–09.03", "09.01"),
     ("09.00–09.01", None)],
)  # fmt: skip
def test_an_item_is_split_on_an_even_time(times, half):
    found = middle(spell(1, times))
    assert (found and f"{found:%H.%M}") == half


@settings(max_examples=150, deadline=None)
@given(
    lengths=st.lists(st.tuples(st.integers(1, 90), st.integers(-30, 40)), min_size=1, max_size=9),
    who=st.integers(0, 8),
    by=st.integers(-9, 9),
)
def test_whatever_is_moved_nothing_is_lost_or_made_to_collide(lengths, who, by):
    at, spells = DAY.replace(hour=7), []
    for id_, (minutes, pause) in enumerate(lengths):
        spells.append(Spell(id_, at, at + timedelta(minutes=minutes)))
        at += timedelta(minutes=max(minutes + pause, 1))
    times = steps(spells, who % len(spells), by)
    after = [Spell(s.id, *times.get(s.id, (s.starts, s.ends))) for s in spells]
    # Everything is as long as it was, the day begins and ends when it did, what was at the same
    # time still is, and nothing else has come to be.
    assert [s.ends - s.starts for s in after] == [s.ends - s.starts for s in spells]
    assert min(s.starts for s in after) == min(s.starts for s in spells)
    assert max(s.ends for s in after) == max(s.ends for s in spells)
    assert {frozenset(s.id for s in block.spells) for block in blocks(after)} == {
        frozenset(s.id for s in block.spells) for block in blocks(spells)
    }


def placed(key, after, minutes, **facts):
    starts = NOON + timedelta(minutes=after)
    return Placed(key, f"Punkt {key}", starts, starts + timedelta(minutes=minutes), **facts)


ANNA = (1, "Anna Carlstedt", SpeakerRole.MODERATOR)
BO = (2, "Bo Ek", SpeakerRole.SPEAKER)


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([placed(1, 0, 30, room="A"), placed(2, 30, 30, room="A")], []),
        ([placed(1, 0, 31, room="A"), placed(2, 30, 30, room="a")], [Clash.ROOM] * 2),
        ([placed(1, 0, 90, room="A"), placed(2, 5, 5), placed(3, 20, 20, room="A")],
         [Clash.ROOM] * 2),
        ([placed(1, 0, 60), placed(2, 30, 60)], [Clash.PLENARY] * 2),
        ([placed(1, 0, 60, group="1"), placed(2, 0, 60, group="1")], []),
        ([placed(1, 0, 60, track="X"), placed(2, 0, 60, track="Y")], []),
        ([placed(1, 0, 60, track="X"), placed(2, 0, 60, track="x")], [Clash.PLENARY] * 2),
        ([placed(1, 0, 60, room="A", people=(ANNA, BO)), placed(2, 0, 60, room="B", people=(BO,))],
         [Clash.PERSON] * 2),
        ([placed(1, 0, 60, room="A", people=(ANNA,)), placed(2, 0, 9, room="B", people=(ANNA,))],
         [Clash.MODERATOR] * 2),
        ([placed(1, 0, 60, room="Liten", group="1", chosen=21)], [Clash.CHOSEN]),
        ([placed(1, 0, 60, room="liten", group="1", chosen=20, seats=30)], [Clash.OFFERED]),
        ([placed(1, 0, 60, room="Okänd", group="1", chosen=500, seats=900)], []),
        ([placed(1, -60, 60)], []), ([placed(1, -61, 60)], [Clash.OUTSIDE]),
        ([placed(1, 200, 41)], [Clash.OUTSIDE]),
    ],
)  # fmt: skip
def test_what_collides_is_found_on_both_sides_and_told_once(items, expected):
    found = conflicts(items, {"Liten": 20, "Stor": None}, NOON, NOON + timedelta(hours=4))
    assert [one.clash for one in found] == expected
    # Where both rows are shown a pair is told once, where only one is there.
    rows = told_once(found, {1, 2, 3})
    assert set(rows) == {one.key for one in found}
    assert [one.clash for some in rows.values() for one in some] == expected[:1]
    assert all(len(some) == 1 for some in told_once(found, {2}).values())
    assert all(len(rows) < 2 or rows[2] for rows in [told_once(found, {1, 2}, here=2)])


def row(**cells):
    return dict.fromkeys(CELLS, "") | {"day": "2027-03-08", "title": "Ett"} | cells


def test_two_people_keep_what_each_has_changed_and_hear_of_the_same_cell():
    before = row()
    mine, theirs = row(title="Mitt", room="A"), row(room="B", capacity="20")
    both, collisions = merged(before, mine, theirs)
    assert both == row(title="Mitt", room="A", capacity="20")
    assert [(c.cell, c.mine, c.theirs) for c in collisions] == [("room", "A", "B")]
    assert merged(before, row(room="A"), row(room="A"))[1] == []
    assert [c.cell for c in merged({}, row(room="A"), row(room="B"))[1]] == ["room"]
