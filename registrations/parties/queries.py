"""What the contact's pages and letters ask: the party, its people, which of them are whose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from core import crypto
from core.text import email_key
from events.models import Event
from registrations.parties.models import Party, PartyMember
from registrations.parties.rules import BY_CONTACT, may_hand_over
from registrations.rules import ACTIVE, Status


@dataclass(frozen=True)
class Seen:
    """One of the people as the contact may see them. `id` is the member's.

    Nothing more than the contact was answered: what a person has chosen, and where in the queue
    they stand, is told in their own letter. Else what is missing here would tell who had
    registered without the contact.
    """

    id: int
    name: str
    status: Status
    may_cancel: bool
    may_replace: bool


def made_with(session: Session, event_id: int, key: str) -> Party | None:
    """The party that a form with that key has made."""
    return session.scalar(
        sa.select(Party).where(Party.event_id == event_id, Party.made_with == crypto.digest(key))
    )


def by_link(session: Session, token: str) -> Party | None:
    """The party whose secret link this is."""
    return session.scalar(sa.select(Party).where(Party.token_hash == crypto.digest(token)))


def own(session: Session, party_id: int, token_version: int) -> Party | None:
    """A party, if its secret link has not been changed since `token_version`."""
    return session.scalar(
        sa.select(Party).where(Party.id == party_id, Party.token_version == token_version)
    )


def member(session: Session, party_id: int, member_id: int) -> PartyMember | None:
    """One of the people of a party, if the contact still sees them."""
    found = session.scalar(
        sa.select(PartyMember).where(
            PartyMember.party_id == party_id,
            PartyMember.id == member_id,
            PartyMember.gone.is_(None),
            PartyMember.registration_id.is_not(None),
        )
    )
    return None if found is None or is_hidden(found) else found


def is_ours(one: PartyMember) -> bool:
    """Whether the contact has a say over the registration: the party made it, and it stands.

    Somebody who was cancelled and registers anew by themselves is their own.
    """
    here = one.registration
    return one.ours and here is not None and here.source in BY_CONTACT


def is_hidden(one: PartyMember) -> bool:
    """Whether the person has got a protected identity since.

    Never of somebody who had registered without the contact: that they are hidden would tell that
    they are registered, and protected.
    """
    return is_ours(one) and one.registration is not None and one.registration.protected


def name_of(one: PartyMember) -> str:
    """What the contact knows the person by."""
    return one.registration.name if one.registration and is_ours(one) else one.name


def status_of(one: PartyMember) -> Status:
    """How it stands for somebody, as the contact is told."""
    if one.gone is not None:
        return Status.CANCELLED
    if one.registration is not None and is_ours(one):
        return one.registration.status
    return one.outcome


def seen(session: Session, party: Party, *, may_change: bool) -> tuple[list[Seen], int]:
    """The people as the contact may see them, and how many more there are; one question."""
    members = people(session, party.id)
    shown = [one for one in members if not is_hidden(one)]
    rows = []
    for one in shown:
        status, active = status_of(one), one.registration_id is not None
        active = active and status in ACTIVE
        rows.append(
            Seen(
                id=one.id,
                name=name_of(one),
                status=status,
                may_cancel=may_change and active,
                may_replace=may_change and active and may_hand_over(status, protected=False),
            )
        )
    return rows, len(members) - len(shown)


def people(session: Session, party_id: int) -> Sequence[PartyMember]:
    """Everybody whom the contact has named, in that order; who was replaced is left out."""
    return session.scalars(
        sa.select(PartyMember).where(PartyMember.party_id == party_id).order_by(PartyMember.id)
    ).all()


def party_of(session: Session, registration_id: int) -> Party | None:
    """The party that somebody came by, if the contact still has a say."""
    found = session.scalars(
        sa.select(PartyMember)
        .where(PartyMember.registration_id == registration_id, PartyMember.ours.is_(True))
        .order_by(PartyMember.id.desc())
        .limit(1)
    ).first()
    return found.party if found is not None and is_ours(found) else None


def of_address(session: Session, email: str, now: datetime) -> Sequence[Party]:
    """The parties of a contact's address at events that are not over, the next event first."""
    return session.scalars(
        sa.select(Party)
        .join(Event)
        .where(Party.email_key == email_key(email), Event.ends > now)
        .options(selectinload(Party.event))
        .order_by(Event.starts, Party.id)
        .limit(50)
    ).all()
