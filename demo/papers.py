"""What lists and badges need to be worth looking at: who agrees to be listed, who needs what."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts import queries as account_queries
from accounts.models import User
from events.models import Event
from registrations import services
from registrations.models import Registration
from registrations.rules import Status

NEEDS = ("Teckenspråkstolk", "Rullstol, plats nära utgången", "Hörslinga")
AGREE = 3  # of five


def add_wishes(session: Session, slug: str, *, now: datetime) -> None:
    """Let most participants of an event agree to be listed and three need something, once."""
    event = session.scalar(sa.select(Event).filter_by(slug=slug))
    if event is None or session.scalar(
        sa.select(Registration.id).filter_by(event_id=event.id, list_consent=True).limit(1)
    ):
        return
    people = session.scalars(
        sa.select(Registration)
        .filter_by(event_id=event.id, status=Status.CONFIRMED)
        .order_by(Registration.id)
    ).all()
    needs = dict(zip(people[4::20], NEEDS, strict=False))
    for number, person in enumerate(people):
        if number % 5 >= AGREE and person not in needs:
            continue
        services.change(
            session, person, facts={"list_consent": number % 5 < AGREE}, by=_organiser(session),
            needs={"access": needs[person]} if person in needs else None, now=now, notify=False,
        )  # fmt: skip


def _organiser(session: Session) -> User | None:
    return account_queries.user_by_email(session, "organisator@example.se")
