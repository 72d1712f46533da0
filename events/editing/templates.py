"""Ready programmes as text, to be changed before they are read: half a day, a day, two, a sakråd.

The texts are contents of the boards' events, in Swedish whatever language the page has.
"""

import enum
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from events.editing.rules import span_text
from events.times import wall

Line = tuple[int, int, str]  # minutes from the start of the day, length in minutes, title
OTHERS = ("Migrationsverket", "Arbetsförmedlingen")  # who is often there; changed in the text
STATUS = 10  # minutes for the status of each authority


class Template(enum.StrEnum):
    """Which ready programme."""

    MORNING = "halvdag"
    DAY = "heldag"
    TWO_DAYS = "tva-dagar"
    COUNCIL = "sakrad"


_FIRST_DAY: tuple[Line, ...] = (
    (-30, 30, "Registrering och kaffe"),
    (0, 15, "Välkommen"),
    (15, 45, "Lägesbild"),
    (60, 20, "Fika"),
    (80, 70, "Lokala exempel"),
    (150, 60, "Lunch"),
    (210, 60, "Spår 1: Seminarium"),
    (210, 60, "Spår 2: Seminarium"),
    (270, 30, "Fika"),
    (300, 60, "Panelsamtal"),
    (360, 30, "Sammanfattning och avslutning"),
)
TEMPLATES: dict[Template, tuple[tuple[Line, ...], ...]] = {
    Template.MORNING: (
        (
            (-30, 30, "Registrering och kaffe"),
            (0, 15, "Välkommen"),
            (15, 45, "Lägesbild"),
            (60, 20, "Paus"),
            (80, 60, "Samtal i grupper"),
            (140, 25, "Sammanfattning och avslutning"),
        ),
    ),
    Template.DAY: (_FIRST_DAY,),
    Template.TWO_DAYS: (
        (*_FIRST_DAY[:-1], (360, 15, "Summering av dagen"), (510, 120, "Gemensam middag")),
        (
            (-30, 30, "Morgonkaffe"),
            (0, 60, "Lokala exempel"),
            (60, 20, "Fika"),
            (80, 70, "Samtal i grupper"),
            (150, 60, "Lunch"),
            (210, 60, "Panelsamtal"),
            (270, 30, "Sammanfattning och avslutning"),
        ),
    ),
    Template.COUNCIL: (),
}


def text_of(days: tuple[tuple[Line, ...], ...], event: Any, authorities: Sequence[str]) -> str:
    """The programme as text for `event`, on its first days from the time it begins.

    Without days: a sakråd, in which each of `authorities` and a few usual ones tell how things
    stand, and then all organisations speak in turn.
    """
    days = days or (_council([*authorities, *OTHERS]),)
    starts = wall(event.starts)
    lines = []
    for number, day in enumerate(days):
        if len(days) > 1:
            lines.append(f"Dag {number + 1}")
        for offset, length, title in day:
            begins = starts + timedelta(minutes=offset)
            ends = begins + timedelta(minutes=length)
            if begins.date() == ends.date() == starts.date():
                lines.append(f"{span_text(begins.time(), ends.time())} {title}")
    return "\n".join(lines)


def _council(authorities: Sequence[str]) -> tuple[Line, ...]:
    lines: list[Line] = [(0, 15, "Välkommen och presentationsrunda")]
    at = 15
    for name in authorities:
        lines.append((at, STATUS, f"Lägesbild från {name}"))
        at += STATUS
    lines += [
        (at, 60, "Runda: organisationernas synpunkter och medskick till myndigheterna"),
        (at + 60, 15, "Paus"),
        (at + 75, 30, "Diskussion"),
        (at + 105, 20, "Sammanfattning och fortsatt arbete"),
    ]
    return tuple(lines)
