"""Note what has left the house: which badges were made, who fetched which list."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import record
from events.models import Event
from registrations.papers.badges import face
from registrations.papers.models import Badge
from registrations.papers.rules import Wanted

AT_A_TIME = 500


def note_fetched(
    session: Session, event: Event, *, action: str, by: User, now: datetime, **details: Any
) -> None:
    """Write in the log that a list was fetched; `details` are numbers and names of choices."""
    record(
        session, by=by, action=action, subject=event, now=now, event_id=event.id, details=details,
    )  # fmt: skip


def note_badges(
    session: Session,
    event: Event,
    rows: Sequence[Any],
    *,
    wanted: Wanted,
    titles: Mapping[int, Sequence[str]],
    by: User,
    now: datetime,
) -> None:
    """Remember what stands on the badges of `rows`, and that they were made.

    `titles` are what people have chosen, by registration.
    """
    parts = ",".join(sorted(wanted.parts))
    badges = [
        {"registration_id": row.id, "made": now, "parts": parts,
         "face": face(row, wanted.parts, titles.get(row.id, ()))}
        for row in rows
    ]  # fmt: skip
    # In bulk, so that the lock is held for a moment also for thousands.
    for start in range(0, len(rows), AT_A_TIME):
        ids = [row.id for row in rows[start : start + AT_A_TIME]]
        session.execute(
            sa.delete(Badge)
            .where(Badge.registration_id.in_(ids))
            .execution_options(synchronize_session=False)
        )
    if badges:
        session.execute(sa.insert(Badge), badges)
    note_fetched(
        session, event, action="papers.badges", by=by, now=now,
        number=len(rows) or wanted.blanks, sheet=wanted.sheet,
    )  # fmt: skip
