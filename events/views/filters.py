"""What the address of a list asks for. Nonsense is ignored: a list is shown all the same."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import request

from core.clock import now, to_instant, to_local
from core.reference import counties
from core.web import query_text
from events.queries.public import Wanted
from events.rules import Kind

KINDS = {
    "regional-konferens": Kind.REGIONAL_CONFERENCE,
    "inspirationskonferens": Kind.INSPIRATION_CONFERENCE,
    "nationell-samling": Kind.NATIONAL_SUMMIT,
    "sakrad": Kind.ISSUE_COUNCIL,
    "hognivamote": Kind.HIGH_LEVEL_MEETING,
    "dialogmote": Kind.DIALOGUE_MEETING,
    "samrad": Kind.CONSULTATION,
    "utbildning": Kind.TRAINING,
    "webbinarium": Kind.WEBINAR,
    "natverkstraff": Kind.NETWORK_MEETING,
}
FEED_BACK = timedelta(days=365)


@dataclass(frozen=True)
class Filter:
    """What was asked for, cleaned: codes that exist and days that are days."""

    county: str
    kind: str
    text: str
    first: date | None
    last: date | None

    @property
    def narrows(self) -> bool:
        """Whether anything was asked for at all."""
        return bool(self.county or self.kind or self.text or self.first or self.last)

    @property
    def past(self) -> bool:
        """Whether the list is one of what has been."""
        return self.first is None and self.last is not None and self.last < to_local(now()).date()

    def wanted(self) -> Wanted:
        """For the list: what is coming, or between the days; what has been, the latest first."""
        return Wanted(
            county=self.county,
            kind=KINDS.get(self.kind),
            text=self.text,
            since=_midnight(self.first) if self.first else (None if self.past else now()),
            until=_midnight(self.last + timedelta(days=1)) if self.last else None,
            latest_first=self.past,
        )

    def in_feed(self) -> Wanted:
        """For the calendar: the same, and where no first day is said a year back."""
        since = _midnight(self.first) if self.first else now() - FEED_BACK
        listed = self.wanted()
        return Wanted(listed.county, listed.kind, listed.text, since, listed.until)

    def query(self, **more: Any) -> dict[str, Any]:
        """The same filter as values for `url_for`."""
        values = {
            "lan": self.county, "typ": self.kind, "q": self.text, "fran": self.first,
            "till": self.last,
        } | more  # fmt: skip
        return {name: value for name, value in values.items() if value}


def asked_for() -> Filter:
    """The filter in the address of this request."""
    county = request.args.get("lan", "")
    kind = request.args.get("typ", "")
    kind = {found.value: name for name, found in KINDS.items()}.get(kind, kind)
    return Filter(
        county=county if county in counties() else "",
        kind=kind if kind in KINDS else "",
        text=query_text("q"),
        first=_day("fran"),
        last=_day("till"),
    )


def _day(name: str) -> date | None:
    try:
        found = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return found if date(1990, 1, 1) <= found <= date(2200, 1, 1) else None


def _midnight(day: date) -> datetime:
    return to_instant(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - local, as asked
