"""Mailings, to whom each has gone, reminders, and the addresses that want no more news."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Authority, User
from core.columns import Instant, Key, Prose, choice
from core.db import Model, Versioned
from core.outbox.models import Outbox
from events.models import Event
from registrations.mailings.rules import Occasion, Purpose, Skip, State
from registrations.models import Invitation, Registration


class Mailing(Versioned):
    """A text and to whom it goes. What has been sent is never changed."""

    __tablename__ = "mailing"
    __table_args__ = (sa.Index("ix_mailing_event", "event_id", "id"),)

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(Event.id))
    occasion: Mapped[Occasion] = mapped_column(choice(Occasion), default=Occasion.BY_HAND)
    purpose: Mapped[Purpose] = mapped_column(choice(Purpose), default=Purpose.PLACE)
    state: Mapped[State] = mapped_column(choice(State), default=State.DRAFT)
    audience: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    subject: Mapped[str] = mapped_column(sa.String(200), default="")
    body: Mapped[Prose] = mapped_column(sa.Text, default="")
    subject_en: Mapped[str] = mapped_column(sa.String(200), default="")
    body_en: Mapped[Prose] = mapped_column(sa.Text, default="")
    created: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id))
    sent_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id))
    send_at: Mapped[Instant | None]
    job_id: Mapped[int | None]
    started: Mapped[Instant | None]
    finished: Mapped[Instant | None]
    event: Mapped[Event] = relationship()
    created_by: Mapped[User | None] = relationship(foreign_keys=[created_by_id])
    sent_by: Mapped[User | None] = relationship(foreign_keys=[sent_by_id])

    @property
    def authority_id(self) -> int:
        """Whose it is (for the gate)."""
        return self.event.authority_id


class MailingRecipient(Model):
    """One of those who were chosen when a mailing was sent: once each, ever.

    `outbox_id` is set in the transaction that puts the letter in the outbox.
    """

    __tablename__ = "mailing_recipient"
    __table_args__ = (
        sa.UniqueConstraint("mailing_id", "registration_id"),
        sa.UniqueConstraint("mailing_id", "invitation_id"),
    )

    id: Mapped[Key]
    mailing_id: Mapped[int] = mapped_column(sa.ForeignKey(Mailing.id))
    registration_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(Registration.id, ondelete="SET NULL"), index=True
    )
    invitation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(Invitation.id, ondelete="SET NULL"), index=True
    )
    outbox_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(Outbox.id, ondelete="SET NULL"), index=True
    )
    skipped: Mapped[Skip | None] = mapped_column(choice(Skip))
    mailing: Mapped[Mailing] = relationship()
    registration: Mapped[Registration | None] = relationship()
    invitation: Mapped[Invitation | None] = relationship()
    outbox: Mapped[Outbox | None] = relationship()

    @property
    def authority_id(self) -> int:
        """Whose it is (for the gate)."""
        return self.mailing.event.authority_id


class Reminder(Versioned):
    """A mailing that goes by itself if switched on, once; then `mailing_id` says which it was."""

    __tablename__ = "reminder"
    __table_args__ = (sa.UniqueConstraint("event_id", "occasion"),)

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(Event.id))
    occasion: Mapped[Occasion] = mapped_column(choice(Occasion))
    is_on: Mapped[bool] = mapped_column(default=False)
    days: Mapped[int]
    waits: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    subject: Mapped[str] = mapped_column(sa.String(200), default="")
    body: Mapped[Prose] = mapped_column(sa.Text, default="")
    subject_en: Mapped[str] = mapped_column(sa.String(200), default="")
    body_en: Mapped[Prose] = mapped_column(sa.Text, default="")
    mailing_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Mailing.id))
    changed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id))
    event: Mapped[Event] = relationship()
    mailing: Mapped[Mailing | None] = relationship()


class OptOut(Model):
    """An address that wants no news from an authority. Only a keyed hash of it is kept."""

    __tablename__ = "mailing_opt_out"
    __table_args__ = (sa.UniqueConstraint("authority_id", "address"),)

    id: Mapped[Key]
    authority_id: Mapped[int] = mapped_column(sa.ForeignKey(Authority.id))
    address: Mapped[str] = mapped_column(sa.String(64))
    created: Mapped[Instant]
