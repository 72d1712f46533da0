"""The outbox table."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import Code, Instant, Key, choice
from core.db import Model
from core.outbox.rules import State


class Outbox(Model):
    """One mail to one address. What it says is written when it is sent, from `payload`.

    `calendar` is the method of the calendar object that it went out with, if any.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        sa.Index("ix_outbox_due", "state", "next_try"),
        sa.Index("ix_outbox_about", "about"),
    )

    id: Mapped[Key]
    kind: Mapped[Code]
    payload: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    recipient: Mapped[str] = mapped_column(sa.String(320))
    language: Mapped[str] = mapped_column(sa.String(2), default="sv")
    dedupe_key: Mapped[str] = mapped_column(sa.String(200), unique=True)
    thread: Mapped[str | None] = mapped_column(sa.String(100), index=True)
    authority_id: Mapped[int | None] = mapped_column(index=True)
    about: Mapped[str] = mapped_column(sa.String(100), default="")
    message_id: Mapped[str] = mapped_column(sa.String(200), unique=True)
    subject: Mapped[str] = mapped_column(sa.String(300), default="")
    calendar: Mapped[str] = mapped_column(sa.String(10), default="")
    state: Mapped[State] = mapped_column(choice(State), default=State.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(sa.String(500), default="")
    created: Mapped[Instant]
    next_try: Mapped[Instant]
    leased_until: Mapped[Instant | None]
    sent: Mapped[Instant | None]
