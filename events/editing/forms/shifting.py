"""All after a time, so many minutes later or earlier."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

import wtforms
from flask_babel import lazy_gettext as _l

from core.forms import Choice, Form, Line, Number, Radio
from core.i18n import day as day_words
from events.forms.fields import Clock

MINUTES = 12 * 60  # the longest shift


class ShiftForm(Form):
    """Move all after a time; `seen` is the programme that the preview was made of."""

    day = Choice(_l("Dag"))
    since = Clock(
        _l("Allt som börjar från och med kl."),
        required=_l("Skriv klockslaget, till exempel 10.45."),
    )
    minutes = Number(
        _l("Minuter"), low=1, high=MINUTES, required=_l("Skriv antalet minuter, till exempel 15.")
    )
    direction = Radio(
        _l("Åt vilket håll?"), choices=[("later", _l("Senare")), ("earlier", _l("Tidigare"))]
    )
    seen = wtforms.HiddenField()
    do = Line(length=20)

    def __init__(self, days: Sequence[date], data: dict[str, Any]) -> None:
        super().__init__(data=data)
        self.day.choices = [(one.isoformat(), day_words(one)) for one in days]
        if len(days) == 1 or not self.day.data:
            self.day.data = self.day.data or days[0].isoformat()

    def at(self) -> datetime:
        """From when, on the wall."""
        return datetime.combine(date.fromisoformat(self.day.data), self.since.data or time())

    def by(self) -> int:
        """How many minutes later; fewer than none is earlier."""
        minutes = self.minutes.data or 0
        return -minutes if self.direction.data == "earlier" else minutes
