"""Whose calendar an address is, and what stands in it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.rules import PEOPLE
from core import crypto
from events.models import Event
from events.queries.feeds import MOST_IN_FEED
from events.staff_feed.models import StaffFeed

BACK = timedelta(days=365)


def feed_of(session: Session, user: User) -> StaffFeed | None:
    """The user's calendar, if there is one."""
    return session.get(StaffFeed, user.id)


def feed_by_token(session: Session, token: str) -> StaffFeed | None:
    """Whose calendar it is; None for an unknown address and for who no longer works here."""
    found = session.scalar(sa.select(StaffFeed).filter_by(token_hash=crypto.digest(token)))
    return found if found and found.user.disabled is None else None


def token_of(feed: StaffFeed) -> str:
    """The secret part of the address."""
    return crypto.derived_token("staff-feed", feed.link_key)


def events_of(session: Session, user: User, *, now: datetime) -> Sequence[Event]:
    """The events of the authorities where the user sees events, whatever their state."""
    ids = [authority.id for authority in user.authorities_with(PEOPLE)]
    return session.scalars(
        sa.select(Event)
        .where(Event.authority_id.in_(ids), Event.ends > now - BACK)
        .order_by(Event.starts.desc(), Event.id)
        .limit(MOST_IN_FEED)
    ).all()
