"""The audit line that every change writes."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts.models import AuditEntry, User

_LINE = sa.insert(AuditEntry.metadata.tables["audit_entry"]).inline()


def record(
    session: Session,
    *,
    by: User | None,
    action: str,
    subject: Any,
    now: datetime,
    authority_id: int | None = None,
    event_id: int | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Write the audit line of a change. `subject` is a saved row; `details` never sensitive.

    Authority and event are the subject's own, where it has them and no others are given.
    """
    line = {
        "at": now, "user_id": by.id if by else None,
        "authority_id": authority_id or getattr(subject, "authority_id", None),
        "action": action, "subject_type": subject.__tablename__, "subject_id": subject.id,
        "event_id": event_id or getattr(subject, "event_id", None), "details": details or {},
    }  # fmt: skip
    session.connection().execute(_LINE, line)


def changes(thing: Any, facts: dict[str, Any]) -> dict[str, Any]:
    """Set each of `facts` on `thing`; {name: [before, after]} of those that changed, as text."""
    changed = {}
    for name, value in facts.items():
        before = getattr(thing, name)
        if before != value:
            setattr(thing, name, value)
            changed[name] = [_brief(before), _brief(value)]
    return changed


def _brief(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int) else str(value)[:120]
