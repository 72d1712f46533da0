"""What somebody who works here has chosen for their lists."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from accounts.models import User
from core.db import Model


class ListColumns(Model):
    """The columns that a colleague wants to see in lists of participants."""

    __tablename__ = "list_columns"

    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey(User.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    columns: Mapped[list[str]] = mapped_column(sa.JSON)
