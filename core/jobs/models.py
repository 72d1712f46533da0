"""The tables of long work and of the files it has made."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import Code, Instant, Key, Line, choice
from core.db import Model
from core.jobs.rules import UNDER_WAY, State

JSON = MutableDict.as_mutable(sa.JSON())


class Job(Model):
    """A piece of work that takes longer than a request. Belongs to an authority.

    `cursor` is how far it has come, as its kind wants it; `outcome` what is told afterwards.
    Whoever holds `lease` works at it. At most one job at a time has a `slot`.
    """

    __tablename__ = "job"
    __table_args__ = (sa.Index("ix_job_due", "state", "next_run"),)

    id: Mapped[Key]
    kind: Mapped[Code]
    about: Mapped[Line] = mapped_column(sa.String(300), default="")
    payload: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    state: Mapped[State] = mapped_column(choice(State), default=State.WAITING)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    cursor: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    outcome: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    error: Mapped[str] = mapped_column(sa.String(500), default="")
    tries: Mapped[int] = mapped_column(default=0)
    authority_id: Mapped[int] = mapped_column(index=True)
    event_id: Mapped[int | None] = mapped_column(index=True)
    started_by: Mapped[int | None]
    created: Mapped[Instant]
    next_run: Mapped[Instant]
    finished: Mapped[Instant | None]
    lease: Mapped[str] = mapped_column(sa.String(32), default="")
    leased_until: Mapped[Instant | None]
    slot: Mapped[str | None] = mapped_column(sa.String(20), unique=True)
    filename: Mapped[str] = mapped_column(sa.String(200), default="")

    @property
    def under_way(self) -> bool:
        """Whether there is more to do."""
        return self.state in UNDER_WAY


class StoredFile(Model):
    """The file that a job has made."""

    __tablename__ = "job_file"

    job_id: Mapped[int] = mapped_column(sa.ForeignKey(Job.id, ondelete="CASCADE"), primary_key=True)
    mimetype: Mapped[str] = mapped_column(sa.String(100))
    body: Mapped[bytes] = mapped_column(sa.LargeBinary)
