"""Pure decisions about who is asked and who comes."""

import enum
from datetime import datetime, timedelta

from events.rules import Registering


class Status(enum.StrEnum):
    """Where a registration stands."""

    CONFIRMED = "confirmed"
    OFFERED = "offered"
    UNPROVEN = "unproven"
    WAITING = "waiting"
    PENDING = "pending"
    DECLINED = "declined"
    CANCELLED = "cancelled"


SEATED = frozenset({Status.CONFIRMED, Status.OFFERED, Status.UNPROVEN})  # who holds seats
ACTIVE = SEATED | {Status.WAITING, Status.PENDING}
# Whoever came all the same came without a seat: at the door the queue says nothing any more.
SEATLESS = frozenset({Status.WAITING, Status.PENDING})
# Who may still have to confirm by mail: with a seat that is held, or (until a time) without.
UNPROVEN = frozenset({Status.UNPROVEN, Status.WAITING, Status.PENDING})


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
    GROUP = "group"
    TRANSFER = "transfer"


class Answer(enum.StrEnum):
    """Where an invitation stands."""

    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Tick(enum.StrEnum):
    """A line of the check-in log: is here, has left, was never here (the ticks before are void)."""

    IN = "in"
    OUT = "out"
    UNDO = "undo"


class DataKind(enum.StrEnum):
    """What can be erased by a disposal decision."""

    NEEDS = "needs"
    WAITING_LIST = "waiting_list"
    CONTACT = "contact"
    ANSWERS = "answers"
    SPEAKER_NEEDS = "speaker_needs"
    SPEAKER_CONTACT = "speaker_contact"


NEEDS_LIFE = timedelta(days=14)  # after the event, at most
# Letters to one address that somebody unknown can have us send, over all authorities (case C8).
MAIL_PER_HOUR = 3
MAIL_PER_DAY = 10
REPEAT_AFTER = timedelta(hours=1)  # at the earliest, a letter that says nothing new


def first_status(source: Source, *, approval: bool) -> Status:
    """What somebody new asks for: a place, or first the organiser's yes."""
    return Status.PENDING if approval and source in OPEN_FORMS else Status.CONFIRMED


def seated(status: Status) -> bool:
    """Whether a person of that status holds seats."""
    return status in SEATED


def offered_until(*, now: datetime, hours: int, starts: datetime) -> datetime:
    """Until when a free place is held for the one it is offered to: never past the start."""
    return min(now + timedelta(hours=hours), starts)


LETS_IN = {
    Source.WEB: frozenset({Registering.OPEN}),
    Source.GROUP: frozenset({Registering.OPEN}),
    # An invitation opens when it is sent, whatever day the form on the web opens.
    Source.INVITATION: frozenset({Registering.OPEN, Registering.INVITED_ONLY, Registering.NOT_YET}),
}


# Where anybody may write anybody's address.
ADDRESS_UNPROVEN = frozenset({Source.WEB, Source.GROUP, Source.INVITATION})
OPEN_FORMS = frozenset({Source.WEB, Source.GROUP})


def lets_in(source: Source, stands: Registering) -> bool:
    """Whether a registration from `source` is taken as registration stands.

    Those who work here enter people at any time: by telephone, and afterwards. A place that
    goes over to a colleague is taken already.
    """
    return stands in LETS_IN[source] if source in LETS_IN else True
