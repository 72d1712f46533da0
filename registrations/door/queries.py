"""Questions at the door: who answers to a name, who has come, what the last line says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.text import clean_line
from registrations.door.rules import LET_IN, asks_for_protected
from registrations.models import CheckIn, Registration
from registrations.queries.lists import matches
from registrations.queries.presence import present
from registrations.rules import Status

AT_MOST = 20  # people shown for one search


@dataclass(frozen=True)
class Visitor:
    """Somebody who may come, and when the person was ticked in."""

    registration: Registration
    came: datetime | None


def answering(session: Session, event_id: int, text: str) -> list[Visitor]:
    """Those who answer to a search, one more than are shown, by surname. One query.

    Protected persons answer only to their number (see `registrations.protection`).
    """
    if asks_for_protected(text):
        digits = "".join(c for c in clean_line(text) if c in "0123456789")[:9]
        asked: list[sa.ColumnElement[bool]] = [Registration.protected.is_(True)]
        if digits:
            asked.append(Registration.id == int(digits))
    else:
        asked = matches(text)
    return _visitors(
        session, event_id, [*asked, Registration.status != Status.DECLINED], AT_MOST + 1
    )


def visitor(session: Session, registration: Registration) -> Visitor:
    """One person as the door sees them."""
    mine = [Registration.id == registration.id]
    return _visitors(session, registration.event_id, mine, 1)[0]


def everybody(session: Session, event_id: int) -> list[Visitor]:
    """Everybody who has a place or waits, by surname in Swedish order; the protected last."""
    return _visitors(session, event_id, [Registration.status.in_(LET_IN)], None)


def line_of(session: Session, nonce: str) -> CheckIn | None:
    """The line that a press of a button has already written."""
    return session.scalar(sa.select(CheckIn).filter_by(nonce=nonce))


def latest_line(session: Session, registration_id: int, item_id: int | None) -> CheckIn | None:
    """What the log says last about somebody, at the event or in one item."""
    return session.scalar(
        sa.select(CheckIn)
        .filter_by(registration_id=registration_id, item_id=item_id)
        .order_by(CheckIn.id.desc())
        .limit(1)
    )


def lines_of(session: Session, registration_id: int) -> Sequence[CheckIn]:
    """What the log says of somebody, the newest first."""
    return session.scalars(
        sa.select(CheckIn)
        .filter_by(registration_id=registration_id)
        .order_by(CheckIn.id.desc())
        .limit(50)
    ).all()


def _visitors(
    session: Session, event_id: int, conditions: list[sa.ColumnElement[bool]], limit: int | None
) -> list[Visitor]:
    there = present(event_id)
    rows = session.execute(
        sa.select(Registration, there.c.at)
        .outerjoin(there, there.c.registration_id == Registration.id)
        .where(Registration.event_id == event_id, *conditions)
        .order_by(
            Registration.protected,
            sa.case((Registration.protected, None), else_=Registration.sort_key),
            Registration.id,
        )
        .limit(limit)
    )
    return [Visitor(registration, at) for registration, at in rows]
