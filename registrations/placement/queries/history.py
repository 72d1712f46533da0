"""The placements there have been, who waits for one, and what has changed meanwhile."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from core.jobs.models import Job
from core.jobs.rules import UNDER_WAY
from events.models import ProgrammeItem
from registrations.models import ItemChoice, Registration
from registrations.placement.models import PlacementRun, SeminarSlot, Wish
from registrations.placement.rules import How, RunState
from registrations.rules import Status


def runs(session: Session, event_id: int, limit: int = 20) -> Sequence[PlacementRun]:
    """The placements of an event, the latest first."""
    return session.scalars(
        sa.select(PlacementRun)
        .options(joinedload(PlacementRun.by))
        .filter_by(event_id=event_id)
        .order_by(PlacementRun.id.desc())
        .limit(limit)
    ).all()


def under_way(session: Session, event_id: int) -> PlacementRun | None:
    """The placement of the event that is being carried out; one that was stopped is none."""
    return session.scalar(
        sa.select(PlacementRun)
        .outerjoin(Job, Job.id == PlacementRun.job_id)
        .where(
            PlacementRun.event_id == event_id,
            PlacementRun.state == RunState.RUNNING,
            sa.or_(PlacementRun.job_id.is_(None), Job.state.in_(UNDER_WAY)),
        )
        .limit(1)
    )


def changed_since(session: Session, event_id: int, since: datetime) -> dict[str, int]:
    """How many registered, cancelled and changed something after an instant."""
    counted = session.execute(
        sa.select(
            sa.func.count().filter(
                Registration.queued > since, Registration.status == Status.CONFIRMED
            ),
            sa.func.count().filter(Registration.cancelled > since),
            sa.func.count().filter(
                Registration.updated > since,
                Registration.queued <= since,
                Registration.status == Status.CONFIRMED,
            ),
        ).where(Registration.event_id == event_id)
    ).one()
    return {"new": counted[0], "cancelled": counted[1], "changed": counted[2]}


def waiting_for_placement(session: Session, event_id: int) -> int:
    """How many people with a place wish for something in a placed slot where they have no seat."""
    placed = sa.select(SeminarSlot.group).filter_by(event_id=event_id, how=How.PLACED)
    held = sa.orm.aliased(ProgrammeItem)
    has_seat = (
        sa.select(ItemChoice.id)
        .join(held, held.id == ItemChoice.item_id)
        .where(
            ItemChoice.registration_id == Wish.registration_id, held.group == ProgrammeItem.group
        )
        .exists()
    )
    return (
        session.scalar(
            sa.select(sa.func.count(sa.distinct(Wish.registration_id)))
            .join(ProgrammeItem, ProgrammeItem.id == Wish.item_id)
            .join(Registration, Registration.id == Wish.registration_id)
            .where(
                Registration.event_id == event_id,
                Registration.status == Status.CONFIRMED,
                ProgrammeItem.group.in_(placed),
                ~has_seat,
            )
        )
        or 0
    )
