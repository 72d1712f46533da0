"""Rate limits counted in the database, so that every process and host sees the same."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.columns import Instant, Key
from core.db import Model


class RateCount(Model):
    """How often something was tried in one window of time."""

    __tablename__ = "rate_count"
    __table_args__ = (sa.UniqueConstraint("subject", "window_starts"),)

    id: Mapped[Key]
    subject: Mapped[str] = mapped_column(sa.String(200))
    window_starts: Mapped[Instant]
    count: Mapped[int]


class Turns(Model):
    """The times at which something was done or will be, as text; `last` is the latest of them.

    `mark` tells whoever enters the row that it was not there.
    """

    __tablename__ = "turns"

    id: Mapped[Key]
    subject: Mapped[str] = mapped_column(sa.String(200), unique=True)
    mark: Mapped[str] = mapped_column(sa.String(32))
    times: Mapped[str] = mapped_column(sa.Text)
    last: Mapped[Instant]


_TABLE = RateCount.metadata.tables["rate_count"]
_COUNTED: dict[str, Any] = {
    name: sa.bindparam(name) for name in ("subject", "window_starts", "count")
}
_HIT = {
    name: insert(_TABLE)
    .values(_COUNTED)
    .on_conflict_do_update(
        index_elements=["subject", "window_starts"], set_={"count": _TABLE.c.count + 1}
    )
    .returning(_TABLE.c.count)
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
_TURNS = Turns.metadata.tables["turns"]
_ENTER = {
    name: insert(_TURNS)
    .values({name: sa.bindparam(name) for name in ("subject", "mark", "times", "last")})
    .on_conflict_do_update(index_elements=["subject"], set_={"subject": _TURNS.c.subject})
    .returning(_TURNS.c.mark, _TURNS.c.times)
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
_KEEP = (
    sa.update(_TURNS)
    .where(_TURNS.c.subject == sa.bindparam("of"))
    .values(times=sa.bindparam("times"), last=sa.bindparam("last"))
)


def hit(session: Session, subject: str, *, limit: int, per: timedelta, now: datetime) -> bool:
    """Count one try for `subject`; whether it is within `limit` tries per window `per`.

    Always within when the setting GUARDS is off (load tests).
    """
    if current_app.config["GUARDS"] == "off":
        return True
    connection = session.connection()
    counted = {"subject": subject[:200], "window_starts": window(now, per), "count": 1}
    total: int = connection.execute(_HIT[connection.dialect.name], counted).scalar_one()
    return total <= limit


def window(now: datetime, per: timedelta) -> datetime:
    """When the window of time begins that `now` lies in."""
    seconds = int(per.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=now.tzinfo)


@dataclass(frozen=True)
class Bound:
    """Never more than `limit` in any time as long as `per`."""

    limit: int
    per: timedelta


def first_turn(
    taken: Sequence[datetime], bounds: Sequence[Bound], *, now: datetime, last: datetime
) -> datetime | None:
    """The first moment from `now` to `last` that leaves everything taken within all bounds."""
    later = (time + bound.per for time in taken for bound in bounds)
    for moment in sorted({now, *(time for time in later if now < time <= last)}):
        times = sorted([*taken, moment])
        if all(
            after - before >= bound.per
            for bound in bounds
            for before, after in zip(times, times[bound.limit :], strict=False)
        ):
            return moment
    return None


def take_turn(
    session: Session, subject: str, bounds: Sequence[Bound], *, now: datetime, wait: timedelta
) -> datetime | None:
    """Take the first turn of `subject` within all bounds; None where it would be after `wait`.

    One statement for a subject that is new, else two; the row is held until the transaction
    ends, so that two who ask at once get a turn each. Always now when the setting GUARDS is off.
    """
    if current_app.config["GUARDS"] == "off":
        return now
    connection = session.connection()
    mine = {"subject": subject[:200], "mark": uuid.uuid4().hex, "times": _written([now]),
            "last": now}  # fmt: skip
    mark, times = connection.execute(_ENTER[connection.dialect.name], mine).one()
    if mark == mine["mark"]:
        return now
    oldest = now - max(bound.per for bound in bounds)
    taken = [time for time in _read(times) if time > oldest]
    turn = first_turn(taken, bounds, now=now, last=now + wait)
    if turn is not None:
        kept = sorted([*taken, turn])
        told = {"of": mine["subject"], "times": _written(kept), "last": kept[-1]}
        connection.execute(_KEEP, told)
    return turn


def _written(times: Sequence[datetime]) -> str:
    return " ".join(time.astimezone(UTC).isoformat() for time in times)


def _read(text: str) -> list[datetime]:
    return [datetime.fromisoformat(part) for part in text.split()]
