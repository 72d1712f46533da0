"""The rooms of an event."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import Key
from core.db import Versioned
from events.models import Event


class Room(Versioned):
    """A room where items of the programme are: how many it seats, and how to get in and hear.

    Items tell their room by its name, so that one nobody has described can be used too.
    """

    __tablename__ = "room"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "name"),
        sa.CheckConstraint("seats IS NULL OR seats > 0", name="some_seats"),
    )

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(Event.id))
    name: Mapped[str] = mapped_column(sa.String(100))
    seats: Mapped[int | None]
    step_free: Mapped[bool] = mapped_column(default=False)
    hearing_loop: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(sa.String(200), default="")
