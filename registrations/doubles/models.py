"""Which registrations have been made one, and which are known to be two persons."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from accounts.models import User
from core.columns import Instant, Key
from core.db import Model
from events.models import Event
from registrations.models import Registration


class Merge(Model):
    """Two registrations that were one person: which was kept and which went.

    `moved` counts what was taken over (choices, lines at the door, answers); never what it said.
    """

    __tablename__ = "registration_merge"
    __table_args__ = (sa.CheckConstraint("kept_id <> gone_id", name="two"),)

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(Event.id), index=True)
    kept_id: Mapped[int] = mapped_column(sa.ForeignKey(Registration.id), index=True)
    gone_id: Mapped[int] = mapped_column(sa.ForeignKey(Registration.id), unique=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id))
    at: Mapped[Instant]
    moved: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class TwoPersons(Model):
    """Two registrations that look alike and are not the same person; the lower number first."""

    __tablename__ = "two_persons"
    __table_args__ = (sa.UniqueConstraint("first_id", "second_id"),)

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(Event.id), index=True)
    first_id: Mapped[int] = mapped_column(sa.ForeignKey(Registration.id))
    second_id: Mapped[int] = mapped_column(sa.ForeignKey(Registration.id))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id))
    at: Mapped[Instant]
