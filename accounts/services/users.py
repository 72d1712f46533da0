"""Who works here, and in which roles."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from accounts import queries
from accounts.models import Authority, Membership, User
from accounts.rules import Role
from accounts.services.log import record
from accounts.services.sessions import end_sessions, hash_password, put_password
from core.errors import Refusal


def add_user(
    session: Session,
    *,
    email: str,
    name: str,
    roles: Iterable[tuple[Authority, Role]],
    by: User | None,
    now: datetime,
    password: str = "",
    password_hash: str = "",
    temporary: bool = False,
) -> User:
    """Add a user with roles. Raises `Refusal` for a known address or a short password.

    Give `password_hash` (from `hash_password`) where others wait for the write lock. A
    `temporary` password must be changed at the first sign-in.
    """
    if queries.user_by_email(session, email):
        raise Refusal(_("Det finns redan en användare med den e-postadressen."), "email")
    user = User(
        email=email.strip().lower(),
        name=name,
        password_hash=password_hash or hash_password(password),
        password_is_temporary=temporary,
        created=now,
        memberships=[Membership(authority=authority, role=role) for authority, role in roles],
    )
    session.add(user)
    session.flush()
    for membership in user.memberships:
        record(
            session, by=by, action="user.added", subject=user, now=now,
            authority_id=membership.authority_id,
            details={"name": user.name, "role": membership.role.value},
        )  # fmt: skip
    return user


def add_colleague(
    session: Session,
    authority: Authority,
    *,
    email: str,
    name: str,
    roles: set[Role],
    password_hash: str,
    by: User,
    now: datetime,
) -> bool:
    """Give somebody roles in the authority; whether the password is the one given.

    Who works at another authority keeps their password. Who has no role anywhere (any more)
    comes back with the new one. Raises `Refusal` for who is a colleague already.
    """
    known = queries.user_by_email(session, email)
    if known is None:
        add_user(
            session, email=email, name=name, password_hash=password_hash, temporary=True,
            roles=[(authority, role) for role in roles], by=by, now=now,
        )  # fmt: skip
        return True
    if known.roles_in(authority.id):
        raise Refusal(_("Den personen arbetar redan här. Ändra rollerna i listan."), "email")
    returns = not known.memberships
    if returns:
        known.name, known.disabled = name, None
        put_password(session, known, password_hash, temporary=True, now=now)
    set_roles(session, known, authority=authority, roles=roles, by=by, now=now)
    return returns


def set_roles(
    session: Session,
    user: User,
    *,
    authority: Authority,
    roles: set[Role],
    by: User,
    now: datetime,
    version: int | None = None,
) -> None:
    """Give `user` exactly these roles in `authority`; a change ends their open sessions.

    Raises `Refusal` where the authority would be left without an administrator.
    """
    _lock(session, authority)
    user.refuse_older(version)
    before = user.roles_in(authority.id)
    if before == roles:
        return
    if Role.ADMIN in before - roles and not _another_admin(session, authority, user):
        raise Refusal(_("Utse först en annan administratör."), "roles")
    for membership in [m for m in user.memberships if m.authority_id == authority.id]:
        if membership.role not in roles:
            user.memberships.remove(membership)
    user.memberships += [Membership(authority=authority, role=role) for role in roles - before]
    flag_modified(user, "name")  # so that `version` grows
    end_sessions(session, user, now=now)
    record(
        session, by=by, action="user.roles", subject=user, now=now, authority_id=authority.id,
        details={
            "name": user.name,
            "before": sorted(role.value for role in before),
            "after": sorted(role.value for role in roles),
        },
    )  # fmt: skip


def _lock(session: Session, authority: Authority) -> None:
    """Who decides about administrators does so one at a time."""
    session.execute(
        sa.select(Authority.id).filter_by(id=authority.id).with_for_update(key_share=True)
    )


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


def set_open(
    session: Session, user: User, *, authority: Authority, is_open: bool, by: User, now: datetime
) -> None:
    """Close an account (its sessions end at once) or open it again.

    Raises `Refusal` for oneself and for who works at an authority where `by` is no administrator.
    """
    _must_manage_alone(by, user)
    if user.id == by.id:
        raise Refusal(_("Du kan inte stänga ditt eget konto. Be en annan administratör."))
    if (user.disabled is None) == is_open:
        return
    user.disabled = None if is_open else now
    end_sessions(session, user, now=now)
    record(
        session, by=by, action="user.opened" if is_open else "user.closed", subject=user, now=now,
        authority_id=authority.id, details={"name": user.name},
    )  # fmt: skip


def reset_password(
    session: Session,
    user: User,
    *,
    authority: Authority,
    password_hash: str,
    by: User,
    now: datetime,
) -> None:
    """Give a colleague a temporary password. Raises `Refusal` as `set_open` does."""
    _must_manage_alone(by, user)
    put_password(session, user, password_hash, temporary=True, now=now)
    record(
        session, by=by, action="user.password_reset", subject=user, now=now,
        authority_id=authority.id, details={"name": user.name},
    )  # fmt: skip


def _must_manage_alone(by: User, user: User) -> None:
    """Who holds a person's account holds all that person may do: nobody gets more that way."""
    beyond = [
        membership.authority.name
        for membership in user.memberships
        if Role.ADMIN not in by.roles_in(membership.authority_id)
    ]
    if beyond:
        raise Refusal(
            _(
                "Personen arbetar också på %(place)s. Ta bort rollerna här i stället, "
                "eller be administratören där.",
                place=beyond[0],
            )
        )
