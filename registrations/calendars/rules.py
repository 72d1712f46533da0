"""What is offered in one's own calendar, and which answers by mail count."""

import enum
from datetime import datetime, timedelta

BACK = timedelta(days=365)  # how far an own calendar looks back
MOST_BYTES = 256 * 1024  # of a mail that is kept
MOST_REPLIES = 20  # kept for one person at one event
MOST_IN_A_ROUND = 50  # mails read from the mailbox at a time


class Answer(enum.StrEnum):
    """What somebody answered to an invitation (RFC 5545, 3.2.12)."""

    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"


class Standing(enum.StrEnum):
    """Whether an answer counts, or why not."""

    COUNTS = "counts"
    STRANGER = "stranger"  # sent from another address than the one that was invited
    OUTRUN = "outrun"  # older than an answer that is there, or than what was last told


def standing(
    *,
    sender: str,
    attendee: str,
    invited: str,
    sequence: int,
    stamped: datetime,
    current: int,
    same_time: bool,
    last: tuple[int, datetime] | None,
) -> Standing:
    """How an answer with the right identity stands.

    It counts if it is sent from the address that was invited, is about the time as it is now and
    no later invitation than there is (`current` is its SEQUENCE), and is later than the last that
    counted (RFC 5546, 2.1.5).
    """
    if not sender or {sender.casefold(), attendee.casefold()} != {invited.casefold()}:
        return Standing.STRANGER
    if not same_time or sequence > current or (last and (sequence, stamped) <= last):
        return Standing.OUTRUN
    return Standing.COUNTS
