"""Take in an answer that came by mail. It never frees a seat: a sender can be forged.

Who has the entry's UID has seen the invitation, and who sends from the invited address has most
likely read that mailbox; neither is proof. So an answer is shown to the organiser, and whoever
says no gets the link to cancel with.
"""

import hashlib
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts.services import record
from core.outbox.models import Outbox
from core.outbox.services import enqueue
from events.queries.releases import latest_release
from registrations.calendars import queries
from registrations.calendars.entries import own_part
from registrations.calendars.models import CalendarReply
from registrations.calendars.reading import NoReply, Reply, read
from registrations.calendars.rules import MOST_REPLIES, Answer, Standing, standing
from registrations.models import Registration
from registrations.rules import Status
from registrations.services.telling import receipt_time

KIND = "registration.calendar_declined"
AGAIN_AFTER = timedelta(days=1)


def take(session: Session, raw: bytes, *, now: datetime) -> CalendarReply:
    """Keep a mail with an answer, and what follows of it. The same mail twice is kept once.

    Raises `NoReply` for a mail that holds none, one to no invitation of ours, and one too many.
    """
    reply = read(raw)
    person = queries.invited_as(session, reply.uid, own_part)
    if person is None:
        raise NoReply("till ingen inbjudan härifrån")
    body_hash = hashlib.sha256(raw).hexdigest()
    known = queries.known_reply(session, person.id, body_hash)
    if known is not None:
        return known
    if queries.number_of_replies(session, person.id) >= MOST_REPLIES:
        raise NoReply("för många svar om samma anmälan")
    kept = CalendarReply(
        registration_id=person.id, answer=reply.answer, standing=_standing(session, person, reply),
        sequence=reply.sequence, stamped=reply.stamped, comment=reply.comment,
        sender=reply.sender, body_hash=body_hash, body=raw, received=now,
    )  # fmt: skip
    session.add(kept)
    session.flush()
    record(
        session, by=None, action="calendar.reply", subject=person, now=now,
        details={"answer": reply.answer.value, "standing": kept.standing.value},
    )  # fmt: skip
    says_no = reply.answer is Answer.DECLINED and kept.standing is Standing.COUNTS
    if says_no and not reply.automatic:
        _offer_to_cancel(session, person, now)
    return kept


def _standing(session: Session, person: Registration, reply: Reply) -> Standing:
    event, last = person.event, queries.answer_of(session, person)
    release = latest_release(session, event.id)
    current = event.sequence + person.sequence + (release.number if release else 0)
    there = person.status is Status.CONFIRMED and event.ends > reply.stamped
    same = reply.starts == event.starts if reply.starts else reply.sequence == current
    return standing(
        sender=reply.sender, attendee=reply.attendee, invited=person.email,
        sequence=reply.sequence, stamped=reply.stamped, current=current,
        same_time=there and same, last=(last.sequence, last.stamped) if last else None,
    )  # fmt: skip


def _offer_to_cancel(session: Session, person: Registration, now: datetime) -> None:
    """At most one letter a day, whatever comes in."""
    lately = session.scalar(
        sa.select(Outbox.id)
        .where(
            Outbox.about == f"registration:{person.id}",
            Outbox.kind == KIND,
            Outbox.created > now - AGAIN_AFTER,
        )
        .limit(1)
    )
    at = None if lately else receipt_time(session, person.email, now=now)
    if at is not None:
        enqueue(
            session, kind=KIND, to=person.email, payload={"registration": person.id}, now=now,
            at=at, thread=f"calendar-declined:{person.id}", language=person.language,
            authority_id=person.event.authority_id, about=f"registration:{person.id}",
        )  # fmt: skip
