"""When a letter about what is new goes, and what in it somebody needs to know. Pure."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from events.rules import Mode, State
from registrations.rules import Status

QUIET = timedelta(minutes=1)  # since the last change
CALLED_OFF = frozenset({State.CANCELLED, State.POSTPONED})
IN_PLACE = frozenset({"venue_name", "venue_address", "municipality"})
NEVER = 0  # the number of the release of somebody who has seen none

Known = Mapping[str, Any]  # facts of the event as somebody knows them; None: not what they were


def union(older: Known, were: Known) -> dict[str, Any]:
    """What somebody knows who has not been told yet of `older`, when `were` are the facts changed.

    The oldest counts: what changes to and fro between two letters has not changed for them.
    """
    return {**were, **older}


def still_new(known: Known, current: Known) -> dict[str, Any]:
    """Those facts that are other than somebody knows them."""
    return {name: was for name, was in known.items() if was is None or was != current.get(name)}


def worth_telling(names: Collection[str], mode: Mode, status: Status) -> bool:
    """Whether a change of these facts concerns somebody who takes part like this."""
    names = set(names)
    if names == {"online_url"}:
        return mode is Mode.ONLINE and status is Status.CONFIRMED
    if mode is Mode.ONLINE:
        return not names <= IN_PLACE
    return bool(names)


def known_release(releases: Collection[tuple[int, datetime]], since: datetime) -> int:
    """The release that somebody has seen who read the page, or a letter, at `since`.

    Who was entered before there was any is told of what has changed since the first.
    """
    first = min((number for number, _at in releases), default=NEVER)
    return max((number for number, at in releases if at <= since), default=first)
