"""What every change of minutes goes through: the lock before it and the audit line after."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import record
from core.errors import Refusal
from minutes.models import Addendum, Minutes, Section


def lock_draft(session: Session, minutes: Minutes) -> None:
    """Wait for whoever is changing these minutes; refuse if they are frozen.

    Without the lock a text could be saved between the reading and the freezing of the rest.
    """
    session.refresh(minutes, with_for_update=True)
    if minutes.is_published:
        raise Refusal(
            _(
                "Anteckningarna är publicerade och kan inte ändras. "
                "Skriv ett tillägg i stället, så visas det under dem."
            )
        )


def note(
    session: Session,
    minutes: Minutes,
    what: str,
    subject: Minutes | Section | Addendum,
    by: User | None,
    now: datetime,
    details: dict[str, Any],
) -> None:
    """Write the audit line of a change to minutes: never what is written in them."""
    record(
        session, by=by, action=f"minutes.{what}", subject=subject, now=now,
        authority_id=minutes.event.authority_id, event_id=minutes.event_id, details=details,
    )  # fmt: skip
