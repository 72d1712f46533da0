"""Pure decisions about parties and about places that go over to a colleague."""

import enum

from registrations.rules import Source, Status

FIRST_ROWS = 3
MORE_ROWS = 3
MOST = 20  # people in one party


class How(enum.StrEnum):
    """What becomes of a party that there are not seats enough for."""

    ALL = "all"  # everybody or nobody
    QUEUE = "queue"  # as many as fit, the others wait
    FIT = "fit"  # as many as fit, the others are not registered


# Whoever came in one of these ways came by the contact; who registers anew is their own.
BY_CONTACT = frozenset({Source.GROUP, Source.TRANSFER})


def rows_wanted(filled: int) -> int:
    """How many rows a form shows that was asked for `filled`: three at least, twenty at most."""
    return max(FIRST_ROWS, min(MOST, filled))


def may_hand_over(status: Status, *, protected: bool) -> bool:
    """Whether a place can go over to a colleague: one that is had, and whose holder may be seen.

    The substitute comes from the same organisation, so that of a protected person would be told.
    """
    return status is Status.CONFIRMED and not protected
