"""Pure decisions at the door."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from events.rules import State
from registrations.rules import ACTIVE, Status, Tick

OPEN = frozenset({State.PUBLISHED, State.HELD})
CORRECTED = OPEN | {State.CLOSED}  # what came out afterwards is put right also when all is done
LET_IN = ACTIVE
OLDEST_PRESS = timedelta(hours=12)  # a press that waited longer for the net is given that time
SHORT_BREAK = timedelta(minutes=2)  # "has left" pressed by mistake is no absence
LATE = timedelta(hours=1)  # after the start: came to a part of the day
EARLY = timedelta(minutes=30)  # before the end: left when a part of the day remained


@dataclass(frozen=True)
class Stay:
    """From when to when somebody was there; `left` is None where nobody saw them go."""

    came: datetime
    left: datetime | None = None


def is_open(state: State) -> bool:
    """Whether people can be ticked in at an event of that state."""
    return state in OPEN


def may_come_in(status: Status) -> bool:
    """Whether somebody of that status can be ticked in.

    Also somebody on the waiting list: whoever stands at the door sees whether there is a chair.
    The tick says that the person came; it gives no seat and takes none.
    """
    return status in LET_IN


def asks_for_protected(text: str) -> bool:
    """Whether a search at the door is for "Skyddad deltagare 17", or for just the number."""
    words = text.casefold().split()
    return bool(words) and (words[0][:5] in {"skydd", "prote"} or words[-1].isdecimal())


def pressed_at(now: datetime, waited: timedelta) -> datetime:
    """When a button was pressed whose line waited so long for the net.

    The telephone tells how long, not what its own clock says: that one may be wrong.
    """
    return now - min(max(waited, timedelta(0)), OLDEST_PRESS)


def stays(lines: Iterable[tuple[Tick, datetime]]) -> list[Stay]:
    """When somebody was there, by the lines about them in the order they were written."""
    found: list[Stay] = []
    for tick, at in lines:
        if tick is Tick.UNDO:
            found = []
        elif tick is Tick.OUT and found:
            found[-1] = Stay(found[-1].came, at)
        elif tick is Tick.IN and (not found or found[-1].left):
            if found and at - (found[-1].left or at) <= SHORT_BREAK:
                found[-1] = Stay(found[-1].came)
            else:
                found.append(Stay(at))
    return found


def in_part(found: list[Stay], starts: datetime, ends: datetime) -> bool:
    """Whether somebody who came was there for a part of the time only, as far as the door saw."""
    if not found:
        return False
    last = found[-1].left
    left_early = last is not None and last < ends - EARLY
    return found[0].came > starts + LATE or left_early or len(found) > 1
