"""What an organiser fills in about a series."""

import re
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts.models import Authority
from core.forms import Choice, Form, Line, Number, Prose, Radio, Version
from events.forms.fields import Clock, together
from events.series.models import EventSeries
from events.series.rules import MOST_AHEAD, MOST_WEEKS, SeriesKind
from events.series.words import RHYTHM, SERIES_KIND

FACTS = ("title", "text", "year")


class SeriesForm(Form):
    """What the series is called and is about."""

    version = Version()
    authority = Choice(_l("Myndighet"), required=_l("Välj vilken myndighet som arrangerar."))
    title = Line(_l("Namn"), required=_l("Skriv vad serien heter."), length=200)
    kind = Radio(_l("Vad är det?"), choices=[(k.value, w) for k, w in SERIES_KIND.items()],
                 required=_l("Välj vad det är."))  # fmt: skip
    year = Number(_l("År"), low=1990, high=2100, description=_l("Om serien hör till ett år."))
    text = Prose(_l("Om serien"), description=_l("Vad mötena ska leda till, och för vem de är."))

    def __init__(
        self, series: EventSeries | None = None, authorities: list[Authority] | None = None
    ) -> None:
        super().__init__(obj=series, data={"kind": SeriesKind.SERIES.value} if not series else None)
        self.authority.choices = [(one.slug, one.name) for one in authorities or ()]
        if series is not None or len(authorities or ()) == 1:
            del self.authority
        if series is None:
            del self.version

    def facts(self) -> dict[str, Any]:
        """What was decided."""
        return {name: self[name].data for name in FACTS} | {"kind": SeriesKind(self.kind.data)}


class JoinForm(Form):
    """One of the authority's events."""

    event = Choice(
        _l("Lägg in ett evenemang"), required=_l("Välj ett evenemang."), blank=_l("Välj")
    )

    def __init__(self, events: list[tuple[str, str]]) -> None:
        super().__init__()
        self.event.choices = events


class ForwardForm(Form):
    """The days of the next meetings: counted from the last, or written."""

    rhythm = Radio(_l("Vilka dagar?"), choices=[(k.value, w) for k, w in RHYTHM.items()])
    weeks = Number(_l("Veckor emellan"), low=1, high=MOST_WEEKS)
    number = Number(_l("Antal möten"), low=1, high=MOST_AHEAD)
    dates = Prose(
        _l("Dagar"), description=_l("En dag på varje rad, så här: 2027-03-04"),
        required=_l("Skriv från en till %(most)s dagar.", most=MOST_AHEAD),
    )  # fmt: skip
    begins = Clock(_l("Börjar kl."), required=_l("Skriv när det börjar."))

    starts: list[datetime]  # set where the form is good

    def days(self) -> list[date]:
        """The days that are written; what is no day is said at the field."""
        found = []
        for line in (self.dates.data or "").splitlines():
            if text := line.strip():
                try:
                    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
                        raise ValueError(text)
                    found.append(date.fromisoformat(text))
                except ValueError:
                    self.dates.errors = [
                        _("”%(text)s” är ingen dag. Skriv så här: 2027-03-04", text=text[:40])
                    ]
        return sorted(set(found))

    def validate(self, extra_validators: Any = None) -> bool:
        """The days must be days, and have that time."""
        fine = bool(super().validate(extra_validators))
        days = self.days() if fine else []
        if fine and not self.dates.errors and not 0 < len(days) <= MOST_AHEAD:
            self.dates.errors = [_("Skriv från en till %(most)s dagar.", most=MOST_AHEAD)]
        if fine and any(not 1990 <= day.year <= 2100 for day in days):
            self.dates.errors = [_("Skriv år mellan 1990 och 2100.")]
        if fine and not self.dates.errors:
            found = [together(day, self.begins) for day in days]
            self.starts = [one for one in found if one]
        return fine and not self.errors
