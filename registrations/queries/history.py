"""What has been done to one registration."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts.models import AuditEntry
from core.outbox.models import Outbox
from registrations.models import Registration

AT_MOST = 100


def history(session: Session, registration_id: int) -> Sequence[AuditEntry]:
    """The log of one registration, the newest first."""
    return session.scalars(
        sa.select(AuditEntry)
        .filter_by(subject_type=Registration.__tablename__, subject_id=registration_id)
        .order_by(AuditEntry.id.desc())
        .limit(AT_MOST)
    ).all()


def mails(session: Session, registration_id: int) -> Sequence[Outbox]:
    """What has been written to somebody about their registration, the newest first."""
    return session.scalars(
        sa.select(Outbox)
        .filter_by(about=f"registration:{registration_id}")
        .order_by(Outbox.id.desc())
        .limit(AT_MOST)
    ).all()
