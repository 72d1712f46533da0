"""What was done with a selection, and with whom it could not be done."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core.columns import Instant, Key, choice
from core.db import Model
from events.models import Event
from registrations.selection.rules import Action


class SelectionRun(Model):
    """One action on many registrations.

    `people` are the pairs of id and version as they were when it was asked for, in the order in
    which they are dealt with; `acted` says how far it has come; `left` holds an id and a sentence
    for each with whom it could not be done.
    """

    __tablename__ = "selection_run"

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(Event.id), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id))
    action: Mapped[Action] = mapped_column(choice(Action))
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    people: Mapped[list[list[int]]] = mapped_column(sa.JSON)
    acted: Mapped[int] = mapped_column(default=0)
    left: Mapped[list[list[Any]]] = mapped_column(sa.JSON)
    created: Mapped[Instant]
    finished: Mapped[Instant | None]
    event: Mapped[Event] = relationship()
    user: Mapped[User] = relationship()

    @property
    def authority_id(self) -> int:
        """Whose it is (for the gate)."""
        return self.event.authority_id

    @property
    def done(self) -> int:
        """With how many it was done."""
        return self.acted - len(self.left)
