"""A mailing that has been sent, with one address that was wrong, and reminders that will go."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts import queries as account_queries
from core.jobs import services as jobs
from core.jobs.models import Job
from core.outbox import services as outbox
from core.reference import Sector
from events.models import Event
from registrations.mailings import letters, services
from registrations.mailings.models import Mailing, MailingRecipient
from registrations.mailings.queries import Audience
from registrations.mailings.ready import OF_REMINDER
from registrations.mailings.rules import DAYS, Purpose
from registrations.mailings.services.writing import TEXTS

EVENT = "mottagande-och-etablering-i-jonkopings-lan"
SUBJECT = "Ta med er fråga till {evenemang}"
BODY = (
    "Hej {förnamn}!\n\n"
    "På {evenemang} har vi vikt en timme åt föreningarnas egna frågor. Skicka gärna en fråga "
    "som ni vill ta upp: svara på det här mejlet senast en vecka före dagen.\n\n"
    "Tid: {tid}\nPlats: {plats}\n\n"
    "Ni har valt: {mina_val}\n\n"
    "{min_sida}"
)


def add_mailings(session: Session, *, now: datetime) -> None:
    """Add them to the conference in Jönköping, unless it has a mailing."""
    event = session.scalar(sa.select(Event).filter_by(slug=EVENT))
    if event is None or session.scalar(sa.select(Mailing.id).filter_by(event_id=event.id)):
        return
    by = account_queries.user_by_email(session, "organisator@example.se")
    facts = {
        "audience": Audience(sector=Sector.CIVIL_SOCIETY).stored(), "purpose": Purpose.PLACE,
        "subject": SUBJECT, "body": BODY, "subject_en": "", "body_en": "",
    }  # fmt: skip
    mailing = services.draft(session, event, facts=facts, by=by, now=now)
    services.plan(session, mailing, by=by, now=now)
    job = session.get_one(Job, mailing.job_id)
    while services.step(session, job, now=now):
        pass
    jobs.stepped(job, more=False, now=now)
    _deliver(session, mailing, now)
    for occasion, ready in OF_REMINDER.items():
        told = {name: getattr(ready, name) for name in TEXTS}
        services.set_reminder(
            session, event, occasion, facts={"is_on": True, "days": DAYS[occasion]} | told, by=by,
            now=now,
        )  # fmt: skip


def _deliver(session: Session, mailing: Mailing, now: datetime) -> None:
    """As if a relay had taken all but the last."""
    ids = session.scalars(
        sa.select(MailingRecipient.outbox_id)
        .where(MailingRecipient.mailing_id == mailing.id, MailingRecipient.outbox_id.is_not(None))
        .order_by(MailingRecipient.id)
    ).all()
    known = [id_ for id_ in ids if id_ is not None]
    subject = letters.called(mailing)
    outbox.settle_sent(session, known[:-1], subjects=dict.fromkeys(known, subject), now=now)
    for id_ in known[-1:]:
        outbox.settle_failed(
            session, id_, error="550 5.1.1 mailbox unavailable", final=True, now=now
        )
