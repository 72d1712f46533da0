"""What the seed format does not know: the assignment of 2016 and finished minutes."""

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts import queries as account_queries
from accounts.models import Authority, User
from core.db import db, write
from events import services as event_services
from events.models import Assignment, Event
from events.rules import AssignmentState
from minutes import publishing
from minutes import services as minutes_services
from minutes.models import Minutes

TEXTS = ("title", "case_number", "commissioner", "purpose", "target_group", "cooperation")


def add_assignment(session: Session, fields: dict[str, Any], *, now: datetime) -> None:
    """Add the assignment and tie its conferences to it, unless it is there."""
    if session.scalar(sa.select(Assignment.id).filter_by(slug=fields["slug"])):
        return
    coordinator = session.scalars(sa.select(Authority).filter_by(slug=fields["coordinator"])).one()
    assignment = Assignment(
        slug=fields["slug"], authority_id=coordinator.id,
        consulted="\n".join(fields["consulted"]), ceiling_sek=fields["ceiling_sek"],
        decided=_day(fields["decided"]), report_due=_day(fields["report_due"]),
        state=AssignmentState(fields["state"]), **{name: fields[name] for name in TEXTS},
    )  # fmt: skip
    session.add(assignment)
    session.flush()
    for event in session.scalars(sa.select(Event).where(Event.slug.in_(fields["events"]))):
        event.assignment_id = assignment.id
        event_services.touch(session, event, now=now)


def add_minutes(fields: dict[str, Any]) -> None:
    """Write and publish the minutes of an event, unless it has minutes."""
    event = db.session.scalar(sa.select(Event).filter_by(slug=fields["event"]))
    if event is None or db.session.scalar(sa.select(Minutes.id).filter_by(event_id=event.id)):
        return
    at = event.ends + timedelta(days=20)

    def draft() -> int:
        started = minutes_services.start(db.session, event, by=None, now=at)
        minutes_services.fill(db.session, started, content=fields, by=None, now=at)
        return started.id

    minutes = db.session.get_one(Minutes, write(draft))
    content, pdf = publishing.prepare(db.session, minutes, now=at, by=_organiser())
    write(
        lambda: minutes_services.publish(
            db.session, minutes, pdf=pdf, content=content, by=_organiser(), now=at
        )
    )


def _organiser() -> User | None:
    return account_queries.user_by_email(db.session, "organisator@example.se")


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
