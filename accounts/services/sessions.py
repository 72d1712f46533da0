"""Passwords and the sessions they open."""

from datetime import datetime

import argon2
import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts import queries
from accounts.models import SignIn, User
from accounts.rules import PASSWORD_LENGTH, SESSION_LIFE, SESSIONS_KEPT
from accounts.services.log import record
from core import crypto
from core.errors import Refusal
from core.tidy import remove


def hasher() -> argon2.PasswordHasher:
    """argon2id at the library's defaults; cheap in tests."""
    if current_app.config["TESTING"]:
        return argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return argon2.PasswordHasher()


def hash_password(password: str, field: str = "password") -> str:
    """How a password is kept. Slow on purpose: not to be done while the write lock is held.

    Raises `Refusal` for a short one.
    """
    if len(password) < PASSWORD_LENGTH:
        raise Refusal(_("Välj ett lösenord med minst %(n)s tecken.", n=PASSWORD_LENGTH), field)
    return hasher().hash(password)


def set_password(session: Session, user: User, *, password_hash: str, now: datetime) -> None:
    """Change one's own password and end every open session."""
    put_password(session, user, password_hash, temporary=False, now=now)
    record(session, by=user, action="user.password", subject=user, now=now)


def put_password(
    session: Session, user: User, password_hash: str, *, temporary: bool, now: datetime
) -> None:
    """Keep a password and end every open session: who stole the old one is out."""
    user.password_hash, user.password_is_temporary = password_hash, temporary
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


def sign_in(session: Session, user: User, *, instead_of: str, now: datetime) -> str:
    """Open a session and end the one this browser had; the secret that the browser is to hold."""
    sign_out(session, instead_of, now=now)
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
    if found and found.revoked is None:
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


def forget_sessions(session: Session, now: datetime) -> int:
    """Remove sessions that ended a while ago; how many (for `flask tidy`)."""
    return remove(session, SignIn, SignIn.expires < now - SESSIONS_KEPT)
