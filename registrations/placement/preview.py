"""What a placement would do: numbers for each seminar, whom it leaves without, and why."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from registrations.placement.queries import Choosable, Situation, situation
from registrations.placement.rules import Asking, Given, Outcome, Rule, SlotPlan, plan

Entry = tuple[str, int | None, str, dict[str, Any]]  # slot, item, outcome, why


@dataclass(frozen=True)
class Preview:
    """A placement that has not been carried out. `numbers` as they are kept with the run."""

    situation: Situation
    numbers: list[dict[str, Any]]
    entries: dict[int, list[Entry]]
    rule: Rule

    @property
    def digest(self) -> str:
        """The same for the same people in the same seats."""
        short = [
            (id_, [(slot, item, outcome) for slot, item, outcome, _why in mine])
            for id_, mine in sorted(self.entries.items())
        ]
        return hashlib.sha256(json.dumps(short).encode()).hexdigest()[:32]

    @property
    def seats(self) -> int:
        """How many seats it gives."""
        return sum(item is not None for mine in self.entries.values() for _s, item, _o, _w in mine)

    @property
    def unmet(self) -> list[tuple[Any, list[Entry]]]:
        """The people who get something else than their first choice, in order of registration."""
        found = []
        for id_, row in self.situation.persons.items():
            mine = [
                entry
                for entry in self.entries.get(id_, [])
                if entry[2] != Outcome.FIRST and entry[3].get("first")
            ]
            if mine:
                found.append((row, mine))
        return found


def preview(
    session: Session, event_id: int, *, fill: bool, anew: bool, rule: Rule = Rule.MOST
) -> Preview:
    """Work out who would get what as things stand now; saves nothing."""
    known = situation(session, event_id, anew=anew)
    made = plan(known.slots, known.people, fill=fill, rule=rule)
    entries: dict[int, list[Entry]] = {}
    numbers = []
    for of_slot in made:
        wanted = _wanted(of_slot)
        numbers.append(_numbers(of_slot, known.items, wanted))
        seats = {one.id: one.free for one in of_slot.slot.seminars}
        for id_, got in of_slot.given.items():
            asking = of_slot.asking[id_]
            nothing = got.seminar is None and asking.first is None and asking.second is None
            if nothing and (id_, of_slot.slot.name) not in known.returned:
                continue
            entry = (
                of_slot.slot.name, got.seminar, got.outcome.value,
                _why(asking, got, wanted, seats),
            )  # fmt: skip
            entries.setdefault(id_, []).append(entry)
    return Preview(known, numbers, entries, rule)


def _wanted(of_slot: SlotPlan) -> Counter[int]:
    """How many of those to be placed want each seminar first, and can be in it."""
    return Counter(
        one.first
        for one in of_slot.asking.values()
        if one.first is not None and one.first not in one.barred
    )


def _numbers(
    of_slot: SlotPlan, items: Mapping[int, Choosable], wanted: Counter[int]
) -> dict[str, Any]:
    got = Counter((one.seminar, one.outcome) for one in of_slot.given.values())
    seconds = Counter(one.second for one in of_slot.asking.values())
    rows: list[dict[str, Any]] = []
    for one in of_slot.slot.seminars:
        placed = {o.value: got[one.id, o] for o in (Outcome.FIRST, Outcome.SECOND, Outcome.ROOM)}
        rows.append(
            {
                "id": one.id, "title": items[one.id].title, "seats": one.free,
                "wished": wanted[one.id], "wished_second": seconds[one.id],
                "left": None if one.free is None else one.free - sum(placed.values()),
            } | placed
        )  # fmt: skip
    asked = {id_ for id_, one in of_slot.asking.items() if one.first or one.second}
    without = {id_ for id_, one in of_slot.given.items() if one.outcome is Outcome.NONE}
    totals = {o.value: sum(row[o.value] for row in rows)
              for o in (Outcome.FIRST, Outcome.SECOND, Outcome.ROOM)}  # fmt: skip
    return {
        "name": of_slot.slot.name, "items": rows, "asked": len(asked),
        "people": len(of_slot.given), "none": len(without & asked), "silent": len(without - asked),
    } | totals  # fmt: skip


def _why(
    asking: Asking, got: Given, wanted: Counter[int], seats: Mapping[int, int | None]
) -> dict[str, Any]:
    """The numbers behind what somebody got, as `telling.sentence` takes them; zeros left out."""
    first, second = asking.first, asking.second
    facts: dict[str, Any] = {"first": first, "second": second, "later": got.later}
    if first in asking.barred:
        facts["first_bar"] = asking.barred[first].value  # type: ignore[index]
    elif first is not None:
        facts |= {"wanted": wanted[first], "seats": seats.get(first, 0)}
    if second in asking.barred:
        facts["second_bar"] = asking.barred[second].value  # type: ignore[index]
    return {name: value for name, value in facts.items() if value or name == "seats"}
