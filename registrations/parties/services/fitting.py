"""How many of a party there is room for, and the sentence where it is not enough."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from core.errors import Refusal
from events.rules import Mode
from events.words import MODE
from registrations.services.room import mode_of, room, room_of

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
