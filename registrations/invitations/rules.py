"""Pure decisions about invitations: who may answer, when to remind, what the public is told."""

import enum
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from events.rules import State
from registrations.rules import Answer

MOST_INVITED = 300  # organisations at one event
MOST_SEATS = 50  # for one organisation; the database says so too
REMIND_AFTER = timedelta(hours=24)
ONE_SIDED = 0.7  # a share of one sector or county from which the selection is questioned
FEW = 4  # below this many invited no share says anything


class Status(enum.StrEnum):
    """Where a sakråd stands, as the public register says it."""

    COMING = "coming"
    HELD = "held"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"


def status(*, state: State, ends: datetime, now: datetime) -> Status:
    """Where a public sakråd stands at `now`."""
    if state is State.CANCELLED:
        return Status.CANCELLED
    if state is State.POSTPONED:
        return Status.POSTPONED
    if state in {State.HELD, State.CLOSED} or ends <= now:
        return Status.HELD
    return Status.COMING


def answer_by(*, closes: datetime | None, starts: datetime) -> datetime:
    """The instant from which an invitation can no longer be answered."""
    return min(closes, starts) if closes else starts


def may_answer(*, state: State, closes: datetime | None, starts: datetime, now: datetime) -> bool:
    """Whether an invited organisation may answer, or change its answer, at `now`."""
    return state is State.PUBLISHED and now < answer_by(closes=closes, starts=starts)


def may_remind(
    answer: Answer, *, sent: datetime | None, reminded: datetime | None, now: datetime
) -> bool:
    """Whether a reminder may go out: no answer yet, and a day since the last letter."""
    last = reminded or sent
    return answer is Answer.SENT and last is not None and now - last >= REMIND_AFTER


def lopsided(values: Sequence[str]) -> str | None:
    """The value that most of `values` share, where it is so common that one should ask why."""
    if len(values) < FEW:
        return None
    value, number = Counter(values).most_common(1)[0]
    return value if number / len(values) >= ONE_SIDED else None


def counted(values: Iterable[str]) -> list[tuple[str, int]]:
    """How often each value occurs, the most common first."""
    return sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0]))


@dataclass(frozen=True)
class Invited:
    """What everybody may know about an organisation at a sakråd (D-05). Never a person.

    `answer` is never a draft; `came` is None until the meeting has begun, then whether at least
    one representative was ticked in.
    """

    slug: str
    organisation: str
    sector: str
    municipality: str
    county: str
    criterion: str
    reason: str
    seats: int
    answer: Answer
    came: bool | None
