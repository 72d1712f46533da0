"""The gate for staff: who is signed in, in which role, and whose the thing in the address is."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import queries, services, words
from accounts.models import User, session_is_live
from accounts.rules import EVERYBODY, SESSION_IDLE, SESSION_TOUCH, Role
from core.clock import now
from core.csrf import SAFE
from core.db import Busy, db, write
from core.settings import cookie_name

V = TypeVar("V", bound=Callable[..., Any])


class Owned(Protocol):
    """A thing that belongs to an authority."""

    @property
    def authority_id(self) -> Any:
        """Whose it is."""


Finder = Callable[[Any], Owned | None]


class Staff:
    """Signed-in members with one of `roles` in the authority that owns what the address names.

    Each finder in `finds` turns the address part of its name (e.g. `event` from `event_id`)
    into the thing itself. A thing that is missing or another authority's is 404; one of the own
    authority without the role is 403.
    """

    def __init__(self, roles: frozenset[Role], finds: dict[str, Finder]) -> None:
        self.roles = roles
        self.finds = finds
        self.name = "staff:" + ("*" if roles == EVERYBODY else "+".join(sorted(roles)))

    def admit(self, args: dict[str, Any]) -> ResponseReturnValue | None:
        """Send the unknown to sign in; replace ids by things; check the role."""
        user = current_user()
        if user is None:
            if request.method in SAFE:
                return redirect(url_for("accounts.sign_in", next=_here()))
            abort(403, _("Du är inte längre inloggad. Logga in och försök igen."))
        if user.password_is_temporary and request.endpoint != "accounts.password":
            if request.method in SAFE:
                return redirect(url_for("accounts.password"))
            abort(403, _("Byt först ditt tillfälliga lösenord."))
        if not user.authorities_with(EVERYBODY):
            abort(403, _("Du har ingen roll i någon myndighet. Be din administratör om en."))
        if not self.finds and not user.authorities_with(self.roles):
            abort(403)
        for name, find in self.finds.items():
            thing = find(args.pop(f"{name}_id"))
            roles = user.roles_in(thing.authority_id) if thing is not None else set()
            if not roles:
                abort(404)
            if not roles & self.roles:
                abort(403)
            args[name] = thing
        return None


def staff(roles: frozenset[Role], **finds: Finder) -> Callable[[V], V]:
    """Declare that a view is for members with one of `roles`; `finds` as in `Staff`."""

    def declare(view: V) -> V:
        view.policy = Staff(roles, finds)  # type: ignore[attr-defined]
        return view

    return declare


def init_app(app: Flask) -> None:
    """Give templates the signed-in user and what they may do."""
    app.jinja_env.globals.update(
        current_user=current_user,
        may=may,
        role_words=words.ROLE,
        log_words=words.LOG,
        field_told=words.field_told,
        value_told=words.value_told,
        mail_state_words=words.MAIL_STATE,
    )


def current_user() -> User | None:
    """Who is signed in on this request, if anybody. Asks the database once."""
    if "user" not in g:
        g.user = None
        token = request.cookies.get(cookie_name(current_app, "samling"), "")
        if len(token) == 43:
            found = queries.sign_in_by_token(db.session, token)
            if found and session_is_live(found, now(), now() - SESSION_IDLE):
                if now() - found.seen > SESSION_TOUCH:
                    _touch(token)
                    found = queries.sign_in_by_token(db.session, token)
                g.user = found.user if found else None
                g.user_id = found.user_id if found else 0
    user: User | None = g.user
    return user


def me() -> User:
    """The signed-in user of a view that the gate has let in."""
    user = current_user()
    if user is None:
        abort(403)
    return user


def may(roles: frozenset[Role] | set[Role], authority_id: int) -> bool:
    """Whether the signed-in user has one of `roles` in the authority."""
    user = current_user()
    return bool(user and user.roles_in(authority_id) & roles)


def _here() -> str:
    return request.script_root + request.full_path.rstrip("?")


def _touch(token: str) -> None:
    """The one thing a read may write: that the session was used, at most every five minutes."""
    try:
        write(lambda: services.touch(db.session, token, now=now()))
    except Busy:
        db.session.rollback()
