"""Which things can be done with a selection, and with whom."""

import enum

from registrations.rules import ACTIVE, Status

AT_ONCE = 20  # persons; more is long work, in steps
STEP = 5  # persons in one transaction, so that nobody waits for the lock
NAMED = 10  # on the page that asks


class Action(enum.StrEnum):
    """What is done with each of them."""

    CANCEL = "cancel"
    APPROVE = "approve"
    DECLINE = "decline"


class Covers(enum.StrEnum):
    """Which rows of the list are meant."""

    TICKED = "valda"
    PAGE = "sidan"
    ALL = "alla"


MAY = {
    Action.CANCEL: ACTIVE,
    Action.APPROVE: frozenset({Status.PENDING}),
    Action.DECLINE: frozenset({Status.PENDING}),
}


def concerns(action: Action, status: Status) -> bool:
    """Whether `action` means anything to somebody of that status."""
    return status in MAY[action]
