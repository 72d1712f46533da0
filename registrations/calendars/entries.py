"""An event as it stands in one person's calendar: the same entry by mail, as a file, in a feed."""

from datetime import datetime

from flask import current_app

from core.clock import now
from core.crypto import derived_token, digest
from core.db import db
from core.mail import CalendarPart
from events.ical import Attendee, Method, Own, event_calendar
from events.letterhead import sender_of
from events.rules import Mode, State
from registrations.calendars import queries
from registrations.calendars.rules import Answer
from registrations.models import Registration
from registrations.queries.public import chosen
from registrations.rules import Status


def uid_of(person: Registration) -> str:
    """What a person's entry is known by in every calendar, for ever.

    It is each person's own, as colleagues who share a mailbox would else write over and take away
    one another's; and nobody can guess it, so that an answer with it comes from somebody who has
    seen the invitation.
    """
    return f"{person.event.uid}.{own_part(person.link_key)}"


def own_part(link_key: str) -> str:
    """What is the person's own in it."""
    return digest(derived_token("calendar", link_key))[:32]


def entry(
    person: Registration,
    status: str | None,
    *,
    alarm: int | None = None,
    attendee: Attendee | None = None,
    stamp: datetime | None = None,
    items: frozenset[int] | None = None,
) -> Own:
    """The person's own of the event; `status` where it is not the event's.

    With the link to the meeting if the place is on the net. Protected persons are not named.
    `items` are what the person has chosen, where that is known already.
    """
    event = person.event
    # What has become of the event tells more than that somebody has a place in it.
    moved = event.state in {State.CANCELLED, State.POSTPONED} and status != "CANCELLED"
    online = person.mode is Mode.ONLINE
    return Own(
        uid=uid_of(person),
        sequence=event.sequence + person.sequence,
        status=None if moved else status,
        name="" if person.protected else person.name,
        chosen=frozenset(chosen(db.session, person.id)) if items is None else items,
        online=online,
        online_url=event.online_url if online and person.status is Status.CONFIRMED else "",
        organiser=sender_of(event.authority),
        alarm=alarm,
        attendee=attendee,
        changed=person.updated,
        stamp=stamp,
    )


def own_calendar(person: Registration, status: str | None) -> bytes:
    """The person's own calendar file, to fetch."""
    return event_calendar(person.event, entry(person, status))


def by_mail(person: Registration, status: str | None) -> CalendarPart:
    """The entry as an invitation by mail, or as its withdrawal where `status` is CANCELLED.

    Who has registered has said yes; an answer is asked for only where a mailbox is read.
    """
    called_off = person.event.state is State.CANCELLED
    method = Method.CANCEL if called_off or status == "CANCELLED" else Method.REQUEST
    attendee = Attendee(
        address=person.email,
        name="" if person.protected else person.name,
        partstat=_stands(person),
        rsvp=bool(current_app.config.get("IMAP_URL")),
    )
    own = entry(person, status, attendee=attendee, stamp=now())
    return CalendarPart(
        method=method.value, body=event_calendar(person.event, own, method), attendee=person.email
    )


def _stands(person: Registration) -> str:
    if person.status is Status.CANCELLED:
        return "DECLINED"
    last = queries.answer_of(db.session, person)
    answered = last.answer if last else Answer.ACCEPTED
    # Who has said no but kept the place is asked anew when something changes.
    return "NEEDS-ACTION" if answered is Answer.DECLINED else answered.value.upper()


def withdrawal(person: Registration) -> list[CalendarPart]:
    """What takes the entry away again, where one was sent and there is no place any more."""
    if queries.last_sent(db.session, person) == Method.REQUEST.value:
        return [by_mail(person, "CANCELLED")]
    return []
