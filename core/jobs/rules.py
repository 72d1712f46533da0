"""When a piece of work is tried again, given up and thrown away."""

import enum
from datetime import timedelta

LEASE = timedelta(seconds=60)
BEAT = 15.0  # seconds between renewals while a file is made
DELAYS = [5, 30, 120, 600]  # seconds; given up after one try more than there are waits
TRIES = len(DELAYS) + 1
SLICE = 3.0  # seconds at one job before the next in turn
LATE = timedelta(minutes=15)  # due for so long and nobody works at it
FILES_KEPT = timedelta(days=7)
JOBS_KEPT = timedelta(days=90)


class State(enum.StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNDER_WAY = frozenset({State.WAITING, State.RUNNING})


def delay(tries: int) -> timedelta | None:
    """How long to wait after `tries` failed tries in a row; None when it is given up."""
    return timedelta(seconds=DELAYS[tries - 1]) if tries <= len(DELAYS) else None
