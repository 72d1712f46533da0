"""Start a piece of work, lease it, write down what became of it."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.jobs.models import Job, StoredFile
from core.jobs.rules import FILES_KEPT, JOBS_KEPT, LEASE, UNDER_WAY, State, delay

HEAVY = "heavy"


@dataclass(frozen=True)
class JobFile:
    """A file that a job has made (`filename` in ASCII), and what is told of it on the job's page.

    `outcome` becomes the job's.
    """

    filename: str
    mimetype: str
    body: bytes
    outcome: dict[str, Any] = field(default_factory=dict)


def start(
    session: Session,
    *,
    kind: str,
    payload: dict[str, Any],
    total: int,
    now: datetime,
    authority_id: int,
    event_id: int | None = None,
    by: Any = None,
    at: datetime | None = None,
    about: str = "",
) -> Job:
    """Add a job of a registered `kind` to the caller's transaction.

    `total` is what `done` counts to. `by` is the user who asked, `at` puts it off, `about` is a
    few words (the event's title) for the list of work. `payload["language"]` may be "en".
    """
    job = Job(
        kind=kind,
        about=about[:300],
        payload=payload,
        total=total,
        authority_id=authority_id,
        event_id=event_id,
        started_by=by.id if by is not None else None,
        created=now,
        next_run=at or now,
    )
    session.add(job)
    session.flush()
    return job


def cancel(session: Session, job: Job, *, now: datetime) -> bool:
    """Stop a job before its next step; whether there was anything left to stop."""
    stopped = session.execute(
        sa.update(Job)
        .where(Job.id == job.id, Job.state.in_(UNDER_WAY))
        .values(state=State.CANCELLED, finished=now, lease="", leased_until=None, slot=None)
        .execution_options(synchronize_session=False)
    )
    session.expire(job)
    return bool(stopped.rowcount)  # type: ignore[attr-defined]


def _due(kinds: Collection[str], now: datetime) -> list[sa.ColumnElement[bool]]:
    return [
        Job.state.in_(UNDER_WAY),
        Job.next_run <= now,
        Job.kind.in_(kinds),
        sa.or_(Job.leased_until.is_(None), Job.leased_until <= now),
    ]


def anything_due(session: Session, *, kinds: Collection[str], now: datetime) -> bool:
    """Whether there is a job to work at; asked before the write lock is taken for it."""
    return session.scalar(sa.select(Job.id).where(*_due(kinds, now)).limit(1)) is not None


def lease(
    session: Session, *, kinds: Collection[str], heavy: Collection[str], now: datetime
) -> tuple[int, str, str, int] | None:
    """Take the job that has waited longest: its id, kind, the lease and which try it is.

    Of the `heavy` kinds only one job is held at a time, by whomever: two who want to be it make
    the same unique key. A lease that has run out is taken over.
    """
    session.execute(
        sa.update(Job)
        .where(Job.slot.is_not(None), Job.leased_until <= now)
        .values(slot=None)
        .execution_options(synchronize_session=False)
    )
    if session.scalar(sa.select(Job.id).where(Job.slot == HEAVY).limit(1)) is not None:
        kinds = set(kinds) - set(heavy)
    job = session.scalar(
        sa.select(Job)
        .where(*_due(kinds, now))
        .order_by(Job.next_run, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if job is None:
        return None
    job.state, job.lease, job.leased_until = State.RUNNING, uuid.uuid4().hex, now + LEASE
    job.slot = HEAVY if job.kind in heavy else None
    job.tries += 1  # taken back by the first step that is done
    return job.id, job.kind, job.lease, job.tries


def held(session: Session, id_: int, lease: str) -> Job | None:
    """The job, locked, if this lease still holds it."""
    return session.scalar(sa.select(Job).where(Job.id == id_, Job.lease == lease).with_for_update())


def renew(
    session: Session, id_: int, lease: str, *, now: datetime, done: int | None = None,
    total: int | None = None,
) -> bool:  # fmt: skip
    """Hold it for another minute, and note how far it has come; False where it is held no more."""
    values: dict[str, Any] = {"leased_until": now + LEASE}
    values |= {} if done is None else {"done": done}
    values |= {} if total is None else {"total": total}
    taken = session.execute(
        sa.update(Job)
        .where(Job.id == id_, Job.lease == lease)
        .values(values)
        .execution_options(synchronize_session=False)
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def stepped(job: Job, *, more: bool, now: datetime) -> None:
    """A step is done, in the caller's transaction: the lease is renewed, or the job finished."""
    job.tries, job.error = 0, ""
    if more:
        job.leased_until = now + LEASE
        return
    _let_go(job)
    job.state, job.finished = State.DONE, now


def put_back(job: Job, *, now: datetime, wait: timedelta = timedelta(0)) -> None:
    """Let others have their turn; it goes on where it was. Nothing counts as tried."""
    _let_go(job)
    job.tries = max(0, job.tries - 1)
    job.state, job.next_run = State.WAITING, now + wait


def stumbled(job: Job, *, error: str, final: bool, now: datetime) -> None:
    """It did not work: stop where `final` or after several tries, else try again later."""
    _let_go(job)
    job.tries = max(1, job.tries)  # steps that were done had taken this try back
    job.error = error[:500]
    wait = None if final else delay(job.tries)
    if wait is None:
        job.state, job.finished = State.FAILED, now
    else:
        job.state, job.next_run = State.WAITING, now + wait


def keep_file(session: Session, job: Job, file: JobFile, *, now: datetime) -> None:
    """Keep what was made, and be done."""
    session.add(StoredFile(job_id=job.id, mimetype=file.mimetype, body=file.body))
    job.filename, job.outcome = file.filename, dict(file.outcome)
    job.done = job.total
    stepped(job, more=False, now=now)


def _let_go(job: Job) -> None:
    job.lease, job.leased_until, job.slot = "", None, None


def tidy(session: Session, now: datetime) -> int:
    """Remove files after a week and jobs after a season; how many of both."""
    ended = sa.select(Job.id).where(Job.finished < now - FILES_KEPT)
    files = session.execute(
        sa.delete(StoredFile)
        .where(StoredFile.job_id.in_(ended))
        .execution_options(synchronize_session=False)
    )
    session.execute(
        sa.update(Job)
        .where(Job.id.in_(ended), Job.filename != "")
        .values(filename="")
        .execution_options(synchronize_session=False)
    )
    jobs = session.execute(
        sa.delete(Job)
        .where(Job.finished < now - JOBS_KEPT)
        .execution_options(synchronize_session=False)
    )
    return int(files.rowcount + jobs.rowcount)  # type: ignore[attr-defined]
