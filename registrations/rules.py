"""Pure decisions about who is asked and who comes."""

import enum
from datetime import timedelta


class Status(enum.StrEnum):
    """Where a registration stands."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    PENDING = "pending"
    DECLINED = "declined"
    CANCELLED = "cancelled"


ACTIVE = frozenset({Status.CONFIRMED, Status.WAITING, Status.PENDING})


class RoleKind(enum.StrEnum):
    """In which role a person comes."""

    OFFICIAL = "official"
    ELECTED = "elected"
    OTHER = "other"


class Source(enum.StrEnum):
    """How a registration came in."""

    WEB = "web"
    STAFF = "staff"
    INVITATION = "invitation"
    IMPORT = "import"


class Answer(enum.StrEnum):
    """Where an invitation stands."""

    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Tick(enum.StrEnum):
    """A line of the check-in log."""

    IN = "in"
    UNDO = "undo"


LINK_LIFE = timedelta(minutes=30)
NEEDS_LIFE = timedelta(days=14)  # after the event, at most
MAIL_PER_HOUR = 3
MAIL_PER_DAY = 10
