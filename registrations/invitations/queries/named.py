"""Whom an organisation has named, as it may see them."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from events.rules import Mode
from registrations.invitations.models import Representative
from registrations.models import Registration
from registrations.rules import ACTIVE, RoleKind, Source
from registrations.services.people import keys

WhoKey = tuple[str, str]


@dataclass(frozen=True)
class Named:
    """One of those who are named and have not cancelled, as the organisation knows them.

    Who came by the organisation is shown as they are registered now. Who had registered without
    it, or has a protected identity, is shown as the organisation wrote, whatever becomes of them:
    else what is shown or missing would tell.
    """

    row: Representative
    ours: bool
    first_name: str
    last_name: str
    email: str
    role_kind: RoleKind
    mode: Mode

    @property
    def who(self) -> WhoKey:
        """What the person is known again by."""
        found = keys(self.first_name, self.last_name, self.email)
        return found["email_key"], found["name_key"]

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"


def named(session: Session, invitation_id: int) -> list[Named]:
    """Those whom an organisation has named, in that order."""
    rows = session.scalars(
        sa.select(Representative)
        .where(Representative.invitation_id == invitation_id)
        .order_by(Representative.id)
    ).all()
    return [_shown(row) for row in rows if not is_ours(row) or row.registration.status in ACTIVE]


def is_ours(row: Representative) -> bool:
    """Whether the organisation has a say over the registration: it made it, and it stands.

    Somebody who was cancelled and registers anew by themselves is their own.
    """
    return row.ours and row.registration.source is Source.INVITATION


def of_registration(session: Session, registration: Registration) -> Representative | None:
    """As whom an organisation that has a say over the registration named the person."""
    rows = session.scalars(
        sa.select(Representative)
        .where(Representative.registration_id == registration.id, Representative.ours.is_(True))
        .order_by(Representative.id.desc())
    )
    return next((row for row in rows if is_ours(row)), None)


def _shown(row: Representative) -> Named:
    person = row.registration
    told = person if is_ours(row) and not person.protected else row
    return Named(
        row=row, ours=is_ours(row), first_name=told.first_name, last_name=told.last_name,
        email=told.email, role_kind=told.role_kind, mode=told.mode,
    )  # fmt: skip
