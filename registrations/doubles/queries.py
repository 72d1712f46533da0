"""Who may be the same person, and what became of two that were."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registrations.doubles.models import Merge, TwoPersons
from registrations.doubles.rules import Pair, Someone, pairs
from registrations.models import CheckIn, Registration
from registrations.rules import ACTIVE


def likely(session: Session, event_id: int) -> list[Pair]:
    """Pairs among those who come or wait, in two queries. Never a protected person."""
    people = session.execute(
        sa.select(
            Registration.id, Registration.name_key, Registration.email_key, Registration.phone
        ).where(
            Registration.event_id == event_id,
            Registration.status.in_(ACTIVE),
            Registration.protected.is_(False),
        )
    )
    apart = session.execute(
        sa.select(TwoPersons.first_id, TwoPersons.second_id).filter_by(event_id=event_id)
    )
    return pairs((Someone(*row) for row in people), {(row[0], row[1]) for row in apart})


def by_number(session: Session, ids: Iterable[int]) -> dict[int, Registration]:
    """The registrations of those numbers."""
    rows = session.scalars(sa.select(Registration).where(Registration.id.in_(list(ids))))
    return {one.id: one for one in rows}


def door_lines(session: Session, registration_id: int) -> Sequence[CheckIn]:
    """What the door has written about somebody, the oldest first."""
    return session.scalars(
        sa.select(CheckIn).filter_by(registration_id=registration_id).order_by(CheckIn.id)
    ).all()


def merges(session: Session, registration_id: int) -> Sequence[Merge]:
    """The merges somebody's registration has been part of."""
    return session.scalars(
        sa.select(Merge)
        .where(sa.or_(Merge.kept_id == registration_id, Merge.gone_id == registration_id))
        .order_by(Merge.id)
    ).all()
