"""Send a mailing: now or at a time, in batches, once to each, whoever is killed on the way.

The people are chosen when the sending begins and written down as recipients in that transaction.
Then, a batch at a time, each gets a row in the outbox in the same transaction as the recipient
is marked: killed anywhere, it goes on where it was. Two unique keys (mailing and registration;
the letter's own) stand behind it.
"""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.jobs.rights import refuse_unless_allowed
from accounts.models import User
from accounts.services import record
from core.errors import Refusal
from core.jobs import services as jobs
from core.jobs.models import Job
from core.outbox.services import enqueue
from events.models import Event
from events.rules import State as EventState
from registrations.invitations import services as invitations
from registrations.invitations.queries.invited import unanswered
from registrations.invitations.rules import may_remind
from registrations.mailings.letters import concerns, language_of
from registrations.mailings.models import Mailing, MailingRecipient
from registrations.mailings.queries import (
    Audience,
    address_hash,
    chosen,
    find_mailing,
    held,
    opted_out,
    reach,
    unwritten,
)
from registrations.mailings.rules import BATCH, EDITABLE, Occasion, Purpose, Skip, State
from registrations.models import Registration

KIND = "mailing.send"


def plan(
    session: Session,
    mailing: Mailing,
    *,
    at: datetime | None = None,
    version: int | None = None,
    by: User | None,
    now: datetime,
) -> bool:
    """Have a mailing sent at once, or `at` a time; whether that was new.

    One that is on its way or sent already is left as it is. Raises `Stale` where `version` is no
    longer the row's, `Refusal` for a time that has passed and where nobody would get it now.
    """
    mailing = held(session, mailing.id)
    if mailing.state not in EDITABLE:
        return False
    mailing.refuse_older(version)
    if at is not None and at <= now:
        raise Refusal(_("Tiden har passerat. Välj en senare tid, eller skicka nu."), "send_at")
    audience = Audience.read(mailing.audience)
    reached = reach(session, mailing.event, audience, mailing.purpose)
    if at is None and not reached.letters:
        raise Refusal(_("Ingen får utskicket. Ändra vilka det ska gå till."))
    mailing.state = State.SENDING if at is None else State.PLANNED
    mailing.send_at, mailing.sent_by_id = at or now, by.id if by else None
    _start(session, mailing, total=reached.chosen, by=by, at=at, now=now)
    record(
        session, by=by, action="mailing.planned", subject=mailing, now=now,
        details={"at": mailing.send_at.isoformat()},
    )  # fmt: skip
    return True


def begin(session: Session, mailing: Mailing, *, now: datetime) -> None:
    """Have a reminder that has just become a mailing sent at once."""
    mailing.state, mailing.send_at = State.SENDING, now
    session.flush()
    _start(session, mailing, total=0, by=None, at=None, now=now)


def unplan(session: Session, mailing: Mailing, *, by: User | None, now: datetime) -> None:
    """Make a planned mailing a draft again. Raises `Refusal` where it has begun to be sent."""
    mailing = held(session, mailing.id)
    if mailing.state is State.DRAFT:
        return
    if mailing.state is not State.PLANNED:
        raise Refusal(_("Utskicket har börjat skickas och kan inte ställas in."))
    job = session.get(Job, mailing.job_id)
    if job is not None:
        jobs.cancel(session, job, now=now)
    mailing.state, mailing.send_at, mailing.job_id = State.DRAFT, None, None
    record(session, by=by, action="mailing.unplanned", subject=mailing, now=now)


def resume(session: Session, mailing: Mailing, *, by: User | None, now: datetime) -> bool:
    """Go on with a mailing whose work has stopped, where it was; whether that was needed."""
    mailing = held(session, mailing.id)
    if not has_stopped(session, mailing):
        return False
    later = mailing.send_at if mailing.send_at and mailing.send_at > now else None
    total = reach(
        session, mailing.event, Audience.read(mailing.audience), mailing.purpose
    ).chosen  # fmt: skip
    _start(session, mailing, total=total, by=by, at=later, now=now)
    record(session, by=by, action="mailing.resumed", subject=mailing, now=now)
    return True


def has_stopped(session: Session, mailing: Mailing) -> bool:
    """Whether it is to be sent, and nobody works at it: the work was given up."""
    if mailing.state not in {State.PLANNED, State.SENDING}:
        return False
    job = session.get(Job, mailing.job_id) if mailing.job_id else None
    return job is None or not job.under_way


def why_stopped(session: Session, mailing: Mailing) -> str:
    """What stopped the work, if that is known."""
    job = session.get(Job, mailing.job_id) if mailing.job_id else None
    return job.error if job is not None else ""


def called_off(session: Session, event: Event, before: EventState, now: datetime) -> None:
    """The event does not take place as planned: what was planned about it is a draft again.

    News about something else goes all the same. (`before` is what every hook is given.)
    """
    del before
    if event.state not in {EventState.CANCELLED, EventState.POSTPONED}:
        return
    planned = session.scalars(
        sa.select(Mailing).filter_by(event_id=event.id, state=State.PLANNED, purpose=Purpose.PLACE)
    ).all()
    for mailing in planned:
        unplan(session, mailing, by=None, now=now)


