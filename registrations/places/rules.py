"""Pure decisions about seats that are kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from core.reference import Sector
from events.rules import Mode

MOST_QUOTAS = 3  # for one mode: each further one doubles the pools a registration must meet


@dataclass(frozen=True)
class Kept:
    """Seats of a mode that are kept for a sector until `opens` (None: to the end)."""

    mode: Mode
    sector: Sector
    seats: int
    opens: datetime | None = None


@dataclass(frozen=True)
class Rest:
    """How many seats are left to everybody but `sectors`."""

    sectors: tuple[Sector, ...]
    seats: int


def rests(capacity: int, kept: Iterable[Kept]) -> list[Rest]:
    """What is left to others, for each set of the sectors that seats of one mode are kept for.

    With 20 seats kept for A and 30 for B of 100, those who are not A may take 80, those who are
    not B 70, and those who are neither 50. Nobody else's seats can then be taken, in whatever
    order people come, and no seat stays empty that somebody may have.
    """
    by_sector = {one.sector: one.seats for one in kept}
    sets = (
        chosen
        for size in range(1, len(by_sector) + 1)
        for chosen in combinations(sorted(by_sector), size)
    )
    return [Rest(chosen, capacity - sum(by_sector[one] for one in chosen)) for chosen in sets]
