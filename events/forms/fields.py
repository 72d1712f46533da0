"""Fields and lists that several forms use."""

import re
from datetime import date, datetime, time
from typing import Any

import wtforms
from flask_babel import gettext as _

from core.forms import Required, parse_moment, sent_text
from core.reference import municipalities
from core.text import clean_line, swedish_order


class Clock(wtforms.Field):
    """A time of the day on the wall, e.g. 09:30 or 9.30; as data a `time` or None."""

    widget = wtforms.widgets.TimeInput()

    def __init__(self, label: Any = None, required: Any = None, **kwargs: Any) -> None:
        super().__init__(label, [Required(required)] if required else [], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read hours and minutes."""
        text = clean_line(sent_text(valuelist))
        self.raw_data = [text]
        self.data = None
        if not text:
            return
        match = re.fullmatch(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])(:00)?", text)
        if not match:
            raise ValueError(_("Skriv klockslaget så här: 09.30"))
        self.data = time(int(match[1]), int(match[2]))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:%H:%M}" if self.data else ""


def together(day: date | None, clock: Clock) -> datetime | None:
    """The instant of that day and clock; an impossible one is said at the clock's field."""
    if day is None or clock.data is None:
        return None
    try:
        return parse_moment(f"{day.isoformat()} {clock.data:%H:%M}")
    except ValueError as error:
        clock.errors = [*clock.errors, str(error)]
        return None


def municipality_choices() -> list[tuple[str, str]]:
    """The 290 municipalities in Swedish order."""
    places = sorted(municipalities().values(), key=lambda place: swedish_order(place.name))
    return [(place.code, place.name) for place in places]
