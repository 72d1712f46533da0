"""Moving things to another day so that the clock on the wall says the same."""

from datetime import datetime, timedelta

from core.clock import STOCKHOLM, NoSuchTime, to_instant, to_local


def wall(instant: datetime) -> datetime:
    """The naive local time in Stockholm."""
    return to_local(instant, STOCKHOLM).replace(tzinfo=None)


def wall_delta(before: datetime, after: datetime) -> timedelta:
    """How far the wall clock moves from one instant to another, whatever the clocks do between."""
    return wall(after) - wall(before)


def moved(instant: datetime, delta: timedelta) -> datetime:
    """`instant` moved by `delta` on the wall clock; an hour later where that is skipped."""
    local = wall(instant) + delta
    try:
        return to_instant(local)
    except NoSuchTime:
        return to_instant(local + timedelta(hours=1))
