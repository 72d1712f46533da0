"""Whether a form looks sent by a program. Nobody is refused for it: who does, confirms by mail."""

import enum
import hashlib
from datetime import datetime, timedelta

OLDEST = timedelta(hours=24)  # a form that has been open for longer is read through once more
HELD = timedelta(minutes=30)  # a seat, for whoever is to confirm by mail
LATE = timedelta(hours=24)  # so much longer the registration can be confirmed, without that seat
ASKED_WITHIN = timedelta(hours=9)  # the letter that asks may be put off; longer holds no seat
BITS = 16  # of work: 65,000 digests, a fraction of a second on a telephone
LINK_LATER = timedelta(minutes=10)  # so much later a link goes that a program may have asked for
NONCE = 10  # digits, at most
# Registrations a minute to one event: two hundred colleagues behind one address are no rush, and
# half of a national round of 2,200 may come in the minute in which it opens.
FEWEST, MOST = 300, 1200
SETTLES = timedelta(minutes=2)  # after the last such minute


class Verdict(enum.Enum):
    """What is done with a form that was sent."""

    TAKE = "take"
    CONFIRM = "confirm"
    WORK = "work"
    AGAIN = "again"


def judge(
    *,
    age: timedelta | None,
    least: timedelta,
    trapped: bool,
    rush: bool,
    asked: bool,
    worked: bool,
) -> Verdict:
    """What to do with a form that was opened `age` ago; None where nothing proves when.

    `trapped`: the field that is to be left empty was not. `asked`: the browser was asked to work
    when the page was shown; `worked`: it has.
    """
    if age is not None and age > OLDEST:
        return Verdict.AGAIN
    if trapped or (age is not None and age < least):
        return Verdict.CONFIRM
    if not rush or worked:
        return Verdict.TAKE
    return Verdict.WORK if age is not None and not asked else Verdict.CONFIRM


def rush_limit(capacity: int | None) -> int:
    """How many registrations a minute are no rush, at an event of that many seats."""
    return MOST if capacity is None else max(FEWEST, min(MOST, 2 * capacity))


def has_worked(challenge: str, nonce: str) -> bool:
    """Whether the digest of the challenge and `nonce` begins with `BITS` zeros."""
    if not (nonce.isascii() and nonce.isdecimal() and len(nonce) <= NONCE):
        return False
    digest = hashlib.sha256(f"{challenge}:{nonce}".encode()).digest()
    return int.from_bytes(digest[:4]) >> (32 - BITS) == 0


def held_until(*, now: datetime, starts: datetime) -> datetime:
    """Until when a seat waits for the confirmation: never past the start."""
    return min(now + HELD, starts)
