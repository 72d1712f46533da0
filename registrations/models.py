"""Organisations, invitations, registrations, their needs (apart) and the check-in log."""

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core.columns import Instant, Key, Line, Prose, choice
from core.db import Model, Versioned
from core.reference import Sector
from events.models import Event, ProgrammeItem
from events.rules import Mode
from registrations.rules import UNPROVEN, Answer, RoleKind, Source, Status, Tick

# Sort keys are made by us and compared byte by byte, whatever the database's own locale.
BYTEWISE = sa.String(250).with_variant(sa.String(250, collation="C"), "postgresql")


def new_link_key() -> str:
    """What a secret link is derived from, together with the server's key."""
    return uuid.uuid4().hex


class Organisation(Versioned):
    """An organisation that is invited. Shared by all authorities: it holds no persons."""

    __tablename__ = "organisation"

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(sa.String(100), unique=True)
    name: Mapped[Line]
    sector: Mapped[Sector] = mapped_column(choice(Sector))
    municipality: Mapped[str | None] = mapped_column(sa.String(4))
    county_code: Mapped[str | None] = mapped_column(sa.String(2))
    sort_key: Mapped[str] = mapped_column(BYTEWISE, default="", index=True)
    search: Mapped[str] = mapped_column(sa.Text, default="")
    created: Mapped[Instant]
    names: Mapped[list["OrganisationName"]] = relationship(
        order_by="OrganisationName.id", cascade="all, delete-orphan"
    )

    def name_on(self, day: date) -> str:
        """What it was called that day (P-07); `name` is what it is called now."""
        return next((row.name for row in self.names if row.holds(day)), self.name)


