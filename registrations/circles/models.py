"""The list of a series: an organisation, for how many, on what criterion and why."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.columns import Key, Line, Prose
from core.db import Model
from events.series.models import EventSeries
from registrations.models import Organisation


class SeriesInvitation(Model):
    """An organisation on the list of a series: new meetings begin with it, unsent."""

    __tablename__ = "series_invitation"
    __table_args__ = (
        sa.UniqueConstraint("series_id", "organisation_id"),
        sa.CheckConstraint("seats BETWEEN 1 AND 50", name="some_seats"),
    )

    id: Mapped[Key]
    series_id: Mapped[int] = mapped_column(sa.ForeignKey(EventSeries.id))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey(Organisation.id), index=True)
    seats: Mapped[int] = mapped_column(default=1)
    criterion: Mapped[Line] = mapped_column(sa.String(300), default="")
    reason: Mapped[Prose] = mapped_column(sa.Text, default="")
    email: Mapped[str] = mapped_column(sa.String(320), default="")
    series: Mapped[EventSeries] = relationship()
    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)

    @property
    def authority_id(self) -> int:
        """Whose it is (for the gate)."""
        return self.series.authority_id
