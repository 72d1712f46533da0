"""The draft programme, who takes part in it, and its frozen releases."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core.columns import Instant, Key, Line, Prose, choice
from core.db import Model, Versioned
from events.models.occasions import Event
from events.models.speakers import Speaker
from events.rules import PAUSES, ItemKind, SpeakerRole
from events.speaking.shown import shown_content


class ProgrammeItem(Versioned):
    """A line of the draft programme. Items of one `group` run side by side: one is chosen.

    A `track` goes through the day ("Spår Bostad") and is only a name: nothing is chosen by it.
    """

    __tablename__ = "programme_item"
    __table_args__ = (
        sa.CheckConstraint("ends > starts", name="ends_after_start"),
        # A number is never used again: the frozen releases know items by it.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(Event.id), index=True)
    kind: Mapped[ItemKind] = mapped_column(choice(ItemKind))
    starts: Mapped[Instant]
    ends: Mapped[Instant]
    title: Mapped[Line]
    text: Mapped[Prose] = mapped_column(sa.Text, default="")
    room: Mapped[str] = mapped_column(sa.String(100), default="")
    group: Mapped[str] = mapped_column("choice_group", sa.String(40), default="")
    track: Mapped[str] = mapped_column(sa.String(60), default="")
    capacity: Mapped[int | None]
    event: Mapped[Event] = relationship(back_populates="items")
    appearances: Mapped[list["Appearance"]] = relationship(
        back_populates="item", order_by="Appearance.id", cascade="all, delete-orphan"
    )

    @property
    def authority_id(self) -> int:
        """Whose it is (for the gate)."""
        return self.event.authority_id

    @property
    def is_pause(self) -> bool:
        """Whether nothing is said in it."""
        return self.kind in PAUSES


class Appearance(Model):
    """A speaker in a programme item."""

    __tablename__ = "appearance"
    __table_args__ = (sa.UniqueConstraint("item_id", "speaker_id", "role"),)

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(sa.ForeignKey(ProgrammeItem.id), index=True)
    speaker_id: Mapped[int] = mapped_column(sa.ForeignKey(Speaker.id), index=True)
    role: Mapped[SpeakerRole] = mapped_column(choice(SpeakerRole), default=SpeakerRole.SPEAKER)
    item: Mapped[ProgrammeItem] = relationship(back_populates="appearances")
    speaker: Mapped[Speaker] = relationship()


class Release(Model):
    """A programme as it was published: frozen, numbered. The public sees the latest.

    `content` is what may be shown of it now (`events.speaking.shown`); `frozen` is what stands in
    the database, for those who look into the archive.
    """

    __tablename__ = "release"
    __table_args__ = (sa.UniqueConstraint("event_id", "number"),)

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(Event.id), index=True)
    number: Mapped[int]
    frozen: Mapped[dict[str, Any]] = mapped_column("content", sa.JSON)
    published: Mapped[Instant]
    published_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id))
    event: Mapped[Event] = relationship(back_populates="releases")

    @hybrid_property
    def content(self) -> dict[str, Any]:
        """The programme without whoever may not be named now."""
        return shown_content(self)

    @content.inplace.setter
    def _freeze(self, content: dict[str, Any]) -> None:
        self.frozen = content

    @content.inplace.expression
    @classmethod
    def _column(cls) -> Any:
        return cls.frozen
