"""What somebody has sent to be taken in."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.columns import Instant, Key, Line, choice
from core.db import Model
from core.reference import Sector
from events.models import Event
from events.rules import Mode
from registrations.importing.rules import Surplus


class ParticipantImport(Model):
    """A table of people on its way in: read, checked and, when told to, registered.

    `cells` are the rows as they were sent, `ready` those that would be registered, `faults` the
    cells that cannot be taken. All three are emptied when the people are in, and after a day.
    """

    __tablename__ = "participant_import"

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(Event.id), index=True)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    name: Mapped[Line]
    created: Mapped[Instant]
    guarded: Mapped[bool] = mapped_column(default=False)
    headings: Mapped[bool] = mapped_column(default=True)
    fields: Mapped[list[Any]] = mapped_column(sa.JSON)
    mode: Mapped[Mode] = mapped_column(choice(Mode))
    sector: Mapped[Sector] = mapped_column(choice(Sector))
    cells: Mapped[list[Any]] = mapped_column(sa.JSON, deferred=True)
    ready: Mapped[list[Any]] = mapped_column(sa.JSON, deferred=True)
    faults: Mapped[list[Any]] = mapped_column(sa.JSON)
    double: Mapped[list[Any]] = mapped_column(sa.JSON)
    assumed: Mapped[list[Any]] = mapped_column(sa.JSON, default=list, server_default="[]")
    people: Mapped[int]  # rows that would be registered, if nobody is there already
    surplus: Mapped[Surplus] = mapped_column(choice(Surplus), default=Surplus.REFUSE)
    job_id: Mapped[int | None] = mapped_column(sa.ForeignKey("job.id", ondelete="SET NULL"))
    emptied: Mapped[Instant | None]
    event: Mapped[Event] = relationship()

    @property
    def authority_id(self) -> int:
        """Whose it is (for the gate)."""
        return self.event.authority_id
