"""When answers may go: each question says how many days after the event, the decision at least.

An answer is erased when both have passed. What was promised at the field is kept where the
decision allows it; without a decision nothing goes, however long ago it was.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from events.models import Event
from registrations.models import Registration
from registrations.questions.models import Reply, Wording


def counts(session: Session, decided: Mapping[int, int], *, now: datetime) -> dict[int, int]:
    """How many answers at each event have had their time; `decided`: days by authority."""
    rows = session.execute(
        sa.select(Event.id, Event.authority_id, Event.ends, Wording.days, sa.func.count())
        .select_from(Reply)
        .join(Wording, Wording.id == Reply.wording_id)
        .join(Registration, Registration.id == Reply.registration_id)
        .join(Event, Event.id == Registration.event_id)
        .where(Event.ends <= now)
        .group_by(Event.id, Event.authority_id, Event.ends, Wording.days)
    )
    found: dict[int, int] = {}
    for event_id, authority_id, ends, days, number in rows:
        if now >= ends + timedelta(days=max(days, decided.get(authority_id, 0))):
            found[event_id] = found.get(event_id, 0) + number
    return found


def erase(session: Session, event: Event, *, now: datetime) -> int:
    """Erase the answers at an event whose own time has passed; how many."""
    days = (now - event.ends) // timedelta(days=1)
    people = sa.select(Registration.id).where(Registration.event_id == event.id)
    over = sa.select(Wording.id).where(Wording.days <= days)
    result = session.execute(
        sa.delete(Reply)
        .where(Reply.registration_id.in_(people), Reply.wording_id.in_(over))
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]
