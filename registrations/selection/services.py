"""Do one thing with many: each is looked at again when its turn comes."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.jobs.rights import refuse_unless_allowed
from accounts.models import User
from accounts.services import record
from core.errors import Refusal
from core.jobs import services as jobs
from core.jobs.models import Job
from events.models import Event
from registrations import services
from registrations.models import Registration
from registrations.rules import Status
from registrations.selection.models import SelectionRun
from registrations.selection.rules import AT_ONCE, STEP, Action, concerns

KIND = "registrations.selection"


def begin(
    session: Session,
    event: Event,
    *,
    action: Action,
    reason: str,
    people: Sequence[Any],
    by: User,
    now: datetime,
) -> tuple[SelectionRun, Job | None]:
    """Act on `people` (rows with id, version and status): a few at once, many as long work.

    Those who only wait come first: nobody gets a place that is taken back a moment later. Among
    them the first to register come first, so that the places go in that order.
    """
    waits = {Status.WAITING, Status.PENDING}
    order = sorted(people, key=lambda one: (one.status not in waits, one.queued, one.id))
    run = SelectionRun(
        event=event, user=by, action=action, reason=reason[:500], acted=0, left=[], created=now,
        people=[[one.id, one.version] for one in order],
    )  # fmt: skip
    session.add(run)
    session.flush()
    record(
        session, by=by, action=f"selection.{action.value}", subject=run, now=now,
        details={"people": len(order)},
    )  # fmt: skip
    if len(order) > AT_ONCE:
        job = jobs.start(
            session, kind=KIND, payload={"run": run.id}, total=len(order), now=now, by=by,
            authority_id=event.authority_id, event_id=event.id, about=event.title,
        )  # fmt: skip
        return run, job
    act(session, run, AT_ONCE, now=now)
    return run, None


def step(session: Session, job: Job, *, now: datetime) -> bool:
    """One short piece of it; whether more remains (see `core.jobs.work`).

    Raises `Refusal` where whoever asked may no longer do it.
    """
    run = session.get_one(SelectionRun, job.payload["run"])
    refuse_unless_allowed(session, job)
    more = act(session, run, STEP, now=now)
    job.done = run.acted
    return more


def act(session: Session, run: SelectionRun, number: int, *, now: datetime) -> bool:
    """Deal with the next `number`; whether more remain. One that is refused stops no other."""
    left = []
    turn = run.people[run.acted : run.acted + number]
    for id_, version in turn:
        try:
            with session.begin_nested():
                _one(session, run, id_, version, now)
        except Refusal as refusal:
            left.append([id_, str(refusal)])
    run.left = [*run.left, *left]
    run.acted += len(turn)
    if run.acted < len(run.people):
        return True
    run.finished = now
    return False


def _one(session: Session, run: SelectionRun, id_: int, version: int, now: datetime) -> None:
    person = session.get(Registration, id_)
    if person is None or person.event_id != run.event_id:
        raise Refusal(_("Anmälan finns inte längre."))
    if not concerns(run.action, person.status):
        raise Refusal(_WHY_NOT[run.action](person.status))
    if person.version != version:
        raise Refusal(_("Anmälan har ändrats sedan du valde den. Se efter och gör om."))
    _DO[run.action](session, run, person, now)


def _cancel(session: Session, run: SelectionRun, person: Registration, now: datetime) -> None:
    services.cancel(
        session, person, reason=run.reason, by=run.user, now=now, notify=bool(person.email)
    )


def _approve(session: Session, run: SelectionRun, person: Registration, now: datetime) -> None:
    services.approve(session, person, by=run.user, now=now)


def _decline(session: Session, run: SelectionRun, person: Registration, now: datetime) -> None:
    services.decline(session, person, reason=run.reason, by=run.user, now=now)


def _not_pending(_status: Status) -> str:
    return _("Väntar inte på besked.")


def _not_active(status: Status) -> str:
    return _("Är redan avanmäld.") if status is Status.CANCELLED else _("Gäller inte längre.")


_DO: dict[Action, Callable[[Session, SelectionRun, Registration, datetime], None]] = {
    Action.CANCEL: _cancel,
    Action.APPROVE: _approve,
    Action.DECLINE: _decline,
}
_WHY_NOT: dict[Action, Callable[[Status], str]] = {
    Action.CANCEL: _not_active,
    Action.APPROVE: _not_pending,
    Action.DECLINE: _not_pending,
}
