"""Questions about authorities, users and the log."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts.models import AuditEntry, Authority, Membership, SignIn, User
from accounts.rules import LOG_PAGE
from core import crypto
from core.db import db
from core.outbox.models import Outbox
from core.outbox.rules import State
from core.paging import page_count
from core.text import swedish_order


def find_authority(authority_id: int) -> Authority | None:
    """The authority of that number (for the gate)."""
    return db.session.get(Authority, authority_id)


def find_mail(mail_id: int) -> Outbox | None:
    """The mail of that number (for the gate)."""
    return db.session.get(Outbox, mail_id)


def authority_by_slug(session: Session, slug: str) -> Authority | None:
    """The authority of that slug."""
    return session.scalar(sa.select(Authority).filter_by(slug=slug))


def user_by_email(session: Session, email: str) -> User | None:
    """The user with that address, whatever its case."""
    return session.scalar(sa.select(User).filter_by(email=email.strip().lower()))


def sign_in_by_token(session: Session, token: str) -> SignIn | None:
    """The session of that secret."""
    return session.scalar(sa.select(SignIn).filter_by(token_hash=crypto.digest(token)))


def colleagues(session: Session, authority: Authority) -> list[User]:
    """Everybody with a role in the authority, by name."""
    members = sa.select(Membership.user_id).filter_by(authority_id=authority.id)
    users = session.scalars(sa.select(User).where(User.id.in_(members)))
    return sorted(users, key=lambda user: swedish_order(user.name))


def colleague(session: Session, authority: Authority, user_id: int) -> User | None:
    """The person of that number, if they have a role in the authority."""
    user = session.get(User, user_id)
    return user if user and user.roles_in(authority.id) else None


def log_of_authority(
    session: Session, authority: Authority, page: int
) -> tuple[Sequence[AuditEntry], int]:
    """One page of the authority's log, newest first, and how many pages there are."""
    entries = sa.select(AuditEntry).filter_by(authority_id=authority.id)
    return _page(session, entries.order_by(AuditEntry.id.desc()), page)


def mails(
    session: Session, authority_ids: Iterable[int], page: int
) -> tuple[Sequence[Outbox], int]:
    """One page of what these authorities have sent, failed first, and how many pages there are."""
    failed_first = sa.case((Outbox.state == State.FAILED, 0), else_=1)
    sent = sa.select(Outbox).where(Outbox.authority_id.in_(list(authority_ids)))
    return _page(session, sent.order_by(failed_first, Outbox.id.desc()), page)


def _page(session: Session, rows: sa.Select[Any], page: int) -> tuple[Sequence[Any], int]:
    number = session.scalar(sa.select(sa.func.count()).select_from(rows.order_by(None).subquery()))
    shown = session.scalars(rows.limit(LOG_PAGE).offset((page - 1) * LOG_PAGE)).all()
    return shown, page_count(number or 0, LOG_PAGE)
