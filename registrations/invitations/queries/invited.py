"""The invited list of one event."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from core.outbox.models import Outbox
from core.outbox.rules import State as MailState
from events.models import Event
from registrations.models import Invitation, Organisation, Registration
from registrations.queries.presence import present_at
from registrations.rules import ACTIVE, Answer


@dataclass(frozen=True)
class Row:
    """An invitation, how many of its people are registered, and whether one of them came.

    `failed` is what the relay said where the latest letter could not be delivered.
    """

    invitation: Invitation
    registered: int
    came: bool
    failed: str


def find_invitation(session: Session, invitation_id: int) -> Invitation | None:
    """The invitation of that number."""
    return session.get(Invitation, invitation_id)


def invited(session: Session, event_id: int) -> list[Row]:
    """Everybody on the list of an event, by name, in four queries."""
    found = session.scalars(
        sa.select(Invitation)
        .join(Invitation.organisation)
        .options(contains_eager(Invitation.organisation))
        .where(Invitation.event_id == event_id)
        .order_by(Organisation.sort_key, Invitation.id)
    ).all()
    numbers: dict[int | None, int] = {
        row.invitation_id: row.number
        for row in session.execute(
            sa.select(Registration.invitation_id, sa.func.count().label("number"))
            .where(
                Registration.event_id == event_id,
                Registration.invitation_id.is_not(None),
                Registration.status.in_(ACTIVE),
            )
            .group_by(Registration.invitation_id)
        )
    }
    there = came(session, [event_id])
    errors = _undelivered(session, found)
    return [
        Row(one, numbers.get(one.id, 0), one.id in there, errors.get(one.id, "")) for one in found
    ]


def came(session: Session, event_ids: Iterable[int]) -> set[int]:
    """The invitations of these events of which at least one person is ticked in."""
    there = present_at(event_ids)
    found = session.scalars(
        sa.select(Registration.invitation_id)
        .join(there, there.c.registration_id == Registration.id)
        .where(Registration.invitation_id.is_not(None))
        .distinct()
    )
    return {invitation_id for invitation_id in found if invitation_id is not None}


def unsent(session: Session, event_id: int) -> Sequence[Invitation]:
    """The invitations of an event that have not been sent, by name."""
    return _in_state(session, event_id, {Answer.DRAFT})


def unanswered(session: Session, event_id: int) -> Sequence[Invitation]:
    """The invitations of an event that have not been answered, by name."""
    return _in_state(session, event_id, {Answer.SENT})


def concerned(session: Session, event_id: int) -> Sequence[Invitation]:
    """Those that were asked and have not declined: whom a cancelled or moved event concerns."""
    return _in_state(session, event_id, {Answer.SENT, Answer.ACCEPTED})


def _in_state(session: Session, event_id: int, answers: set[Answer]) -> Sequence[Invitation]:
    return session.scalars(
        sa.select(Invitation)
        .join(Invitation.organisation)
        .options(contains_eager(Invitation.organisation))
        .where(Invitation.event_id == event_id, Invitation.answer.in_(answers))
        .order_by(Organisation.sort_key, Invitation.id)
    ).all()


def by_hash(session: Session, token_hash: str) -> Invitation | None:
    """The invitation that a secret link opens; none that has not been sent."""
    return session.scalar(
        sa.select(Invitation).where(
            Invitation.token_hash == token_hash, Invitation.answer != Answer.DRAFT
        )
    )


def held(session: Session, invitation: Invitation) -> tuple[Event, Invitation]:
    """The event and the invitation as they are now, both locked until the transaction ends.

    The event first: answers to one event wait for each other, so that none of them meets an
    event whose version another has just raised.
    """
    now_true = {"populate_existing": True}
    event = session.scalars(
        sa.select(Event)
        .where(Event.id == invitation.event_id)
        .with_for_update(key_share=True, of=Event),
        execution_options=now_true,
    ).one()
    found = session.scalars(
        sa.select(Invitation)
        .where(Invitation.id == invitation.id)
        .with_for_update(key_share=True, of=Invitation),
        execution_options=now_true,
    ).one()
    return event, found


def _undelivered(session: Session, invitations: Sequence[Invitation]) -> dict[int, str]:
    about = {f"invitation:{one.id}": one.id for one in invitations}
    if not about:
        return {}
    latest = (
        sa.select(sa.func.max(Outbox.id))
        .where(Outbox.about.in_(about), Outbox.state != MailState.SUPERSEDED)
        .group_by(Outbox.about)
    )
    rows = session.execute(
        sa.select(Outbox.about, Outbox.error).where(
            Outbox.id.in_(latest), Outbox.state == MailState.FAILED
        )
    )
    return {about[key]: error for key, error in rows}
