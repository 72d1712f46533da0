"""Rate limits counted in the database, so that every process and host sees the same."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Instant, Key, Model


class RateCount(Model):
    """How often something was tried in one window of time."""

    __tablename__ = "rate_count"
    __table_args__ = (sa.UniqueConstraint("subject", "window_starts"),)

    id: Mapped[Key]
    subject: Mapped[str] = mapped_column(sa.String(200))
    window_starts: Mapped[Instant]
    count: Mapped[int]


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


def counts(session: Session, subject: str) -> dict[datetime, int]:
    """How often `subject` has been tried, by window."""
    rows = session.scalars(sa.select(RateCount).where(RateCount.subject == subject))
    return {row.window_starts: row.count for row in rows}
