"""Assignments and the events they lead to."""

from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Authority
from core.columns import Codes, Instant, Key, Line, Prose, choice
from core.db import Model, Versioned
from events.rules import AssignmentState, Kind, State, WaitingRule

if TYPE_CHECKING:
    from events.models.programme import ProgrammeItem, Release
    from events.models.seats import Pool, Quota

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
