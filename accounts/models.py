"""Authorities, users, memberships, sessions and the audit log."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.rules import Role
from core.columns import Code, Instant, Key, Line, choice
from core.db import Model, Versioned


class Authority(Versioned):
    """A tenant: one of the 21 boards, or another that arranges events."""

    __tablename__ = "authority"

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(sa.String(100), unique=True)
    name: Mapped[Line]
    short_name: Mapped[Line]
    county_code: Mapped[str | None] = mapped_column(sa.String(2))
    sender_name: Mapped[Line]
    sender_address: Mapped[str] = mapped_column(sa.String(320), default="")
    reply_to: Mapped[str] = mapped_column(sa.String(320), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    data_protection_contact: Mapped[str] = mapped_column(sa.String(320), default="")

    @property
    def authority_id(self) -> int:
        """Whose it is (for the gate): its own."""
        return self.id


class User(Versioned):
    """Somebody who works with events. The e-mail address is kept in lower case."""

    __tablename__ = "user_account"

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(sa.String(320), unique=True)
    name: Mapped[Line]
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    password_is_temporary: Mapped[bool] = mapped_column(default=False)
    disabled: Mapped[Instant | None]
    created: Mapped[Instant]
    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="user", lazy="selectin", cascade="all, delete-orphan"
    )

    def roles_in(self, authority_id: int) -> set[Role]:
        """The roles this person has in one authority."""
        return {m.role for m in self.memberships if m.authority_id == authority_id}

    def authorities_with(self, roles: frozenset[Role]) -> list[Authority]:
        """The authorities where this person has one of `roles`, by name."""
        found = {m.authority_id: m.authority for m in self.memberships if m.role in roles}
        return sorted(found.values(), key=lambda authority: authority.name)


class Membership(Model):
    """A user's role in an authority."""

    __tablename__ = "membership"
    __table_args__ = (sa.UniqueConstraint("user_id", "authority_id", "role"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id), index=True)
    authority_id: Mapped[int] = mapped_column(sa.ForeignKey(Authority.id), index=True)
    role: Mapped[Role] = mapped_column(choice(Role))
    user: Mapped[User] = relationship(back_populates="memberships")
    authority: Mapped[Authority] = relationship(lazy="joined", innerjoin=True)


class SignIn(Model):
    """One session of a user. The browser holds the secret, the table its hash."""

    __tablename__ = "sign_in"

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created: Mapped[Instant]
    seen: Mapped[Instant]
    expires: Mapped[Instant]
    revoked: Mapped[Instant | None]
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class AuditEntry(Model):
    """Who did what to which thing, and when. Only ever added; never a sensitive value."""

    __tablename__ = "audit_entry"
    __table_args__ = (sa.Index("ix_audit_entry_subject", "subject_type", "subject_id"),)

    id: Mapped[Key]
    at: Mapped[Instant] = mapped_column(index=True)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id))
    authority_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Authority.id), index=True)
    action: Mapped[Code]
    subject_type: Mapped[Code]
    subject_id: Mapped[int]
    event_id: Mapped[int | None] = mapped_column(index=True)
    details: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    user: Mapped[User | None] = relationship(lazy="joined")


def session_is_live(sign_in: SignIn, now: datetime, idle_since: datetime) -> bool:
    """Not revoked, not too old, not idle for too long, and its user not disabled."""
    return (
        sign_in.revoked is None
        and sign_in.expires > now
        and sign_in.seen > idle_since
        and sign_in.user.disabled is None
    )
