"""What a speaker has been asked at an event, and has answered."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.columns import Instant, Key, Prose, choice
from core.db import Versioned
from events.models import Event, Speaker
from events.speaking.rules import Answer


class Engagement(Versioned):
    """A speaker at one event: asked by letter, the answer, and what the room must have.

    `needs` is encrypted: people write more than the question asks. `reminded` and `nudged` are
    when the house reminded by itself, of the answer and of what is missing; each once ever.
    """

    __tablename__ = "engagement"
    __table_args__ = (sa.UniqueConstraint("event_id", "speaker_id"),)

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(Event.id))
    speaker_id: Mapped[int] = mapped_column(sa.ForeignKey(Speaker.id), index=True)
    answer: Mapped[Answer] = mapped_column(choice(Answer), default=Answer.NONE)
    message: Mapped[Prose] = mapped_column(sa.Text, default="")
    answered: Mapped[Instant | None]
    needs: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    sent: Mapped[Instant | None]
    mailed: Mapped[Instant | None]
    reminded: Mapped[Instant | None]
    nudged: Mapped[Instant | None]
    token_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    token_version: Mapped[int] = mapped_column(default=1)
    created: Mapped[Instant]
    event: Mapped[Event] = relationship(lazy="joined", innerjoin=True)
    speaker: Mapped[Speaker] = relationship(lazy="joined", innerjoin=True)

    @property
    def authority_id(self) -> int:
        """Whose it is (for the gate)."""
        return self.event.authority_id
