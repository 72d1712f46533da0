"""Whoever started long work must still be allowed to do it when its turn comes."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.rules import PLAN, Role
from accounts.services import record
from core.errors import Refusal
from core.jobs.models import Job


def refuse_unless_allowed(session: Session, job: Job, *, roles: frozenset[Role] = PLAN) -> None:
    """Raise `Refusal` where the starter's account is closed, or the role gone.

    Work that nobody started (what becomes due by itself) is always allowed.
    """
    if not _is_allowed(session, job, roles):
        raise Refusal(_("Den som startade arbetet har inte längre rätt att göra det."))


def note_refused(session: Session, job: Job, *, now: datetime) -> None:
    """Write a line in the log where work was given up for that (see `core.jobs.worker`)."""
    if _is_allowed(session, job, PLAN):
        return
    record(
        session, by=None, action="job.refused", subject=job, now=now,
        details={"kind": job.kind, "started_by": job.started_by},
    )  # fmt: skip


def _is_allowed(session: Session, job: Job, roles: frozenset[Role]) -> bool:
    if job.started_by is None or job.authority_id is None:
        return True
    user = session.get(User, job.started_by, populate_existing=True)
    return (
        user is not None and user.disabled is None and bool(user.roles_in(job.authority_id) & roles)
    )
