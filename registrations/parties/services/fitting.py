"""How many of a party there is room for, and the sentence where it is not enough."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from core.errors import Refusal
from core.reference import Sector
from events.models import Pool
from events.rules import Mode
from events.words import MODE
from registrations import seats

Person = dict[str, Any]


def refuse_too_many(
    session: Session, event_id: int, contact: dict[str, Any], people: Sequence[Person]
) -> None:
    """Raise `Refusal`, naming the limit and what is left, where seats do not suffice for all.

    Counts those too who are registered already: else the answer would tell that they are.
    """
    for mode, number in Counter(mode_of(session, event_id, one) for one in people).items():
        left = room(session, event_id, mode, contact["sector"]) if mode else None
        if mode and left is not None and number > left:
            raise _too_few(mode, left, number)
    left = room_of(session, event_id, contact["organisation"])
    if left is not None and len(people) > left:
        raise Refusal(
            ngettext(
                "%(name)s kan få %(num)s plats till, och ni är %(n)s. Ingen är anmäld.",
                "%(name)s kan få %(num)s platser till, och ni är %(n)s. Ingen är anmäld.",
                left, name=contact["organisation"], n=len(people),
            ),
            "how",
        )  # fmt: skip


def mode_of(session: Session, event_id: int, person: Person) -> Mode | None:
    """How a person takes part: as was said, or as is usual here."""
    if person.get("mode"):
        return Mode(person["mode"])
    return next((pool.mode for pool in seats.of_event(session, event_id) if pool.mode), None)


def room(session: Session, event_id: int, mode: Mode, sector: Sector) -> int | None:
    """Seats left for people of that mode and sector; None where there is no limit."""
    pools = seats.of_event(session, event_id)
    ids = seats.wanted(pools, mode=mode, sector=Sector(sector), items=())
    left = [pool.left for pool in pools if pool.id in ids and pool.left is not None]
    return min(left) if left else None


def room_of(session: Session, event_id: int, organisation: str) -> int | None:
    """Seats that an organisation may still take; None where there is no limit."""
    most = seats.most_per_organisation(session, event_id)
    key = seats.organisation_key(organisation)
    if most is None or not key:
        return None
    taken = session.scalar(
        sa.select(Pool.taken).where(Pool.event_id == event_id, Pool.organisation_key == key)
    )
    return max(0, most - (taken or 0))


def not_everybody(name: str) -> Refusal:
    """For a limit that was not seen until somebody met it."""
    return Refusal(
        _(
            "Det finns ingen plats för %(name)s och dem som står efter. Ingen är anmäld. Ta bort "
            "någon, eller välj att så många som får plats anmäls.",
            name=name,
        ),
        "how",
    )


def _too_few(mode: Mode, left: int, wanted: int) -> Refusal:
    there = ngettext(
        "Det finns %(num)s plats kvar %(how)s", "Det finns %(num)s platser kvar %(how)s",
        left, how=str(MODE[mode]).lower(),
    )  # fmt: skip
    rest = _(
        "och ni är %(n)s. Ingen är anmäld. Ta bort någon, eller välj att så många som får plats "
        "anmäls.",
        n=wanted,
    )
    return Refusal(f"{there} {rest}", "how")
