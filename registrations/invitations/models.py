"""Whom an organisation has named."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.columns import Key, choice
from core.db import Model
from events.rules import Mode
from registrations.models import Invitation, Registration
from registrations.rules import RoleKind


class Representative(Model):
    """One person whom an invited organisation named, as it wrote.

    `ours` is false for somebody who had registered before, or was and stays protected: the
    organisation is answered as if that were not so, and has no power over them.
    """

    __tablename__ = "representative"

    id: Mapped[Key]
    invitation_id: Mapped[int] = mapped_column(
        sa.ForeignKey(Invitation.id, ondelete="CASCADE"), index=True
    )
    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey(Registration.id, ondelete="CASCADE"), index=True
    )
    first_name: Mapped[str] = mapped_column(sa.String(100))
    last_name: Mapped[str] = mapped_column(sa.String(100))
    email: Mapped[str] = mapped_column(sa.String(320))
    role_kind: Mapped[RoleKind] = mapped_column(choice(RoleKind))
    mode: Mapped[Mode] = mapped_column(choice(Mode))
    ours: Mapped[bool]
    registration: Mapped[Registration] = relationship(lazy="joined", innerjoin=True)
