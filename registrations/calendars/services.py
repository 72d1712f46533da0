"""Give an address a calendar of its own, change it, take it away."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.services import record
from core import crypto
from core.errors import Refusal
from core.outbox.services import enqueue
from registrations.calendars.models import OwnFeed, new_feed_key
from registrations.calendars.queries import feed_of, token_of
from registrations.models import Registration
from registrations.services.telling import receipt_time


def keep_feed(
    session: Session, person: Registration, *, alarm: int | None, now: datetime
) -> OwnFeed:
    """Give the person's address a calendar, or change its alarm; the way to it goes by mail.

    It shows all that the address is registered to, and whoever was shown the page of one of these
    may be another than the one who reads the mailbox: so the page does not tell the way. Raises
    `Refusal` without an address, and where it has had its letters for today.
    """
    if not person.email:
        raise Refusal(_("Det finns ingen e-postadress att skicka kalenderns adress till."))
    at = receipt_time(session, person.email, now=now)
    if at is None:
        raise Refusal(_("Vi har mejlat dig många gånger i dag. Försök igen i morgon."), "alarm")
    feed = feed_of(session, person)
    if feed is None:
        feed = OwnFeed(email_key=person.email_key, link_key=new_feed_key(), created=now)
        feed.token_hash = crypto.digest(token_of(feed.link_key))
        session.add(feed)
        record(session, by=None, action="calendar.own_feed", subject=person, now=now)
    feed.alarm = alarm
    session.flush()
    enqueue(
        session, kind="registration.own_feed", to=person.email, now=now, at=at,
        payload={"registration": person.id, "feed": feed.id}, thread=f"own-feed:{feed.id}",
        authority_id=person.event.authority_id, about=f"registration:{person.id}",
        language=person.language,
    )  # fmt: skip
    return feed


def end_feed(session: Session, person: Registration, *, now: datetime) -> None:
    """Take the calendar of the person's address away. Twice changes nothing."""
    feed = feed_of(session, person)
    if feed is not None:
        session.delete(feed)
        record(session, by=None, action="calendar.own_feed_ended", subject=person, now=now)