class OrganisationName(Model):
    """A name of an organisation, with its first and last day; None where there is no such day."""

    __tablename__ = "organisation_name"

    id: Mapped[Key]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey(Organisation.id), index=True)
    name: Mapped[Line]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]

    def holds(self, day: date) -> bool:
        """Whether it was the name that day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)


class Invitation(Versioned):
    """An organisation asked to an event: on what criterion, why, for how many, and its answer."""

    __tablename__ = "invitation"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "organisation_id"),
        sa.CheckConstraint("seats BETWEEN 1 AND 50", name="some_seats"),
    )

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(Event.id), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey(Organisation.id), index=True)
    seats: Mapped[int] = mapped_column(default=1)
    criterion: Mapped[Line] = mapped_column(sa.String(300), default="")
    reason: Mapped[Prose] = mapped_column(sa.Text, default="")
    email: Mapped[str] = mapped_column(sa.String(320), default="")
    answer: Mapped[Answer] = mapped_column(choice(Answer), default=Answer.DRAFT)
    message: Mapped[Prose] = mapped_column(sa.Text, default="")
    token_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    token_version: Mapped[int] = mapped_column(default=1)
    created: Mapped[Instant]
    sent: Mapped[Instant | None]
    reminded: Mapped[Instant | None]
    answered: Mapped[Instant | None]
    event: Mapped[Event] = relationship()
    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    registrations: Mapped[list["Registration"]] = relationship(
        back_populates="invitation", order_by="Registration.id"
    )

    @property
    def authority_id(self) -> int:
        """Whose it is (for the gate)."""
        return self.event.authority_id


class Registration(Versioned):
    """One person's place at one event, or in its queue.

    One per event, address and normalised name: colleagues may share a mailbox. Of the secret
    link only the hash is kept; the link itself is derived from `link_key`, which is no secret,
    and the server's key when a mail is written.
    """

    __tablename__ = "registration"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "email_key", "name_key"),
        sa.Index("ix_registration_list", "event_id", "status", "queued"),
        sa.Index("ix_registration_by_name", "event_id", "sort_key", "id"),
        sa.Index("ix_registration_figures", "event_id", "status", "sector", "mode", "municipality"),
    )

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(Event.id), index=True)
    invitation_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Invitation.id), index=True)
    first_name: Mapped[str] = mapped_column(sa.String(100))
    last_name: Mapped[str] = mapped_column(sa.String(100))
    name_key: Mapped[str] = mapped_column(sa.String(250))
    sort_key: Mapped[str] = mapped_column(BYTEWISE)
    search: Mapped[str] = mapped_column(sa.Text, default="")
    email: Mapped[str] = mapped_column(sa.String(320))
    email_key: Mapped[str] = mapped_column(sa.String(320))
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    organisation: Mapped[str] = mapped_column(sa.String(200), default="")
    sector: Mapped[Sector] = mapped_column(choice(Sector))
    municipality: Mapped[str | None] = mapped_column(sa.String(4))
    role_kind: Mapped[RoleKind] = mapped_column(choice(RoleKind))
    mode: Mapped[Mode] = mapped_column(choice(Mode))
    status: Mapped[Status] = mapped_column(choice(Status))
    source: Mapped[Source] = mapped_column(choice(Source))
    list_consent: Mapped[bool] = mapped_column(default=False)
    protected: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(sa.String(2), default="sv")
    token_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    token_version: Mapped[int] = mapped_column(default=1)
    link_key: Mapped[str] = mapped_column(sa.String(32), default=new_link_key)
    sequence: Mapped[int] = mapped_column(default=0)
    created: Mapped[Instant]
    updated: Mapped[Instant]
    queued: Mapped[Instant]
    offered_until: Mapped[Instant | None]
    cancelled: Mapped[Instant | None]
    cancel_reason: Mapped[str] = mapped_column(sa.String(500), default="")
    event: Mapped[Event] = relationship()
    invitation: Mapped[Invitation | None] = relationship(back_populates="registrations")
    choices: Mapped[list["ItemChoice"]] = relationship(
        back_populates="registration", cascade="all, delete-orphan"
    )

    @property
    def authority_id(self) -> int:
        """Whose it is (for the gate)."""
        return self.event.authority_id

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"

    @property
    def unproven(self) -> bool:
        """Whether the address is still to be confirmed by mail, until `offered_until`."""
        return self.status in UNPROVEN and self.offered_until is not None


class ItemChoice(Model):
    """A seat in one of the parallel items."""

    __tablename__ = "item_choice"
    __table_args__ = (sa.UniqueConstraint("registration_id", "item_id"),)

    id: Mapped[Key]
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey(Registration.id), index=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey(ProgrammeItem.id), index=True)
    registration: Mapped[Registration] = relationship(back_populates="choices")
    item: Mapped[ProgrammeItem] = relationship()


class Need(Model):
    """What a person needs so that the day works: sensitive, encrypted, erased after the day.

    Read only through `registrations.needs`, which logs who looked.
    """

    __tablename__ = "need"

    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey(Registration.id, ondelete="CASCADE"), primary_key=True
    )
    diet: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    access: Mapped[bytes | None] = mapped_column(sa.LargeBinary)


def _when_it_happened(context: Any) -> datetime:
    moment: datetime = context.get_current_parameters()["at"]
    return moment


class CheckIn(Model):
    """A line of the door's log; only ever added (the database refuses anything else).

    The latest line says how it stands with the person: `at` is when it happened, `written` when
    the line reached us. A line with a `reason` is a correction by hand.
    """

    __tablename__ = "check_in"
    __table_args__ = (
        sa.UniqueConstraint("nonce"),
        sa.Index("ix_check_in_log", "event_id", "id"),
    )

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(Event.id))
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey(Registration.id), index=True)
    item_id: Mapped[int | None] = mapped_column(sa.ForeignKey(ProgrammeItem.id))
    tick: Mapped[Tick] = mapped_column(choice(Tick))
    at: Mapped[Instant]
    written: Mapped[Instant] = mapped_column(default=_when_it_happened)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id))
    nonce: Mapped[str] = mapped_column(sa.String(64))
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    user: Mapped[User | None] = relationship()
    item: Mapped[ProgrammeItem | None] = relationship()


class DisposalRule(Model):
    """When a kind of data may be erased, and by which decision. Without one nothing is erased."""

    __tablename__ = "disposal_rule"
    __table_args__ = (sa.UniqueConstraint("authority_id", "data_kind"),)

    id: Mapped[Key]
    authority_id: Mapped[int] = mapped_column(sa.ForeignKey("authority.id"))
    data_kind: Mapped[str] = mapped_column(sa.String(40))
    days: Mapped[int]
    decision_number: Mapped[str] = mapped_column(sa.String(80))
    decided: Mapped[Instant]


class DisposalRun(Model):
    """What was erased: the kind, how much, when and by which decision; never the content."""

    __tablename__ = "disposal_run"

    id: Mapped[Key]
    authority_id: Mapped[int] = mapped_column(sa.ForeignKey("authority.id"))
    event_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Event.id))
    data_kind: Mapped[str] = mapped_column(sa.String(40))
    count: Mapped[int]
    decision_number: Mapped[str] = mapped_column(sa.String(80))
    at: Mapped[Instant]
