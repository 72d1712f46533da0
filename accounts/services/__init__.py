"""Verbs that change who works here, and the audit line that every change writes."""

from accounts.services.authorities import (
    change_authority,
    correct_mail,
    seed_boards,
)
from accounts.services.log import (
    changes,
    record,
)
from accounts.services.sessions import (
    end_sessions,
    forget_sessions,
    hash_password,
    password_is_right,
    set_password,
    sign_in,
    sign_out,
    touch,
)
from accounts.services.users import (
    add_colleague,
    add_user,
    reset_password,
    set_open,
    set_roles,
)

__all__ = [
    "add_colleague",
    "add_user",
    "change_authority",
    "changes",
    "correct_mail",
    "end_sessions",
    "forget_sessions",
    "hash_password",
    "password_is_right",
    "record",
    "reset_password",
    "seed_boards",
    "set_open",
    "set_password",
    "set_roles",
    "sign_in",
    "sign_out",
    "touch",
]
