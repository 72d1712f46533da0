"""What happens to a rush on the way: the organiser changes the limits, workers are killed."""

import os
import random
import signal
from collections.abc import Callable
from datetime import UTC, datetime

import sqlalchemy as sa

from bench.crowd import SLUG, Race, Size
from core.db import Busy, Stale, db, write
from core.errors import Refusal
from core.reference import Sector
from events import services as events
from events.models import Event, ProgrammeItem
from events.rules import Mode
from registrations.places import services as places
from registrations.places.rules import Kept

SLOT, DINNER = "11.00", "Middag"
RULES = {"approval": False}


def event_of_rush() -> Event:
    """The event, as it stands in this transaction."""
    return db.session.scalars(sa.select(Event).filter_by(slug=SLUG)).one()


def organiser(race: Race) -> None:
    """Change the limits until it is over: up, down, below what is taken, closed and open."""
    dice, size = random.Random(7), race.size
    some = max(1, size.room // 25)
    edits: list[Callable[[], None]] = [
        lambda: _set_room(size.room - dice.randint(0, some)),
        lambda: _set_room(dice.choice((size.room, size.room // 2))),
        lambda: set_limits(size.kept - dice.randint(0, min(some, size.kept - 1)), size.most),
        lambda: set_limits(size.kept, size.most + dice.randint(0, 1)),
        lambda: set_limits(dice.choice((0, size.kept)), dice.choice((None, size.most + 1))),
        lambda: _set_item(dice.choice((SLOT, DINNER)), size, less=dice.randint(0, 2)),
        lambda: _pause(stop=dice.random() < 0.3),
    ]
    while not race.over.wait(dice.uniform(0.02, 0.3)):
        race.counts[_try(dice.choice(edits))] += 1
        race.counts[_try(lambda: _pause(stop=False))] += 0


def _try(edit: Callable[[], None]) -> str:
    try:
        write(edit)
    except Refusal:
        return "edits refused"
    except (Stale, Busy):
        return "edits stale"
    return "edits"


def restore(size: Size) -> list[str]:
    """The seats as they were announced, and open. What stands in the way of it.

    What is kept and the most of one organisation stay as they are: while they were set wider,
    more may have sat down than a narrower limit bears.
    """
    edits = (
        lambda: _pause(stop=False), lambda: _set_room(size.room),
        lambda: _set_item(SLOT, size), lambda: _set_item(DINNER, size),
    )  # fmt: skip
    return [
        f"the limits cannot be restored: {said}" for said in map(_try, edits) if said != "edits"
    ]


def _set_room(seats: int) -> None:
    events.change_event(
        db.session, event_of_rush(), facts={}, capacity={Mode.ROOM: seats}, by=None,
        now=datetime.now(UTC),
    )  # fmt: skip


def set_limits(kept: int, most: int | None) -> None:
    """Keep so many seats for civil society, and let so many of one organisation in."""
    places.set_limits(
        db.session, event_of_rush(), most=most, rules=RULES, version=None, by=None,
        kept=[Kept(Mode.ROOM, Sector.CIVIL_SOCIETY, kept)] if kept else [], now=datetime.now(UTC),
    )  # fmt: skip


def _set_item(group: str, size: Size, less: int = 0) -> None:
    """The first item of a group, with so many seats less than announced."""
    item = db.session.scalars(
        sa.select(ProgrammeItem).filter_by(group=group).order_by(ProgrammeItem.id)
    ).first()
    assert item is not None
    seats = (size.dinner if group == DINNER else size.session) - less
    events.change_item(db.session, item, facts={"capacity": seats}, by=None, now=datetime.now(UTC))


def _pause(*, stop: bool) -> None:
    events.change_event(
        db.session,
        event_of_rush(),
        facts={"registration_paused": stop},
        by=None,
        now=datetime.now(UTC),
    )  # fmt: skip


def killer(race: Race) -> None:
    """Kill the oldest worker again and again, at even steps of the race."""
    for turn in range(race.size.kills):
        while race.part() < (turn + 1) / (race.size.kills + 1):
            if race.over.wait(0.02):
                return
        workers = race.server.workers()
        while len(workers) < 2 and not race.over.wait(0.05):
            workers = race.server.workers()
        if race.over.is_set():
            return
        os.kill(workers[0], signal.SIGKILL)
        race.counts["killed"] += 1
