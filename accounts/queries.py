"""Questions about authorities, users and the log."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts.models import AuditEntry, Authority, SignIn, User
from core import crypto


def authority_by_slug(session: Session, slug: str) -> Authority | None:
    """The authority of that slug."""
    return session.scalar(sa.select(Authority).filter_by(slug=slug))


def user_by_email(session: Session, email: str) -> User | None:
    """The user with that address, whatever its case."""
    return session.scalar(sa.select(User).filter_by(email=email.strip().lower()))


def sign_in_by_token(session: Session, token: str) -> SignIn | None:
    """The session of that secret."""
    return session.scalar(sa.select(SignIn).filter_by(token_hash=crypto.digest(token)))


def log_of_event(session: Session, event_id: int, limit: int = 200) -> Sequence[AuditEntry]:
    """The newest entries about an event and all that belongs to it."""
    return session.scalars(
        sa.select(AuditEntry)
        .filter_by(event_id=event_id)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    ).all()
