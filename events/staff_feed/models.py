"""The secret address of a user's calendar."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core.columns import Instant
from core.db import Model


class StaffFeed(Model):
    """A user's calendar. The address is derived from `link_key` and the server's key."""

    __tablename__ = "staff_feed"

    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey(User.id, ondelete="CASCADE"), primary_key=True
    )
    link_key: Mapped[str] = mapped_column(sa.String(32))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created: Mapped[Instant]
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
