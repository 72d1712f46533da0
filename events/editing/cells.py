"""An item of the draft as the text in the cells of a row, and back."""

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from core.clock import NoSuchTime, to_instant
from core.errors import Refusal
from events.editing.rules import read_span, span_text
from events.models import ProgrammeItem
from events.rules import ItemKind
from events.times import wall


def cells_of(item: ProgrammeItem) -> dict[str, str]:
    """What a row shows of `item`."""
    starts, ends = wall(item.starts), wall(item.ends)
    return {
        "day": starts.date().isoformat(),
        "when": span_text(starts.time(), ends.time()),
        "title": item.title,
        "kind": item.kind.value,
        "room": item.room,
        "track": item.track,
        "group": item.group,
        "capacity": "" if item.capacity is None else str(item.capacity),
    }


def facts_of(cells: dict[str, str]) -> dict[str, Any]:
    """The facts of an item from the cells of a row. Raises `Refusal` for a time that is none."""
    day, times = date.fromisoformat(cells["day"]), read_span(cells["when"])
    if times is None:
        raise Refusal(_("Skriv när punkten börjar och slutar, till exempel 09.30–10.00."), "when")
    starts, ends = (instant(datetime.combine(day, clock), "when") for clock in times)
    return {
        "starts": starts,
        "ends": ends,
        "title": cells["title"],
        "kind": ItemKind(cells["kind"]),
        "room": cells["room"],
        "track": cells["track"],
        "group": cells["group"],
        "capacity": int(cells["capacity"]) if cells["capacity"] else None,
    }


def instant(local: datetime, field: str | None = None) -> datetime:
    """The instant of a time on the wall. Raises `Refusal` for one that the clocks skip."""
    try:
        return to_instant(local)
    except NoSuchTime:
        raise Refusal(
            _(
                "Klockan %(time)s finns inte den dagen: då ställs klockan fram en timme. "
                "Välj en tid före 02.00 eller från 03.00.",
                time=f"{local:%H.%M}",
            ),
            field,
        ) from None
