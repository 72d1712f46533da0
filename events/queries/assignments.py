"""The assignments that everybody may read of."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from events.models import Assignment, Event
from events.queries.lists import LISTED
from events.rules import PUBLIC_STATES, AssignmentState


def all_assignments(session: Session) -> Sequence[Any]:
    """The assignments that are not drafts, each with how many public events it has led to."""
    count = (
        sa.select(sa.func.count(Event.id))
        .where(Event.assignment_id == Assignment.id, Event.state.in_(PUBLIC_STATES))
        .scalar_subquery()
    )
    return session.execute(
        sa.select(
            Assignment.slug, Assignment.title, Assignment.case_number, Assignment.commissioner,
            Assignment.state, Assignment.decided, Assignment.report_due, count.label("events"),
        )
        .where(Assignment.state != AssignmentState.DRAFT)
        .order_by(Assignment.report_due.desc(), Assignment.id.desc())
        .limit(500)
    ).all()  # fmt: skip


def assignment_by_slug(session: Session, slug: str) -> Assignment | None:
    """An assignment that is not a draft."""
    return session.scalar(
        sa.select(Assignment)
        .where(Assignment.slug == slug, Assignment.state != AssignmentState.DRAFT)
        .options(joinedload(Assignment.authority))
    )


def assignment_events(session: Session, assignment_id: int) -> Sequence[Any]:
    """The public events of an assignment, in the order of time."""
    return session.execute(
        sa.select(
            *LISTED
        )
        .where(Event.assignment_id == assignment_id, Event.state.in_(PUBLIC_STATES))
        .order_by(Event.starts, Event.id)
        .limit(500)
    ).all()  # fmt: skip
