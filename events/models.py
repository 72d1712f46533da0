"""Assignments, events, programme items, speakers and the frozen releases of a programme."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from accounts.models import Authority, User
from core.clock import today
from core.db import Codes, Instant, Key, Line, Model, Prose, Versioned, choice
from core.reference import Sector
from events.rules import (
    PAUSES,
    AssignmentState,
    ItemKind,
    Kind,
    Mode,
    SpeakerRole,
    State,
    WaitingRule,
)
from events.speaking.rules import Answer, Consent, shows
from events.speaking.shown import shown_content

co_organiser = sa.Table(
    "co_organiser",
    Model.metadata,
    sa.Column("event_id", sa.ForeignKey("event.id"), primary_key=True),
    sa.Column("authority_id", sa.ForeignKey("authority.id"), primary_key=True),
)


class Assignment(Versioned):
    """A government assignment: one of these leads to events at many authorities."""

    __tablename__ = "assignment"

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(sa.String(100), unique=True)
    authority_id: Mapped[int] = mapped_column(sa.ForeignKey(Authority.id), index=True)
    title: Mapped[Line]
    case_number: Mapped[str] = mapped_column(sa.String(80), default="")
    commissioner: Mapped[Line] = mapped_column(sa.String(300), default="")
    purpose: Mapped[Prose] = mapped_column(sa.Text, default="")
    target_group: Mapped[Prose] = mapped_column(sa.Text, default="")
    consulted: Mapped[Prose] = mapped_column(sa.Text, default="")
    cooperation: Mapped[Line] = mapped_column(sa.String(300), default="")
    ceiling_sek: Mapped[int | None]
    decided: Mapped[date | None]
    report_due: Mapped[date | None]
    state: Mapped[AssignmentState] = mapped_column(choice(AssignmentState))
    authority: Mapped[Authority] = relationship()
    events: Mapped[list["Event"]] = relationship(
        back_populates="assignment", order_by="Event.starts"
    )


class Event(Versioned):
    """One occasion, from plan to minutes, at one address for ever.

    `version` grows with every saved change; `revision` when something beside the event that its
    page shows has changed; `sequence` (RFC 5545, 3.8.7.4) only with what concerns calendars:
    time, place, title and state.
    """

    __tablename__ = "event"
    __table_args__ = (
        sa.Index("ix_event_public", "state", "starts"),
        sa.CheckConstraint("ends > starts", name="ends_after_start"),
    )

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(sa.String(100), unique=True)
    uid: Mapped[str] = mapped_column(sa.String(100), unique=True)
    authority_id: Mapped[int] = mapped_column(sa.ForeignKey(Authority.id), index=True)
    assignment_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Assignment.id), index=True)
    series_id: Mapped[int | None] = mapped_column(sa.ForeignKey("event_series.id"), index=True)
    kind: Mapped[Kind] = mapped_column(choice(Kind))
    state: Mapped[State] = mapped_column(choice(State), default=State.DRAFT)
    state_note: Mapped[Prose] = mapped_column(sa.Text, default="")
    title: Mapped[Line]
    lead: Mapped[Prose] = mapped_column(sa.Text, default="")
    purpose: Mapped[Prose] = mapped_column(sa.Text, default="")
    target_group: Mapped[Prose] = mapped_column(sa.Text, default="")
    case_number: Mapped[str] = mapped_column(sa.String(80), default="")
    in_cooperation_with: Mapped[str] = mapped_column(sa.String(500), default="")
    cost: Mapped[Prose] = mapped_column(sa.Text, default="")
    starts: Mapped[Instant]
    ends: Mapped[Instant]
    zone: Mapped[str] = mapped_column(sa.String(40), default="Europe/Stockholm")
    venue_name: Mapped[str] = mapped_column(sa.String(200), default="")
    venue_address: Mapped[str] = mapped_column(sa.String(300), default="")
    municipality: Mapped[str | None] = mapped_column(sa.String(4))
    county_code: Mapped[str | None] = mapped_column(sa.String(2), index=True)
    directions: Mapped[Prose] = mapped_column(sa.Text, default="")
    step_free: Mapped[bool] = mapped_column(default=False)
    hearing_loop: Mapped[bool] = mapped_column(default=False)
    lift: Mapped[bool] = mapped_column(default=False)
    parking: Mapped[str] = mapped_column(sa.String(300), default="")
    online_url: Mapped[str] = mapped_column(sa.String(600), default="")
    registration_opens: Mapped[Instant | None]
    registration_closes: Mapped[Instant | None]
    registration_paused: Mapped[bool] = mapped_column(default=False)
    invited_only: Mapped[bool] = mapped_column(default=False)
    approval: Mapped[bool] = mapped_column(default=False)
    waiting_rule: Mapped[WaitingRule] = mapped_column(
        choice(WaitingRule), default=WaitingRule.GIVEN
    )
    offer_hours: Mapped[int] = mapped_column(default=48)
    max_per_organisation: Mapped[int | None]
    cancel_by: Mapped[Instant | None]
    contact_name: Mapped[str] = mapped_column(sa.String(200), default="")
    contact_email: Mapped[str] = mapped_column(sa.String(320), default="")
    contact_phone: Mapped[str] = mapped_column(sa.String(40), default="")
    question: Mapped[Prose] = mapped_column(sa.Text, default="")
    can_achieve: Mapped[Prose] = mapped_column(sa.Text, default="")
    inviter_name: Mapped[str] = mapped_column(sa.String(200), default="")
    inviter_title: Mapped[str] = mapped_column(sa.String(200), default="")
    themes: Mapped[tuple[str, ...]] = mapped_column(Codes, default=())
    audiences: Mapped[tuple[str, ...]] = mapped_column(Codes, default=())
    search: Mapped[str] = mapped_column(sa.Text, default="")
    sequence: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=0)
    attached: Mapped[int] = mapped_column(default=0)  # files, whoever may see them
    created: Mapped[Instant]
    updated: Mapped[Instant]
    published: Mapped[Instant | None]
    authority: Mapped[Authority] = relationship(lazy="joined", innerjoin=True)
    assignment: Mapped[Assignment | None] = relationship(back_populates="events")
    co_organisers: Mapped[list[Authority]] = relationship(
        secondary=co_organiser, order_by=Authority.name
    )
    items: Mapped[list["ProgrammeItem"]] = relationship(
        back_populates="event",
        order_by="ProgrammeItem.starts, ProgrammeItem.ends, ProgrammeItem.room, ProgrammeItem.id",
        cascade="all, delete-orphan",
    )
    releases: Mapped[list["Release"]] = relationship(
        back_populates="event", order_by="Release.number", cascade="all, delete-orphan"
    )
    pools: Mapped[list["Pool"]] = relationship(
        back_populates="event", order_by="Pool.id", cascade="all, delete-orphan"
    )
    quotas: Mapped[list["Quota"]] = relationship(order_by="Quota.id", cascade="all, delete-orphan")

    @hybrid_property
    def shown(self) -> int:
        """Grows with everything the public page shows: what pages are cached by."""
        return self.version + self.revision

    @property
    def is_issue_council(self) -> bool:
        """Whether it is a sakråd."""
        return self.kind is Kind.ISSUE_COUNCIL


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


class Quota(Model):
    """Seats of a mode that are kept for one sector, until `opens` (None: to the end)."""

    __tablename__ = "quota"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "mode", "sector"),
        sa.CheckConstraint("seats > 0", name="some_seats"),
    )

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(Event.id), index=True)
    mode: Mapped[Mode] = mapped_column(choice(Mode))
    sector: Mapped[Sector] = mapped_column(choice(Sector))
    seats: Mapped[int]
    opens: Mapped[Instant | None]
    released: Mapped[Instant | None]

    def keeps(self, mode: Mode) -> bool:
        """Whether it still keeps seats of that mode."""
        return self.mode is mode and self.released is None


class Pool(Model):
    """A limited number of seats. Rule 3 of the design.

    There are four kinds, told apart by the one column that is filled: the seats of a `mode`; of
    a programme item (`item_id`); those of `others_mode` that are left to everybody but the
    sectors of `others_than` (joined by "+") while quotas keep seats for these; and those that one
    organisation may take (`organisation_key`). A person sits in one of the first kind and in all
    of the others that concern them.

    A seat is taken by the conditional update in `registrations.seats`; the CHECK stands behind
    it. `capacity` None means no limit; `taken` is counted all the same.
    """

    __tablename__ = "pool"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "mode"),
        sa.UniqueConstraint("item_id"),
        sa.UniqueConstraint("event_id", "others_mode", "others_than"),
        sa.UniqueConstraint("event_id", "organisation_key"),
        sa.CheckConstraint("taken >= 0", name="not_negative"),
        sa.CheckConstraint("capacity IS NULL OR taken <= capacity", name="not_over"),
        sa.CheckConstraint(
            " + ".join(
                f"(CASE WHEN {name} IS NULL THEN 0 ELSE 1 END)"
                for name in ("mode", "item_id", "others_mode", "organisation_key")
            )
            + " = 1",
            name="one_kind",
        ),
    )

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(Event.id), index=True)
    mode: Mapped[Mode | None] = mapped_column(choice(Mode))
    item_id: Mapped[int | None] = mapped_column(sa.ForeignKey(ProgrammeItem.id))
    others_mode: Mapped[Mode | None] = mapped_column(choice(Mode))
    others_than: Mapped[str | None] = mapped_column(sa.String(200))
    organisation_key: Mapped[str | None] = mapped_column(sa.String(250))
    capacity: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0)
    event: Mapped[Event] = relationship(back_populates="pools")

    @property
    def left(self) -> int | None:
        """Seats left; None where there is no limit."""
        return None if self.capacity is None else self.capacity - self.taken
