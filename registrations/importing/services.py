"""Take people in: keep what was sent, start the work, register everybody in one step.

All of up to 5,000 people are registered in one transaction, or nobody. Everything slow (reading,
checking, making keys and links) is done before it, so that what is left inside the lock is
two statements for the people and one for each pool: `./run bench` measures it. So an import that
is killed has happened or has not, and nobody else ever sees a part of it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from accounts.jobs.rights import refuse_unless_allowed
from accounts.models import AuditEntry, User
from accounts.services import record
from core.errors import Refusal
from core.jobs.models import Job
from core.jobs.rules import UNDER_WAY
from core.jobs.services import start as start_job
from events.models import Event
from events.words import MODE
from registrations.importing import keeping, seating
from registrations.importing.checking import COLUMNS, Read, as_dict
from registrations.importing.models import ParticipantImport
from registrations.importing.queries import KnownBy, people_of
from registrations.importing.rules import KEPT, MAILS_A_STEP, Surplus
from registrations.importing.seating import Limits
from registrations.models import Registration, new_link_key
from registrations.rules import ACTIVE, Source, Status
from registrations.services.people import hashed_link
from registrations.services.telling import tell

KIND = "registrations.import"
PERSON = Registration.metadata.tables["registration"]
AUDIT = AuditEntry.metadata.tables["audit_entry"]
# Without types: what 5,000 rows hold is made as the database wants it once, not for each row.
PLAIN = sa.table(PERSON.name, *(sa.column(column.name) for column in PERSON.columns))
NEW = {
    "source": Source.IMPORT.value, "language": "sv", "protected": False, "token_version": 1,
    "sequence": 0, "version": 1, "cancel_reason": "", "invitation_id": None, "cancelled": None,
    "offered_until": None,
}  # fmt: skip


def keep(
    session: Session,
    event: Event,
    *,
    name: str,
    read: Read,
    by: User,
    now: datetime,
) -> ParticipantImport:
    """Keep what was sent until it is taken in, for a day at most."""
    kept = ParticipantImport(
        event_id=event.id, user_id=by.id, name=name[:300], created=now,
        guarded=read.layout.guarded,
    )  # fmt: skip
    lay_out(kept, read)
    session.add(kept)
    session.flush()
    return kept


def lay_out(kept: ParticipantImport, read: Read) -> None:
    """Note how the table is to be read, and what came of reading it so."""
    layout, checked = read.layout, read.checked
    kept.cells = read.cells
    kept.headings, kept.mode, kept.sector = layout.headings, layout.mode, layout.sector
    kept.fields = [
        kind.value if kind else layout.extras[place].key if place in layout.extras else ""
        for place, kind in enumerate(layout.fields)
    ]
    kept.ready, kept.people = checked.ready, len(checked.ready)
    kept.double, kept.assumed = checked.double, checked.assumed
    kept.faults = [[one.row, one.column, one.value[:200], one.sentence] for one in checked.faults]


def begin(
    session: Session,
    kept: ParticipantImport,
    *,
    surplus: Surplus,
    mail: bool,
    by: User,
    now: datetime,
) -> Job:
    """Start the work; if it goes on already, or is done, that job.

    Raises `Refusal` where a cell cannot be taken, and where there is nobody to take in.
    """
    job = session.get(Job, kept.job_id) if kept.job_id else None
    if job is not None and (job.state in UNDER_WAY or kept.emptied):
        return job
    if kept.faults:
        raise Refusal(_("Rätta felen i filen och skicka den igen. Ingen har lagts in."))
    if not kept.people:
        raise Refusal(_("Filen har inga personer att lägga in."))
    kept.surplus = surplus
    job = start_job(
        session, kind=KIND, payload={"import": kept.id, "mail": mail}, total=kept.people, now=now,
        authority_id=kept.event.authority_id, event_id=kept.event_id, by=by,
        about=kept.event.title,
    )  # fmt: skip
    kept.job_id = job.id
    return job


def before(session: Session, job: Job) -> list[dict[str, Any]]:
    """The rows to be registered, ready to be written; nothing once they are in."""
    kept = session.get(ParticipantImport, job.payload["import"])
    if kept is None or job.cursor.get("in"):
        return []
    return [_row(kept.event_id, row) for row in kept.ready]


def _row(event_id: int, ready: list[Any]) -> dict[str, Any]:
    link_key = new_link_key()
    link = {"link_key": link_key, "token_hash": hashed_link(link_key, 1)}
    row = as_dict(ready) | NEW | link | {"event_id": event_id}
    return row | {keeping.OWN: ready[-1]} if len(ready) > len(COLUMNS) else row


def step(session: Session, job: Job, *, now: datetime, given: list[dict[str, Any]]) -> bool:
    """Register everybody; then, if it was asked for, some letters at a time."""
    if job.cursor.get("in"):
        return _some_letters(session, job, now)
    refuse_unless_allowed(session, job)
    kept = session.get(ParticipantImport, job.payload["import"], with_for_update=True)
    if kept is None or kept.emptied:
        raise Refusal(_("Filen finns inte kvar. Skicka den igen."))
    _take_in(session, kept, job, given, now)
    job.done = job.total
    kept.cells, kept.ready, kept.faults, kept.emptied = [], [], [], now
    job.cursor["in"] = now.isoformat()
    if not job.payload["mail"] or not job.outcome["new"]:
        return False
    job.total += job.outcome["new"]
    return True


def _take_in(
    session: Session,
    kept: ParticipantImport,
    job: Job,
    rows: list[dict[str, Any]],
    now: datetime,
) -> None:
    event = kept.event
    limits = seating.limits(session, event.id, lock=True)
    there = people_of(session, event.id)
    new = [row for row in rows if _known(row) not in there]
    _refuse_unknown_mode(limits, new)
    found = seating.place(limits, new)
    if kept.surplus is Surplus.REFUSE and found.short:
        raise _too_few(limits, new)
    keeping.seat_in_items(session, event.id, limits, new, found)
    for row, seat in zip(new, found.seated, strict=True):
        row["status"] = (Status.CONFIRMED if seat else Status.WAITING).value
    seating.take(session, event.id, limits, found)
    if new:
        _enter(session, event, new, job, now)
    gone = [known for known in map(_known, rows) if there.get(known) is False]
    job.outcome = {
        "new": len(new),
        "waiting": found.short,
        "known": len(rows) - len(new) - len(gone),
        "gone": len(gone),
        "double": len(kept.double),
    }
    by = session.get(User, job.started_by) if job.started_by else None
    record(
        session, by=by, action="registration.imported", subject=kept, now=now,
        details=dict(job.outcome),
    )  # fmt: skip


def _known(row: dict[str, Any]) -> KnownBy:
    return row["email_key"], row["name_key"]


def _refuse_unknown_mode(limits: Limits, new: Sequence[dict[str, Any]]) -> None:
    offered = {pool.mode.value for pool in limits.pools if pool.mode}
    if any(row["mode"] not in offered for row in new):
        raise Refusal(_("Evenemanget har inte längre alla sätt att delta som filen nämner."))


def _too_few(limits: Limits, new: Sequence[dict[str, Any]]) -> Refusal:
    """How many seats are left, and how many there would have to be."""
    sentences = []
    for pool in limits.pools:
        wanted = sum(1 for row in new if pool.mode and row["mode"] == pool.mode.value)
        if pool.mode and pool.left is not None and wanted > pool.left:
            sentences.append(
                ngettext(
                    "%(mode)s: %(num)s plats kvar, men filen har %(wanted)s nya.",
                    "%(mode)s: %(num)s platser kvar, men filen har %(wanted)s nya.",
                    pool.left,
                    mode=MODE[pool.mode],
                    wanted=wanted,
                )
            )
    if not sentences:
        sentences = [
            _("Platserna som är kvar hålls för andra, eller så har en organisation fått alla sina.")
        ]
    return Refusal(" ".join([_("Platserna räcker inte, så ingen har lagts in."), *sentences]))


def _enter(
    session: Session, event: Event, rows: list[dict[str, Any]], job: Job, now: datetime
) -> None:
    """Write the people and a line in the log for each of them."""
    dialect = session.get_bind().dialect
    written = PERSON.c.created.type.dialect_impl(dialect).bind_processor(dialect)
    times = dict.fromkeys(("created", "updated", "queued"), written(now) if written else now)
    for row in rows:
        row.update(times)
    of_event = sa.select(sa.func.max(PERSON.c.id)).where(PERSON.c.event_id == event.id)
    last = session.scalar(of_event) or 0
    own = any(keeping.OWN in row for row in rows)
    session.execute(sa.insert(PLAIN), keeping.plain(rows) if own else rows)
    keeping.keep(session, event.id, rows, last, now)
    for status in {row["status"] for row in rows}:
        session.execute(
            sa.insert(AUDIT).from_select(
                ["at", "user_id", "authority_id", "action", "subject_type", "subject_id",
                 "event_id", "details"],
                sa.select(
                    sa.literal(now, AUDIT.c.at.type), sa.literal(job.started_by, sa.Integer),
                    sa.literal(event.authority_id), sa.literal("registration.made"),
                    sa.literal(PERSON.name), PERSON.c.id, PERSON.c.event_id,
                    sa.literal({"status": status, "source": "import"}, sa.JSON),
                ).where(
                    PERSON.c.event_id == event.id, PERSON.c.id > last,
                    PERSON.c.source == Source.IMPORT, PERSON.c.created == now,
                    PERSON.c.status == status,
                ),
            )
        )  # fmt: skip


def _some_letters(session: Session, job: Job, now: datetime) -> bool:
    """Put the next receipts in the outbox; whether more remain."""
    people = session.scalars(
        sa.select(Registration)
        .where(
            Registration.event_id == job.event_id,
            Registration.source == Source.IMPORT,
            Registration.created == datetime.fromisoformat(job.cursor["in"]),
            Registration.id > job.cursor.get("mailed", 0),
        )
        .order_by(Registration.id)
        .limit(MAILS_A_STEP)
    ).all()
    for person in people:
        if person.email and person.status in ACTIVE:
            tell(session, person, "receipt", now=now)
    if not people:
        return False
    job.cursor["mailed"] = people[-1].id
    job.done = min(job.total, job.done + len(people))
    return len(people) == MAILS_A_STEP


def tidy(session: Session, now: datetime) -> int:
    """Remove what was sent more than a day ago, unless it is being taken in; how many."""
    working = sa.select(Job.id).where(Job.kind == KIND, Job.state.in_(UNDER_WAY))
    removed = session.execute(
        sa.delete(ParticipantImport)
        .where(
            ParticipantImport.created < now - KEPT,
            sa.or_(ParticipantImport.job_id.is_(None), ParticipantImport.job_id.not_in(working)),
        )
        .execution_options(synchronize_session=False)
    )
    return int(removed.rowcount)  # type: ignore[attr-defined]
