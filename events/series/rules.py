"""Which days the next meetings fall on, and which of them are odd."""

import calendar
import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

MOST_AHEAD = 12  # meetings made at once
MOST_WEEKS = 26  # between two of them


class SeriesKind(enum.StrEnum):
    """What ties the meetings together."""

    SERIES = "series"
    CYCLE = "cycle"


class Rhythm(enum.StrEnum):
    """How the days of the next meetings are found."""

    WEEKS = "weeks"
    MONTHLY = "monthly"
    DATES = "dates"


class Oddity(enum.StrEnum):
    """Why a day may be the wrong one."""

    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    PAST = "past"
    TAKEN = "taken"


@dataclass(frozen=True)
class Proposed:
    """A day for a meeting, and what is odd about it."""

    day: date
    odd: tuple[Oddity, ...]


def every_weeks(last: date, weeks: int, number: int) -> list[date]:
    """So many days after `last`, with so many weeks between."""
    return [last + timedelta(weeks=weeks * n) for n in range(1, number + 1)]


def monthly(last: date, number: int) -> list[date]:
    """The same weekday of the following months: the second Tuesday, say; the fifth is the last."""
    which = (last.day - 1) // 7
    found = []
    for n in range(1, number + 1):
        year, month = last.year + (last.month - 1 + n) // 12, (last.month - 1 + n) % 12 + 1
        first = date(year, month, 1)
        day = 1 + (last.weekday() - first.weekday()) % 7 + 7 * which
        while day > calendar.monthrange(year, month)[1]:
            day -= 7
        found.append(date(year, month, day))
    return found


def proposed(days: Sequence[date], *, taken: set[date], today: date) -> list[Proposed]:
    """The days in their order, each once, with what is odd about them."""
    return [Proposed(day, tuple(_odd(day, taken, today))) for day in sorted(set(days))]


def _odd(day: date, taken: set[date], today: date) -> Iterator[Oddity]:
    if day < today:
        yield Oddity.PAST
    if day in taken:
        yield Oddity.TAKEN
    if day in holidays(day.year):
        yield Oddity.HOLIDAY
    elif day.weekday() > 4:
        yield Oddity.WEEKEND


def holidays(year: int) -> set[date]:
    """Red days (lag 1989:253) that may fall on a weekday, and the eves when nobody works."""
    easter = _easter(year)
    midsummer_eve = next(
        date(year, 6, day) for day in range(19, 26) if date(year, 6, day).weekday() == 4
    )
    fixed = ((1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31))
    moving = (-2, 0, 1, 39, 49)
    return (
        {date(year, month, day) for month, day in fixed}
        | {easter + timedelta(days=days) for days in moving}
        | {midsummer_eve}
    )


def _easter(year: int) -> date:
    """Easter Sunday (the Gregorian rule, as Meeus has it)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)
