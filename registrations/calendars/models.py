"""The calendar of an address, and what came back by mail about invitations."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.columns import Instant, Key, choice
from core.db import Model
from registrations.calendars.rules import Answer, Standing
from registrations.models import Registration


def new_feed_key() -> str:
    """What the address of a calendar is derived from, together with the server's key."""
    return uuid.uuid4().hex


class OwnFeed(Model):
    """A calendar of all that one mail address is registered to. `alarm` is in minutes before."""

    __tablename__ = "own_feed"

    id: Mapped[Key]
    email_key: Mapped[str] = mapped_column(sa.String(320), unique=True)
    link_key: Mapped[str] = mapped_column(sa.String(32), default=new_feed_key)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    alarm: Mapped[int | None]
    created: Mapped[Instant]


class CalendarReply(Model):
    """An answer to an invitation, as it came by mail; `body` is the mail, as proof.

    `sequence` and `stamped` are those of the answer: which invitation it is to, and when it was
    given. Only one that `counts` says how the person has answered.
    """

    __tablename__ = "calendar_reply"
    __table_args__ = (sa.UniqueConstraint("registration_id", "body_hash"),)

    id: Mapped[Key]
    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey(Registration.id, ondelete="CASCADE"), index=True
    )
    answer: Mapped[Answer] = mapped_column(choice(Answer))
    standing: Mapped[Standing] = mapped_column(choice(Standing))
    sequence: Mapped[int]
    stamped: Mapped[Instant]
    comment: Mapped[str] = mapped_column(sa.String(500), default="")
    sender: Mapped[str] = mapped_column(sa.String(320), default="")
    body_hash: Mapped[str] = mapped_column(sa.String(64))
    body: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    received: Mapped[Instant]
    registration: Mapped[Registration] = relationship()

    @property
    def authority_id(self) -> int:
        """Whose it is (for the gate)."""
        return self.registration.event.authority_id