def send_trial(
    session: Session, mailing: Mailing, person: Registration, *, by: User, now: datetime
) -> None:
    """Send somebody's letter, without what is theirs alone, to the one who works with it."""
    enqueue(
        session, kind="mailing.trial", to=by.email, now=now,
        payload={"mailing": mailing.id, "registration": person.id},
        authority_id=mailing.event.authority_id, about=f"mailing:{mailing.id}",
        language=language_of(mailing, person),
    )  # fmt: skip
    record(session, by=by, action="mailing.tested", subject=mailing, now=now)


def step(session: Session, job: Job, *, now: datetime) -> bool:
    """One short piece of sending; whether more remains (see `core.jobs.work`)."""
    if find_mailing(session, job.payload["mailing"]) is None:
        return False
    mailing = held(session, job.payload["mailing"])
    if mailing.job_id != job.id or mailing.state not in {State.PLANNED, State.SENDING}:
        return False  # it was taken back, or planned anew
    refuse_unless_allowed(session, job)
    if mailing.started is None:
        mailing.state, mailing.started = State.SENDING, now
        session.flush()
        job.total = _choose(session, mailing, now)
        record(
            session, by=mailing.sent_by, action="mailing.begun", subject=mailing, now=now,
            details={"chosen": job.total},
        )  # fmt: skip
        return True
    batch = unwritten(session, mailing.id, BATCH)
    unwilling = (
        opted_out(session, mailing.event.authority_id) if mailing.purpose is Purpose.NEWS else set()
    )
    for recipient in batch:
        _write(session, mailing, recipient, unwilling, now)
    session.flush()
    job.done += len(batch)
    if len(batch) == BATCH:
        return True
    job.done = job.total
    mailing.state, mailing.finished = State.SENT, now
    record(session, by=mailing.sent_by, action="mailing.sent", subject=mailing, now=now)
    return False


def _start(
    session: Session,
    mailing: Mailing,
    *,
    total: int,
    by: User | None,
    at: datetime | None,
    now: datetime,
) -> None:
    job = jobs.start(
        session, kind=KIND, payload={"mailing": mailing.id}, total=total, now=now, at=at, by=by,
        authority_id=mailing.event.authority_id, event_id=mailing.event_id,
        about=mailing.event.title,
    )  # fmt: skip
    mailing.job_id = job.id


def _choose(session: Session, mailing: Mailing, now: datetime) -> int:
    """Write down who gets it; how many."""
    if mailing.occasion is Occasion.UNANSWERED:
        late = [
            one
            for one in unanswered(session, mailing.event_id)
            if may_remind(one.answer, sent=one.sent, reminded=one.reminded, now=now)
        ]
        session.add_all(
            MailingRecipient(mailing_id=mailing.id, invitation_id=one.id) for one in late
        )
        session.flush()
        return len(late)
    no_letter = sa.case((Registration.email == "", Skip.NO_ADDRESS.value))
    people = (
        sa.select(sa.literal(mailing.id), Registration.id, no_letter)
        .where(*chosen(mailing.event_id, Audience.read(mailing.audience)))
        .order_by(Registration.id)
    )
    session.execute(
        sa.insert(MailingRecipient.__table__).from_select(  # type: ignore[arg-type]
            ["mailing_id", "registration_id", "skipped"], people
        )
    )
    chosen_now = sa.select(sa.func.count()).where(MailingRecipient.mailing_id == mailing.id)
    return session.scalar(chosen_now) or 0


def _write(
    session: Session,
    mailing: Mailing,
    recipient: MailingRecipient,
    unwilling: set[str],
    now: datetime,
) -> None:
    """Put one recipient's letter in the outbox, or note why there is none."""
    if mailing.occasion is Occasion.UNANSWERED:
        _remind(session, recipient, now)
        return
    person, authority_id = recipient.registration, mailing.event.authority_id
    if person is None or not concerns(mailing, person):
        recipient.skipped = Skip.GONE
    elif not person.email:
        recipient.skipped = Skip.NO_ADDRESS
    elif unwilling and address_hash(authority_id, person.email) in unwilling:
        recipient.skipped = Skip.OPTED_OUT
    else:
        recipient.outbox_id = enqueue(
            session, kind="mailing.letter", to=person.email, now=now,
            payload={"recipient": recipient.id}, authority_id=authority_id,
            dedupe_key=f"mailing:{mailing.id}:{person.id}", about=f"registration:{person.id}",
            language=language_of(mailing, person),
        )  # fmt: skip


def _remind(session: Session, recipient: MailingRecipient, now: datetime) -> None:
    invitation = recipient.invitation
    try:
        if invitation is None:
            raise Refusal(_("Inbjudan finns inte längre."))
        recipient.outbox_id = invitations.remind(session, invitation, by=None, now=now)
    except Refusal:  # it has been answered, or reminded by hand, since it was chosen
        recipient.skipped = Skip.GONE
