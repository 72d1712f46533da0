"""Which badges have been made."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import Instant
from core.db import Model
from registrations.models import Registration


class Badge(Model):
    """The badge last made for somebody: when, with which parts, and a digest of what stood on it.

    Whoever has none, or has changed what stood on it, needs a new one.
    """

    __tablename__ = "badge"

    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey(Registration.id, ondelete="CASCADE"), primary_key=True
    )
    made: Mapped[Instant]
    parts: Mapped[str] = mapped_column(sa.String(200))
    face: Mapped[str] = mapped_column(sa.String(64))
