"""A party and its people."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.columns import Instant, Key, choice
from core.db import Model, Versioned
from core.reference import Sector
from events.models import Event
from registrations.models import Registration
from registrations.parties.rules import How
from registrations.rules import Status


class Party(Versioned):
    """Several colleagues whom one contact has registered, for one organisation.

    Of the contact's secret link only the hash is kept, as with a registration's own. `made_with`
    is the digest of the key of the form it came by.
    """

    __tablename__ = "party"

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(Event.id), index=True)
    contact_name: Mapped[str] = mapped_column(sa.String(200))
    contact_email: Mapped[str] = mapped_column(sa.String(320))
    email_key: Mapped[str] = mapped_column(sa.String(320), index=True)
    contact_phone: Mapped[str] = mapped_column(sa.String(40), default="")
    organisation: Mapped[str] = mapped_column(sa.String(200))
    sector: Mapped[Sector] = mapped_column(choice(Sector))
    municipality: Mapped[str | None] = mapped_column(sa.String(4))
    how: Mapped[How] = mapped_column(choice(How))
    language: Mapped[str] = mapped_column(sa.String(2), default="sv")
    made_with: Mapped[str] = mapped_column(sa.String(64), unique=True)
    token_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    token_version: Mapped[int] = mapped_column(default=1)
    created: Mapped[Instant]
    event: Mapped[Event] = relationship()
    members: Mapped[list["PartyMember"]] = relationship(
        back_populates="party", order_by="PartyMember.id", cascade="all, delete-orphan"
    )

    @property
    def authority_id(self) -> int:
        """Whose it is (for the gate)."""
        return self.event.authority_id


class PartyMember(Model):
    """One person whom the contact named, and what was answered.

    `ours` is false for somebody who had registered before: the contact is answered as if that
    were not so, and has no power over them. Without a registration: left out for want of seats.
    """

    __tablename__ = "party_member"

    id: Mapped[Key]
    party_id: Mapped[int] = mapped_column(sa.ForeignKey(Party.id, ondelete="CASCADE"), index=True)
    registration_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(Registration.id, ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(sa.String(201))
    ours: Mapped[bool]
    outcome: Mapped[Status] = mapped_column(choice(Status))
    gone: Mapped[Instant | None]
    party: Mapped[Party] = relationship(back_populates="members")
    registration: Mapped[Registration | None] = relationship(lazy="joined")
