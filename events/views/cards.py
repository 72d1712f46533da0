"""An event in a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from core.clock import now, to_local
from core.reference import counties, municipality_name
from events.queries import pages
from events.rules import Mode, Registering, registering


@dataclass(frozen=True)
class Card:
    """An event in a list, and what is derived about it."""

    event: Any
    seats: Sequence[pages.Seats] = ()

    @property
    def day(self) -> int:
        """The day of the month it begins on."""
        return to_local(self.event.starts).day

    @property
    def county(self) -> str:
        """The county it is held in."""
        county = counties().get(self.event.county_code or "")
        return county.name if county else ""

    @property
    def where(self) -> str:
        """The town, and whether one can take part from elsewhere."""
        places = [municipality_name(self.event.municipality) or self.event.venue_name]
        if self.event.online or Mode.ONLINE in self.modes:
            places.append(_("på nätet"))
        return _(" och ").join(place for place in places if place)

    @property
    def modes(self) -> set[Mode]:
        """How one can take part."""
        return {one.mode for one in self.seats if one.mode}

    @property
    def full(self) -> bool:
        """Whether every mode is full."""
        return bool(self.seats) and all(one.left == 0 for one in self.seats)

    @property
    def standing(self) -> Registering:
        """Whether one can register now."""
        event = self.event
        return registering(
            state=event.state, opens=event.registration_opens, closes=event.registration_closes,
            ends=event.ends, paused=event.registration_paused, invited_only=event.invited_only,
            now=now(),
        )  # fmt: skip
