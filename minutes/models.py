"""Minutes, their sections, the frozen document and later addenda."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from accounts.models import User
from core.columns import Instant, Key, Line, Prose, choice
from core.db import Model, Versioned
from events.models import Event, ProgrammeItem
from minutes.rules import Part, State


class Minutes(Versioned):
    """The summarising minutes of one event. Published they are frozen (rule 6 of the design).

    `content` is the frozen document as data and `content_digest` its SHA-256; `pdf` is its
    file and `checksum` the file's. `version` is that of the head: each section has its own,
    so that two people can write at once.
    """

    __tablename__ = "minutes"

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(Event.id), unique=True)
    state: Mapped[State] = mapped_column(choice(State), default=State.DRAFT)
    case_number: Mapped[str] = mapped_column(sa.String(80), default="")
    place: Mapped[Line] = mapped_column(sa.String(300), default="")
    chair: Mapped[Line] = mapped_column(sa.String(300), default="")
    note_taker: Mapped[Line] = mapped_column(sa.String(300), default="")
    created: Mapped[Instant]
    updated: Mapped[Instant]
    published: Mapped[Instant | None]
    published_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id))
    checksum: Mapped[str] = mapped_column(sa.String(64), default="")
    content_digest: Mapped[str] = mapped_column(sa.String(64), default="")
    content: Mapped[dict[str, Any] | None] = deferred(mapped_column(sa.JSON(none_as_null=True)))
    pdf: Mapped[bytes | None] = deferred(mapped_column(sa.LargeBinary))
    event: Mapped[Event] = relationship()
    sections: Mapped[list["Section"]] = relationship(
        back_populates="minutes",
        order_by="Section.position, Section.id",
        cascade="all, delete-orphan",
    )
    addenda: Mapped[list["Addendum"]] = relationship(
        back_populates="minutes", order_by="Addendum.id", cascade="all, delete-orphan"
    )

    @property
    def authority_id(self) -> int:
        """Whose they are (for the gate)."""
        return self.event.authority_id

    @property
    def is_published(self) -> bool:
        """Whether they are frozen."""
        return self.state is State.PUBLISHED


class Section(Versioned):
    """A text of the minutes: the introduction, what was said in one programme item, and so on."""

    __tablename__ = "section"

    id: Mapped[Key]
    minutes_id: Mapped[int] = mapped_column(sa.ForeignKey(Minutes.id), index=True)
    part: Mapped[Part] = mapped_column(choice(Part), default=Part.ITEM)
    item_id: Mapped[int | None] = mapped_column(sa.ForeignKey(ProgrammeItem.id), index=True)
    position: Mapped[int]
    heading: Mapped[Line]
    speakers: Mapped[str] = mapped_column(sa.String(1000), default="")
    body: Mapped[Prose] = mapped_column(sa.Text, default="")
    updated: Mapped[Instant]
    updated_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id))
    minutes: Mapped[Minutes] = relationship(back_populates="sections")
    updated_by: Mapped[User | None] = relationship(lazy="joined")

    @property
    def authority_id(self) -> int:
        """Whose it is (for the gate)."""
        return self.minutes.event.authority_id

    @property
    def is_movable(self) -> bool:
        """Whether it may be moved and removed: what stands in all minutes may not."""
        return self.part is Part.ITEM


class Addendum(Model):
    """A dated addition to published minutes; the published text itself never changes."""

    __tablename__ = "addendum"

    id: Mapped[Key]
    minutes_id: Mapped[int] = mapped_column(sa.ForeignKey(Minutes.id), index=True)
    body: Mapped[Prose]
    author: Mapped[Line]
    added: Mapped[Instant]
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id))
    minutes: Mapped[Minutes] = relationship(back_populates="addenda")
