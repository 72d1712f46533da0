"""Series of meetings. Which series an event belongs to stands in `Event.series_id`."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Authority
from core.columns import Instant, Key, Line, Prose, choice
from core.db import Versioned
from events.series.rules import SeriesKind


class EventSeries(Versioned):
    """Meetings that belong together, at one address."""

    __tablename__ = "event_series"

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(sa.String(100), unique=True)
    authority_id: Mapped[int] = mapped_column(sa.ForeignKey(Authority.id), index=True)
    kind: Mapped[SeriesKind] = mapped_column(choice(SeriesKind))
    title: Mapped[Line]
    text: Mapped[Prose]
    year: Mapped[int | None]
    created: Mapped[Instant]
    authority: Mapped[Authority] = relationship(lazy="joined", innerjoin=True)
