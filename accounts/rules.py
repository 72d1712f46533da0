"""Who may do what."""

import enum
from datetime import timedelta


class Role(enum.StrEnum):
    """What a member of an authority does there."""

    ADMIN = "admin"
    ORGANISER = "organiser"
    SECRETARY = "secretary"
    CHECK_IN = "check-in"
    READER = "reader"


EVERYBODY = frozenset(Role)
PLAN = frozenset({Role.ADMIN, Role.ORGANISER})
PEOPLE = frozenset({Role.ADMIN, Role.ORGANISER, Role.SECRETARY, Role.READER})
DOOR = frozenset({Role.ADMIN, Role.ORGANISER, Role.SECRETARY, Role.CHECK_IN})
MINUTES = frozenset({Role.ADMIN, Role.ORGANISER, Role.SECRETARY})
NEEDS = frozenset({Role.ADMIN, Role.ORGANISER})
ADMIN = frozenset({Role.ADMIN})

PASSWORD_LENGTH = 12  # characters, at least (ASVS 2.1.1)
SESSION_LIFE = timedelta(hours=12)
SESSION_IDLE = timedelta(hours=2)
SESSION_TOUCH = timedelta(minutes=5)
SIGN_IN_WINDOW = timedelta(minutes=15)
# Tries within the window. A place is a trusted network address: a whole office may share one.
SIGN_IN_PER_PLACE = 100
SIGN_IN_PER_ACCOUNT_AND_PLACE = 10
# Guesses at one account from all places. A browser where the account has signed in before is
# counted apart from it, so that nobody can lock somebody else out.
SIGN_IN_PER_ACCOUNT = 200
SIGN_IN_PER_ACCOUNT_AND_BROWSER = 10
BROWSER_KNOWN = timedelta(days=180)
SESSIONS_KEPT = timedelta(days=30)  # after their end, before `flask tidy` removes them
LOG_PAGE = 50  # lines
