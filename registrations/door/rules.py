"""Pure decisions at the door."""

from events.rules import State
from registrations.rules import Status

OPEN = frozenset({State.PUBLISHED, State.HELD})
LET_IN = frozenset({Status.CONFIRMED, Status.WAITING, Status.PENDING})


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
