"""Files that belong to an event, to one line of its programme, or are somebody's slides."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core.columns import Instant, Key, Line, Prose, choice
from core.db import Versioned
from events.attachments.rules import IMAGES, Access, FileKind, Visibility
from events.models import Event, ProgrammeItem, Speaker


class Attachment(Versioned):
    """A file's row. The file lies under `key`; a new one in its place has another key.

    `token` is its address, which stays. `position` is its place in the list of the event.
    """

    __tablename__ = "attachment"

    id: Mapped[Key]
    token: Mapped[str] = mapped_column(sa.String(43), unique=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(Event.id), index=True)
    item_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(ProgrammeItem.id, ondelete="SET NULL"), index=True
    )
    speaker_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(Speaker.id, ondelete="SET NULL"), index=True
    )
    position: Mapped[int]
    title: Mapped[Line]
    visibility: Mapped[Visibility] = mapped_column(choice(Visibility))
    kind: Mapped[FileKind] = mapped_column(choice(FileKind))
    name: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]  # bytes
    key: Mapped[str] = mapped_column(sa.String(35), unique=True)
    alternative: Mapped[Prose] = mapped_column(sa.Text, default="")
    access: Mapped[Access] = mapped_column(choice(Access), default=Access.UNKNOWN)
    access_url: Mapped[str] = mapped_column(sa.String(600), default="")
    access_reason: Mapped[Prose] = mapped_column(sa.Text, default="")
    created: Mapped[Instant]
    updated: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id))
    event: Mapped[Event] = relationship()
    item: Mapped[ProgrammeItem | None] = relationship()
    speaker: Mapped[Speaker | None] = relationship()

    @property
    def authority_id(self) -> int:
        """Whose it is (for the gate)."""
        return self.event.authority_id

    @property
    def is_image(self) -> bool:
        """Whether it is a picture."""
        return self.kind in IMAGES
