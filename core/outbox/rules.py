"""When a mail is tried again, and when it is given up."""

import enum
from datetime import datetime, timedelta

DELAYS = [60, 300, 900, 3600, 7200, 14400, 28800, 43200, 86400]  # seconds
GIVE_UP_AFTER = timedelta(days=5)
LEASE = timedelta(minutes=5)
RENEW_AFTER = timedelta(minutes=1)
PAUSE = timedelta(minutes=2)
RELAY_REFUSES_US = {530, 534, 535, 538}  # sign-in wanted or failed (RFC 4954, section 6)


class State(enum.StrEnum):
    """Where a mail stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    SUPERSEDED = "superseded"


def next_try(tries: int, created: datetime, now: datetime) -> datetime | None:
    """When to try again after `tries` tries; None when five days have passed."""
    if now - created >= GIVE_UP_AFTER:
        return None
    return now + timedelta(seconds=DELAYS[min(tries, len(DELAYS)) - 1])
