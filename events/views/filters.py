"""What the address of a list asks for. Nonsense is ignored: a list is shown all the same."""

import enum
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import request

from core.clock import now, to_instant, to_local
from core.reference import counties
from core.web import query_text
from events.finding import tags
from events.queries.lists import Wanted
from events.rules import Audience, Kind, Mode, Theme
from events.words import AUDIENCE, KIND, MODE, THEME

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
MODES = {"salen": Mode.ROOM, "natet": Mode.ONLINE}
FEED_BACK = timedelta(days=365)


@dataclass(frozen=True)
class Filter:
    """What was asked for, cleaned: codes that exist and days that are days."""

    county: str
    kind: str
    text: str
    first: date | None
    last: date | None
    theme: str = ""
    audience: str = ""
    mode: str = ""

    @property
    def narrows(self) -> bool:
        """Whether anything was asked for at all."""
        return bool(self.query())

    @property
    def free(self) -> bool:
        """Whether words or days were asked for, of which there is no end."""
        return bool(self.text or self.first or self.last)

    @property
    def more(self) -> bool:
        """Whether something was asked for that is not among the first filters."""
        return bool(self.theme or self.audience or self.mode)

    @property
    def since(self) -> datetime | None:
        """The beginning of the first day."""
        return _midnight(self.first) if self.first else None

    @property
    def until(self) -> datetime | None:
        """The end of the last day."""
        return _midnight(self.last + timedelta(days=1)) if self.last else None

    @property
    def tags(self) -> list[str]:
        """All of it but the words and the days, as the index knows it."""
        kind = KINDS.get(self.kind)
        return [
            *([tags.county_tag(self.county)] if self.county else []),
            *([tags.event_kind_tag(kind)] if kind else []),
            *([tags.theme_tag(Theme(self.theme))] if self.theme else []),
            *([tags.audience_tag(Audience(self.audience))] if self.audience else []),
            *([tags.mode_tag(MODES[self.mode])] if self.mode else []),
        ]

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
            since=self.since or (None if self.past else now()),
            until=self.until,
            latest_first=self.past,
            theme=self.theme,
            audience=self.audience,
            mode=MODES.get(self.mode),
        )

    def in_feed(self) -> Wanted:
        """For the calendar: the same, and where no first day is said a year back."""
        since = self.since or now() - FEED_BACK
        return replace(self.wanted(), since=since, latest_first=False)

    def query(self, **more: Any) -> dict[str, Any]:
        """The same filter as values for `url_for`."""
        values = {
            "lan": self.county, "typ": self.kind, "q": self.text, "fran": self.first,
            "till": self.last, "tema": self.theme, "grupp": self.audience, "plats": self.mode,
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
        theme=_one_of(Theme, "tema"),
        audience=_one_of(Audience, "grupp"),
        mode=mode if (mode := request.args.get("plats", "")) in MODES else "",
    )


def choices() -> dict[str, dict[str, str]]:
    """What there is to choose from: code and words by the name of the filter."""
    return {
        "counties": {county.code: county.name for county in counties().values()},
        "kinds": {name: str(KIND[kind]) for name, kind in KINDS.items()},
        "themes": {theme.value: str(words) for theme, words in THEME.items()},
        "audiences": {one.value: str(words) for one, words in AUDIENCE.items()},
        "modes": {name: str(MODE[mode]) for name, mode in MODES.items()},
    }


def _one_of(codes: type[enum.StrEnum], name: str) -> str:
    asked = request.args.get(name, "")
    return asked if asked in set(codes) else ""


def _day(name: str) -> date | None:
    try:
        found = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return found if date(1990, 1, 1) <= found <= date(2200, 1, 1) else None


def _midnight(day: date) -> datetime:
    return to_instant(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - local, as asked
