"""Give a user a calendar, and take it away."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import record
from core import crypto
from events.staff_feed.models import StaffFeed
from events.staff_feed.queries import feed_of


def renew(session: Session, user: User, *, now: datetime) -> StaffFeed:
    """A calendar with an address that is new; an address from before is no longer one."""
    link_key = uuid.uuid4().hex
    feed = feed_of(session, user)
    if feed is None:
        feed = StaffFeed(user_id=user.id)
        session.add(feed)
    feed.link_key, feed.created = link_key, now
    feed.token_hash = crypto.digest(crypto.derived_token("staff-feed", link_key))
    record(session, by=user, action="calendar.staff_feed", subject=user, now=now, authority_id=None)
    return feed


def revoke(session: Session, user: User, *, now: datetime) -> None:
    """Take the calendar away: its address is no longer one. Twice changes nothing."""
    feed = feed_of(session, user)
    if feed is not None:
        session.delete(feed)
        record(
            session, by=user, action="calendar.staff_feed_ended", subject=user, now=now,
            authority_id=None,
        )  # fmt: skip
