"""Questions about parallel seminars."""

from registrations.placement.queries.history import (
    changed_since,
    runs,
    under_way,
    waiting_for_placement,
)
from registrations.placement.queries.person import placements_of, seats_of, wishes_of
from registrations.placement.queries.situations import Situation, placed_seats, situation
from registrations.placement.queries.slots import (
    Choosable,
    Wishes,
    by_group,
    choosable,
    offered,
    placed_groups,
    settled,
    wishes,
)

__all__ = [
    "Choosable",
    "Situation",
    "Wishes",
    "by_group",
    "changed_since",
    "choosable",
    "offered",
    "placed_groups",
    "placed_seats",
    "placements_of",
    "runs",
    "seats_of",
    "settled",
    "situation",
    "under_way",
    "waiting_for_placement",
    "wishes",
    "wishes_of",
]
