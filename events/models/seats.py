"""How many seats there are, and those that are kept for a sector."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.columns import Instant, Key, choice
from core.db import Model
from core.reference import Sector
from events.models.occasions import Event
from events.models.programme import ProgrammeItem
from events.rules import Mode


class Quota(Model):
    """Seats of a mode that are kept for one sector, until `opens` (None: to the end)."""

    __tablename__ = "quota"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "mode", "sector"),
        sa.CheckConstraint("seats > 0", name="some_seats"),
    )

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(Event.id), index=True)
    mode: Mapped[Mode] = mapped_column(choice(Mode))
    sector: Mapped[Sector] = mapped_column(choice(Sector))
    seats: Mapped[int]
    opens: Mapped[Instant | None]
    released: Mapped[Instant | None]

    def keeps(self, mode: Mode) -> bool:
        """Whether it still keeps seats of that mode."""
        return self.mode is mode and self.released is None


class Pool(Model):
    """A limited number of seats. Rule 3 of the design.

    There are four kinds, told apart by the one column that is filled: the seats of a `mode`; of
    a programme item (`item_id`); those of `others_mode` that are left to everybody but the
    sectors of `others_than` (joined by "+") while quotas keep seats for these; and those that one
    organisation may take (`organisation_key`). A person sits in one of the first kind and in all
    of the others that concern them.

    A seat is taken by the conditional update in `registrations.seats`; the CHECK stands behind
    it. `capacity` None means no limit; `taken` is counted all the same. `revision` of a mode's is
    another each time somebody has held the limits of the event to change them.
    """

    __tablename__ = "pool"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "mode"),
        sa.UniqueConstraint("item_id"),
        sa.UniqueConstraint("event_id", "others_mode", "others_than"),
        sa.UniqueConstraint("event_id", "organisation_key"),
        sa.CheckConstraint("taken >= 0", name="not_negative"),
        sa.CheckConstraint("capacity IS NULL OR taken <= capacity", name="not_over"),
        sa.CheckConstraint(
            " + ".join(
                f"(CASE WHEN {name} IS NULL THEN 0 ELSE 1 END)"
                for name in ("mode", "item_id", "others_mode", "organisation_key")
            )
            + " = 1",
            name="one_kind",
        ),
    )

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(Event.id), index=True)
    mode: Mapped[Mode | None] = mapped_column(choice(Mode))
    item_id: Mapped[int | None] = mapped_column(sa.ForeignKey(ProgrammeItem.id))
    others_mode: Mapped[Mode | None] = mapped_column(choice(Mode))
    others_than: Mapped[str | None] = mapped_column(sa.String(200))
    organisation_key: Mapped[str | None] = mapped_column(sa.String(250))
    capacity: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=0, server_default="0")
    event: Mapped[Event] = relationship(back_populates="pools")

    @property
    def left(self) -> int | None:
        """Seats left; None where there is no limit."""
        return None if self.capacity is None else self.capacity - self.taken
