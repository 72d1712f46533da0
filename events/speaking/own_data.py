"""A speaker's own data, to read and to take away (GDPR article 15): all that an authority keeps."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from events.models import Speaker
from events.speaking import queries
from events.speaking.models import Engagement
from events.speaking.rules import Consent
from events.speaking.services import needs_of
from events.speaking.slides import slides_of

PLAIN = ("name", "title", "organisation", "text", "email")


def extract(session: Session, speaker: Speaker, *, now: datetime) -> dict[str, Any]:
    """Everything about a speaker at one authority. Times are UTC; of mails never the text."""
    engagements = queries.engagements_of(session, speaker.id)
    ids = [one.id for one in engagements]
    return {
        "made": _instant(now),
        "speaker": {name: getattr(speaker, name) for name in PLAIN},
        "photo": speaker.photo is not None,
        "consents": {
            what.value: {"given": _instant(speaker.given(what)), "until": _day(speaker.until(what))}
            for what in Consent
        },
        "engagements": [_engagement(session, one) for one in engagements],
        "mails": [
            {
                "kind": row.kind,
                "to": row.recipient,
                "subject": row.subject,
                "state": row.state,
                "created": _instant(row.created),
                "sent": _instant(row.sent),
            }
            for row in queries.letters_to(session, ids)
        ],
        "history": [
            {"at": _instant(row.at), "what": row.action}
            for row in queries.done_to(session, speaker.id, ids)
        ],
    }


def _engagement(session: Session, one: Engagement) -> dict[str, Any]:
    needs, other = needs_of(one)
    return {
        "event": one.event.title,
        "authority": one.event.authority.name,
        "starts": _instant(one.event.starts),
        "answer": one.answer.value,
        "message": one.message,
        "answered": _instant(one.answered),
        "invited": _instant(one.sent),
        "needs": list(needs),
        "needs_other": other,
        "slides": [{"name": row.name, "size": row.size, "sent": _instant(row.created)}
                   for row in slides_of(session, one)],
        "items": [
            {"title": item.title, "starts": _instant(item.starts), "ends": _instant(item.ends),
             "room": item.room, "roles": [role.value for role in roles]}
            for item, roles in queries.turns_of(session, one)
        ],
    }  # fmt: skip


def _instant(moment: datetime | None) -> str | None:
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _day(day: Any) -> str | None:
    return None if day is None else day.isoformat()
