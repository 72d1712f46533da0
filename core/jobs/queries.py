"""Questions about long work."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.jobs.models import Job, StoredFile
from core.jobs.rules import LATE, UNDER_WAY
from core.paging import page_count


def of_authorities(
    session: Session, authority_ids: Collection[int], page: int, size: int = 50
) -> tuple[Sequence[Job], int]:
    """One page of these authorities' work, what goes on first, and how many pages there are."""
    theirs = Job.authority_id.in_(authority_ids)
    number = session.scalar(sa.select(sa.func.count()).select_from(Job).where(theirs)) or 0
    first = sa.case((Job.state.in_(UNDER_WAY), 0), else_=1)
    rows = sa.select(Job).where(theirs).order_by(first, Job.id.desc())
    shown = session.scalars(rows.limit(size).offset((page - 1) * size)).all()
    return shown, page_count(number, size)


def under_way(session: Session, event_id: int) -> Sequence[Job]:
    """The work that goes on for an event, oldest first."""
    rows = sa.select(Job).where(Job.event_id == event_id, Job.state.in_(UNDER_WAY))
    return session.scalars(rows.order_by(Job.id).limit(20)).all()


def stored_file(session: Session, job: Job) -> StoredFile | None:
    """The file of a job, if it made one that is still kept."""
    return session.get(StoredFile, job.id)


def standing_still(session: Session, now: datetime) -> Iterator[Job]:
    """Jobs that have been due for long and that nobody works at."""
    late = now - LATE
    rows = sa.select(Job).where(
        Job.state.in_(UNDER_WAY),
        Job.next_run <= late,
        sa.or_(Job.leased_until.is_(None), Job.leased_until <= late),
    )
    yield from session.scalars(rows.order_by(Job.id))
