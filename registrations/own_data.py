"""A person's own data, to take away (GDPR article 15): all that is kept about one registration.

What those who work here have noted as a reason is not in it: that is disclosed on request, after
a secrecy review.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts.models import AuditEntry
from core.outbox.models import Outbox
from events.models import ProgrammeItem
from registrations import needs
from registrations.calendars.models import CalendarReply
from registrations.calendars.queries import feed_of
from registrations.models import CheckIn, Registration
from registrations.parties.queries import party_of
from registrations.placement.queries import wishes_of
from registrations.queries.public import chosen_items, item_titles
from registrations.questions.queries import sheet

PLAIN = (
    "first_name", "last_name", "email", "phone", "organisation", "sector", "municipality",
    "role_kind", "mode", "status", "source", "list_consent", "protected", "language",
)  # fmt: skip
TIMES = ("created", "updated", "queued", "cancelled")


def extract(session: Session, person: Registration, *, now: datetime) -> dict[str, Any]:
    """Everything about one registration, needs in clear. Call inside `write`: the look is logged.

    Times are UTC. Of mails the kind, the subject and the times are kept, never the text.
    """
    event, party = person.event, party_of(session, person.id)
    told = needs.read(session, [person], by=None, now=now)
    return {
        "made": _instant(now),
        "event": {
            "title": event.title,
            "starts": _instant(event.starts),
            "ends": _instant(event.ends),
            "authority": event.authority.name,
        },
        "registration": {name: getattr(person, name) for name in PLAIN}
        | {name: _instant(getattr(person, name)) for name in TIMES},
        "choices": [
            {"title": item.title, "starts": _instant(item.starts), "ends": _instant(item.ends),
             "room": item.room}
            for item in chosen_items(session, person.id)
        ],
        "wishes": [
            {"slot": slot, "wanted": item_titles(session, [id_ for id_ in pair if id_])}
            for slot, pair in wishes_of(session, person.id).items()
        ],
        "needs": told.get(person.id, {"diet": "", "access": ""}),
        "answers": [
            {"question": one.asked.label, "answer": one.value}
            for one in sheet(session, person).answers
        ],
        "registered_by": {"name": party.contact_name, "organisation": party.organisation}
        if party
        else None,
        "invited_as": person.invitation.organisation.name if person.invitation else None,
        "check_ins": _check_ins(session, person),
        "calendar": _calendar(session, person),
        "mails": _mails(session, person),
        "history": _history(session, person),
    }  # fmt: skip


def _check_ins(session: Session, person: Registration) -> list[dict[str, Any]]:
    rows = session.execute(
        sa.select(CheckIn.at, CheckIn.tick, ProgrammeItem.title)
        .outerjoin(ProgrammeItem, ProgrammeItem.id == CheckIn.item_id)
        .where(CheckIn.registration_id == person.id)
        .order_by(CheckIn.id)
    )
    return [{"at": _instant(at), "what": tick, "item": title} for at, tick, title in rows]


def _calendar(session: Session, person: Registration) -> dict[str, Any]:
    """Since when the address has a calendar, and the answers that came; not who sent them, as
    that may have been somebody else.
    """
    feed = feed_of(session, person)
    rows = session.scalars(
        sa.select(CalendarReply)
        .where(CalendarReply.registration_id == person.id)
        .order_by(CalendarReply.id)
    )
    return {
        "own_feed": _instant(feed.created) if feed else None,
        "replies": [
            {"answer": row.answer.value, "comment": row.comment, "received": _instant(row.received)}
            for row in rows
        ],
    }


def _mails(session: Session, person: Registration) -> list[dict[str, Any]]:
    rows = session.scalars(
        sa.select(Outbox)
        .where(Outbox.about == f"registration:{person.id}")
        .order_by(Outbox.created, Outbox.id)
    )
    return [
        {
            "kind": row.kind,
            "to": row.recipient,
            "subject": row.subject,
            "state": row.state,
            "created": _instant(row.created),
            "sent": _instant(row.sent),
        }
        for row in rows
    ]


def _history(session: Session, person: Registration) -> list[dict[str, Any]]:
    rows = session.execute(
        sa.select(AuditEntry.at, AuditEntry.action)
        .where(
            AuditEntry.subject_type == Registration.__tablename__,
            AuditEntry.subject_id == person.id,
        )
        .order_by(AuditEntry.id)
    )
    return [{"at": _instant(at), "what": action} for at, action in rows]


def _instant(moment: datetime | None) -> str | None:
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")
