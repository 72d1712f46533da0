"""The queue: who is next, and where somebody stands in it."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.reference import Sector
from events.rules import Mode
from registrations.models import Registration
from registrations.rules import Status


def position(session: Session, person: Registration) -> int:
    """The place in the queue; the first is 1.

    There is one queue for each mode, and one apart for each sector that seats are kept for.
    """
    before = sa.or_(
        Registration.queued < person.queued,
        sa.and_(Registration.queued == person.queued, Registration.id <= person.id),
    )
    kept = [quota.sector for quota in person.event.quotas if quota.keeps(person.mode)]
    alike = (
        Registration.sector == person.sector
        if person.sector in kept
        else Registration.sector.not_in(kept)
    )
    return (
        session.scalar(
            sa.select(sa.func.count())
            .select_from(Registration)
            .where(
                Registration.event_id == person.event_id,
                Registration.mode == person.mode,
                Registration.status == Status.WAITING,
                Registration.offered_until.is_(None),
                before,
                alike,
            )
        )
        or 1
    )


def queue(
    session: Session,
    event_id: int,
    mode: Mode,
    limit: int,
    *,
    sectors: Sequence[Sector],
    after: Registration | None = None,
) -> Sequence[Registration]:
    """The first `limit` of those `sectors` who wait for a place in that mode, past `after`."""
    statement = sa.select(Registration).where(
        Registration.event_id == event_id,
        Registration.mode == mode,
        Registration.status == Status.WAITING,
        Registration.offered_until.is_(None),  # else the address is still to be confirmed
        Registration.sector.in_(sectors),
    )
    if after is not None:
        statement = statement.where(
            sa.tuple_(Registration.queued, Registration.id)
            > sa.tuple_(sa.bindparam("queued", after.queued, Registration.queued.type), after.id)
        )
    return session.scalars(
        statement.order_by(Registration.queued, Registration.id).limit(limit)
    ).all()
