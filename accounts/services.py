"""Verbs that change who works here, and the audit line that every change writes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import argon2
import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts import queries
from accounts.models import AuditEntry, Authority, Membership, SignIn, User
from accounts.rules import PASSWORD_LENGTH, SESSION_LIFE, Role
from core import crypto, reference
from core.errors import Refusal


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
    """Write the audit line of a change. `subject` is a saved row; `details` never sensitive."""
    session.add(
        AuditEntry(
            at=now,
            user_id=by.id if by else None,
            authority_id=authority_id,
            action=action,
            subject_type=subject.__tablename__,
            subject_id=subject.id,
            event_id=event_id,
            details=details or {},
        )
    )


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


def seed_boards(session: Session) -> int:
    """Add those of the 21 county administrative boards that are missing; how many."""
    known = set(session.scalars(sa.select(Authority.slug)))
    missing = [c for c in reference.counties().values() if c.county_board_slug not in known]
    for county in missing:
        session.add(
            Authority(
                slug=county.county_board_slug,
                name=county.county_board_name,
                short_name=county.county_board_short,
                county_code=county.code,
                sender_name=county.county_board_name,
            )
        )
    session.flush()
    return len(missing)


def hasher() -> argon2.PasswordHasher:
    """argon2id at the library's defaults; cheap in tests."""
    if current_app.config["TESTING"]:
        return argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return argon2.PasswordHasher()


def add_user(
    session: Session,
    *,
    email: str,
    name: str,
    password: str,
    roles: Iterable[tuple[Authority, Role]],
    by: User | None,
    now: datetime,
) -> User:
    """Add a user with roles. Raises `Refusal` for a known address or a short password."""
    if queries.user_by_email(session, email):
        raise Refusal(_("Det finns redan en användare med den e-postadressen."), "email")
    if len(password) < PASSWORD_LENGTH:
        raise Refusal(
            _("Välj ett lösenord med minst %(n)s tecken.", n=PASSWORD_LENGTH), "password"
        )
    user = User(
        email=email.strip().lower(),
        name=name,
        password_hash=hasher().hash(password),
        created=now,
        memberships=[Membership(authority=authority, role=role) for authority, role in roles],
    )
    session.add(user)
    session.flush()
    for membership in user.memberships:
        record(
            session, by=by, action="user.added", subject=user, now=now,
            authority_id=membership.authority_id, details={"role": membership.role.value},
        )  # fmt: skip
    return user


def set_roles(
    session: Session, user: User, *, authority: Authority, roles: set[Role], by: User, now: datetime
) -> None:
    """Give `user` exactly these roles in `authority`; an ended membership ends open sessions.

    Raises `Refusal` where the authority would be left without an administrator.
    """
    before = user.roles_in(authority.id)
    if Role.ADMIN in before - roles and not _another_admin(session, authority, user):
        raise Refusal(_("Utse först en annan administratör."), "roles")
    for membership in [m for m in user.memberships if m.authority_id == authority.id]:
        if membership.role not in roles:
            user.memberships.remove(membership)
    user.memberships += [Membership(authority=authority, role=role) for role in roles - before]
    if before - roles:
        end_sessions(session, user, now=now)
    record(
        session, by=by, action="user.roles", subject=user, now=now, authority_id=authority.id,
        details={"roles": sorted(role.value for role in roles)},
    )  # fmt: skip


def _another_admin(session: Session, authority: Authority, user: User) -> bool:
    return bool(
        session.scalar(
            sa.select(Membership.id)
            .join(User)
            .where(
                Membership.authority_id == authority.id,
                Membership.role == Role.ADMIN,
                Membership.user_id != user.id,
                User.disabled.is_(None),
            )
            .limit(1)
        )
    )


def set_password(session: Session, user: User, *, password: str, now: datetime) -> None:
    """Change the password and end every open session. Raises `Refusal` for a short one."""
    if len(password) < PASSWORD_LENGTH:
        raise Refusal(
            _("Välj ett lösenord med minst %(n)s tecken.", n=PASSWORD_LENGTH), "password"
        )
    user.password_hash = hasher().hash(password)
    end_sessions(session, user, now=now)


def password_is_right(user: User | None, password: str) -> bool:
    """Whether it is; takes as long for an unknown user as for a known one."""
    known = user.password_hash if user else _nobody()
    try:
        hasher().verify(known, password)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False
    return user is not None and user.disabled is None


def _nobody() -> str:
    extensions = current_app.extensions
    if "password_of_nobody" not in extensions:
        extensions["password_of_nobody"] = hasher().hash(crypto.new_token())
    return str(extensions["password_of_nobody"])


def sign_in(session: Session, user: User, *, now: datetime) -> str:
    """Open a session; the secret that the browser is to hold."""
    token = crypto.new_token()
    session.add(
        SignIn(
            user=user,
            token_hash=crypto.digest(token),
            created=now,
            seen=now,
            expires=now + SESSION_LIFE,
        )
    )
    return token


def sign_out(session: Session, token: str, *, now: datetime) -> None:
    """End the session of that secret."""
    found = queries.sign_in_by_token(session, token)
    if found:
        found.revoked = now


def touch(session: Session, token: str, *, now: datetime) -> None:
    """The session has been used."""
    found = queries.sign_in_by_token(session, token)
    if found:
        found.seen = now


def end_sessions(session: Session, user: User, *, now: datetime) -> None:
    """End every open session of `user`."""
    session.execute(
        sa.update(SignIn)
        .where(SignIn.user_id == user.id, SignIn.revoked.is_(None))
        .values(revoked=now)
    )


def change_authority(
    session: Session, authority: Authority, *, facts: dict[str, Any], by: User, now: datetime
) -> None:
    """Save what the authority is called, answers from and is reached at."""
    changed = changes(authority, facts)
    record(
        session, by=by, action="authority.changed", subject=authority, now=now,
        authority_id=authority.id, details=changed,
    )  # fmt: skip
