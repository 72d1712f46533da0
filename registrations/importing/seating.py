"""Who of a whole list gets a seat: the limits of the event, met in the order of the file."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.reference import Sector
from events.models import Pool
from events.rules import Mode
from registrations import organisation_seats, seats
from registrations.organisation_seats import Rooms
from registrations.seats import Seats

POOL = Pool.metadata.tables["pool"]


@dataclass
class Seating:
    """Whether each row has a seat, and how many seats that takes: by pool, by organisation."""

    seated: list[bool] = field(default_factory=list)
    pools: Counter[int] = field(default_factory=Counter)
    organisations: Counter[str] = field(default_factory=Counter)

    @property
    def short(self) -> int:
        """How many have no seat."""
        return self.seated.count(False)


@dataclass(frozen=True)
class Limits:
    """The limits of an event: its pools, the most that one organisation may have and has had."""

    pools: Sequence[Seats]
    most: int | None
    rooms: Rooms


def limits(session: Session, event_id: int, *, lock: bool = False) -> Limits:
    """The limits as they stand, to seat one list by; with `lock` nobody changes them meanwhile."""
    pools = seats.of_event(session, event_id, lock=lock)
    most = organisation_seats.most_per_organisation(session, event_id)
    return Limits(pools, most, organisation_seats.left_by_organisation(session, event_id, most))


def place(given: Limits, rows: Iterable[dict[str, Any]]) -> Seating:
    """Seat the rows (with `mode`, `sector` and `organisation`) one after the other."""
    found = Seating()
    left = {pool.id: pool.left for pool in given.pools}
    concerned: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        kind = row["mode"], row["sector"]
        if kind not in concerned:
            concerned[kind] = seats.wanted(
                given.pools, mode=Mode(kind[0]), sector=Sector(kind[1]), items=()
            )
        wanted = concerned[kind]
        free = all(left[id_] is None or left[id_] for id_ in wanted)
        found.seated.append(free and given.rooms.take(row["organisation"]))
        if not found.seated[-1]:
            continue
        for id_ in wanted:
            room = left[id_]
            left[id_] = None if room is None else room - 1
        found.pools.update(wanted)
        if given.most is not None:
            found.organisations[organisation_seats.organisation_key(row["organisation"])] += 1
    return found


def take(session: Session, event_id: int, given: Limits, found: Seating) -> None:
    """Take the seats. They are there still: whoever takes one holds the pool of its mode."""
    for pool_id, number in sorted(found.pools.items()):
        done = session.execute(
            sa.update(POOL)
            .where(
                POOL.c.id == pool_id,
                sa.or_(POOL.c.capacity.is_(None), POOL.c.taken + number <= POOL.c.capacity),
            )
            .values(taken=POOL.c.taken + number)
        )
        if not done.rowcount:  # type: ignore[attr-defined]
            raise RuntimeError(f"pool {pool_id} changed while it was locked")
    organisation_seats.take_many_for(session, event_id, found.organisations, given.most)
