"""Minutes, their sections, the frozen document and later addenda."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from accounts.models import User
from core.db import Instant, Key, Line, Model, Prose, Versioned, choice
from events.models import Event, ProgrammeItem
from minutes.rules import State


class Minutes(Versioned):
    """The summarising minutes of one event. Published they are frozen (rule 6 of the design).

    `content` is the frozen document as data, `pdf` its file; `checksum` the file's SHA-256.
    """

    __tablename__ = "minutes"

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(Event.id), unique=True)
    state: Mapped[State] = mapped_column(choice(State), default=State.DRAFT)
    case_number: Mapped[str] = mapped_column(sa.String(80), default="")
    place: Mapped[Line] = mapped_column(sa.String(300), default="")
    chair: Mapped[Line] = mapped_column(sa.String(300), default="")
    note_taker: Mapped[Line] = mapped_column(sa.String(300), default="")
    introduction: Mapped[Prose] = mapped_column(sa.Text, default="")
    participants_note: Mapped[Prose] = mapped_column(sa.Text, default="")
    conclusions: Mapped[Prose] = mapped_column(sa.Text, default="")
    closing: Mapped[Prose] = mapped_column(sa.Text, default="")
    created: Mapped[Instant]
    updated: Mapped[Instant]
    published: Mapped[Instant | None]
    published_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id))
    checksum: Mapped[str] = mapped_column(sa.String(64), default="")
    content: Mapped[dict[str, Any] | None] = deferred(mapped_column(sa.JSON(none_as_null=True)))
    pdf: Mapped[bytes | None] = deferred(mapped_column(sa.LargeBinary))
    event: Mapped[Event] = relationship()
    sections: Mapped[list["Section"]] = relationship(
        back_populates="minutes", order_by="Section.position", cascade="all, delete-orphan"
    )
    addenda: Mapped[list["Addendum"]] = relationship(
        back_populates="minutes", order_by="Addendum.id", cascade="all, delete-orphan"
    )

    @property
    def authority_id(self) -> int:
        """Whose they are (for the gate)."""
        return self.event.authority_id


class Section(Versioned):
    """What was said in one programme item."""

    __tablename__ = "section"

    id: Mapped[Key]
    minutes_id: Mapped[int] = mapped_column(sa.ForeignKey(Minutes.id), index=True)
    item_id: Mapped[int | None] = mapped_column(sa.ForeignKey(ProgrammeItem.id))
    position: Mapped[int]
    heading: Mapped[Line]
    speakers: Mapped[str] = mapped_column(sa.String(1000), default="")
    body: Mapped[Prose] = mapped_column(sa.Text, default="")
    minutes: Mapped[Minutes] = relationship(back_populates="sections")

    @property
    def authority_id(self) -> int:
        """Whose it is (for the gate)."""
        return self.minutes.event.authority_id


class Addendum(Model):
    """A dated addition to published minutes; the published text itself never changes."""

    __tablename__ = "addendum"

    id: Mapped[Key]
    minutes_id: Mapped[int] = mapped_column(sa.ForeignKey(Minutes.id), index=True)
    body: Mapped[Prose]
    added: Mapped[Instant]
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id))
    minutes: Mapped[Minutes] = relationship(back_populates="addenda")
