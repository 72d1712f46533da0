"""The register of speakers, and their photos."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from accounts.models import Authority
from core.clock import today
from core.columns import Instant, Key, Prose
from core.db import Model, Versioned
from events.speaking.rules import Consent, shows


class Speaker(Versioned):
    """Somebody in the authority's register of speakers.

    Each consent has an instant when it was given (None: not given, or taken back) and a last day
    (None: until it is taken back). `ended_told` is the last day on which the house looked at
    consents that had ended, and renewed the pages.
    """

    __tablename__ = "speaker"

    id: Mapped[Key]
    authority_id: Mapped[int] = mapped_column(sa.ForeignKey(Authority.id), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    title: Mapped[str] = mapped_column(sa.String(200), default="")
    organisation: Mapped[str] = mapped_column(sa.String(200), default="")
    text: Mapped[Prose] = mapped_column(sa.Text, default="")
    email: Mapped[str] = mapped_column(sa.String(320), default="")
    name_given: Mapped[Instant | None]
    name_until: Mapped[date | None]
    photo_given: Mapped[Instant | None]
    photo_until: Mapped[date | None]
    recording_given: Mapped[Instant | None]
    recording_until: Mapped[date | None]
    slides_given: Mapped[Instant | None]
    slides_until: Mapped[date | None]
    ended_told: Mapped[date | None]
    photo_id: Mapped[int | None] = mapped_column(sa.ForeignKey("photo.id"))
    photo: Mapped["Photo | None"] = relationship()

    def given(self, what: Consent) -> Any:
        """When a consent was given; None where it is not."""
        return getattr(self, f"{what}_given")

    def until(self, what: Consent) -> Any:
        """The last day of a consent; None where it has no end."""
        return getattr(self, f"{what}_until")

    def shows(self, what: Consent) -> bool:
        """Whether what was consented to may be shown today."""
        return shows(self.given(what), self.until(what), today())

    @property
    def consent(self) -> bool:
        """Whether the name may be shown today."""
        return self.shows(Consent.NAME)

    @property
    def by(self) -> str:
        """Title and organisation in one line."""
        return ", ".join(part for part in (self.title, self.organisation) if part)


class Photo(Model):
    """A photo, made anew by us (JPEG without metadata), under a random address.

    `speaker_id` is no foreign key: the speaker points here already. A photo that was replaced is
    kept for the releases that show it.
    """

    __tablename__ = "photo"

    id: Mapped[Key]
    token: Mapped[str] = mapped_column(sa.String(43), unique=True)
    authority_id: Mapped[int] = mapped_column(sa.ForeignKey(Authority.id))
    speaker_id: Mapped[int | None] = mapped_column(index=True)
    width: Mapped[int]
    height: Mapped[int]
    body: Mapped[bytes] = deferred(mapped_column(sa.LargeBinary))
    created: Mapped[Instant]
