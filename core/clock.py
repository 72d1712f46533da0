"""What time it is, and local times that are checked by round trip."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import current_app

STOCKHOLM = ZoneInfo("Europe/Stockholm")


class NoSuchTime(ValueError):
    """A local time that the clocks skip, e.g. 02:30 on the last Sunday of March."""


def now() -> datetime:
    """The present instant, in UTC (or the setting FAKE_NOW, outside production)."""
    fake: datetime | None = current_app.config["FAKE_NOW"]
    return fake.astimezone(UTC) if fake else datetime.now(UTC)


def today() -> date:
    """The present day in Stockholm."""
    return to_local(now()).date()


def to_instant(local: datetime, zone: ZoneInfo = STOCKHOLM) -> datetime:
    """The UTC instant of a naive local time; of two possible ones the first.

    Raises `NoSuchTime` where the local time does not exist: it is turned into an instant
    and back, and must come out as it went in.
    """
    instant = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != local:
        raise NoSuchTime(local)
    return instant


def to_local(instant: datetime, zone: ZoneInfo = STOCKHOLM) -> datetime:
    """The wall clock of `zone` at `instant`."""
    return instant.astimezone(zone)
