"""Fields of numbers, days and times."""

import re
from datetime import date, datetime
from typing import Any

import wtforms
from flask_babel import gettext as _

from core.clock import NoSuchTime, to_instant, to_local
from core.forms.checks import Required
from core.forms.texts import sent_text
from core.text import clean_line


class Number(wtforms.IntegerField):
    """A whole number from `low` to `high`; empty is None."""

    def __init__(
        self, label: Any = None, low: int = 0, high: int = 100_000, required: Any = None, **kw: Any
    ) -> None:
        super().__init__(label, [Required(required)] if required is not None else [], **kw)
        self.low, self.high = low, high

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read ASCII digits only."""
        text = clean_line(sent_text(valuelist))
        self.data = None
        if not text:
            return
        if not re.fullmatch(r"-?[0-9]{1,9}", text) or not self.low <= int(text) <= self.high:
            raise ValueError(
                _("Skriv ett heltal från %(low)s till %(high)s.", low=self.low, high=self.high)
            )
        self.data = int(text)


class Version(wtforms.HiddenField):
    """The version of a row that the form was filled in from; 0, which no row has, if unreadable."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read ASCII digits."""
        text = sent_text(valuelist)
        self.data = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0


class Day(wtforms.DateField):
    """A date, e.g. 2027-03-04; empty is None."""

    def __init__(self, label: Any = None, required: Any = None, **kwargs: Any) -> None:
        super().__init__(label, [Required(required)] if required is not None else [], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read ISO dates only."""
        text = clean_line(sent_text(valuelist))
        self.data = None
        if not text:
            return
        try:
            value = date.fromisoformat(text)
            if not 1990 <= value.year <= 2100 or len(text) != 10:
                raise ValueError(text)
        except ValueError:
            raise ValueError(_("Skriv datumet så här: 2027-03-04")) from None
        self.data = value


class Moment(wtforms.DateTimeLocalField):
    """A local time in Stockholm, e.g. 2027-03-04T09:30; as data a UTC instant or None."""

    def __init__(self, label: Any = None, required: Any = None, **kwargs: Any) -> None:
        super().__init__(label, [Required(required)] if required is not None else [], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read a local time; refuse one that the clocks skip."""
        text = clean_line(sent_text(valuelist))
        self.raw_data = [text]
        self.data = None
        if not text:
            return
        self.data = parse_moment(text)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{to_local(self.data):%Y-%m-%dT%H:%M}" if self.data else ""


def parse_moment(text: str) -> datetime:
    """The instant of a local time like "2027-03-04 09:30" or "2027-03-04T09.30".

    Raises ValueError with a sentence where it cannot be read or does not exist.
    """
    match = re.fullmatch(
        r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2})[:.]([0-9]{2})(:00)?", text
    )
    try:
        if not match:
            raise ValueError(text)
        local = datetime(*(int(part) for part in match.groups()[:5]))  # type: ignore[arg-type] # noqa: DTZ001
        if not 1990 <= local.year <= 2100:
            raise ValueError(text)
    except ValueError:
        raise ValueError(_("Skriv dag och tid så här: 2027-03-04 09:30")) from None
    try:
        return to_instant(local)
    except NoSuchTime:
        raise ValueError(
            _(
                "Klockan %(time)s finns inte den dagen: då ställs klockan fram en timme. "
                "Välj en tid före 02.00 eller från 03.00.",
                time=f"{local:%H.%M}",
            )
        ) from None
