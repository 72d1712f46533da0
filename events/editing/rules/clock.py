"""Clock times as people write them: "09.30–10.00", "kl. 9:30 - 10", "0930-1000"."""

import re
from datetime import time
from typing import NamedTuple

_FIRST = r"(?:(?:ca\.?|cirka|från|kl\.?|klockan)\s*)*"
_BETWEEN = r"\s*(?:[-–—−]|\btill\b|\bto\b)\s*" + _FIRST
_HOUR = r"(?:[01]?[0-9]|2[0-3])"
_MINUTES = r"[0-5][0-9]"
_TIME = rf"(?:{_HOUR}[.:]{_MINUTES}(?:[.:]00)?|[01][0-9]{_MINUTES}|2[0-3]{_MINUTES}|{_HOUR})"
_WITH_MINUTES = rf"{_HOUR}[.:]{_MINUTES}(?:[.:]00)?"
_END = r"(?![0-9]|[.:][0-9])"
_SPAN = re.compile(rf"{_FIRST}({_TIME}){_BETWEEN}({_TIME}){_END}", re.IGNORECASE)
_ONE = re.compile(rf"{_FIRST}({_WITH_MINUTES}){_END}", re.IGNORECASE)
_SAID = re.compile(rf"(?:kl\.?|klockan)\s*({_TIME}){_END}", re.IGNORECASE)
_HALF = re.compile(r"\s*[-–—−]\s*[0-9]{1,2}[.:][0-9]{2}")  # an end that is no time
_LIKE = re.compile(r"(?:kl\.?\s*|klockan\s*)?[0-9]{1,2}[.:][0-9]{2}(?![0-9])", re.IGNORECASE)


class Times(NamedTuple):
    """Times at the beginning of a text, and what stands after them. `ends` None: not said."""

    starts: time
    ends: time | None
    rest: str


def at_the_front(text: str) -> Times | None:
    """The time or the span that `text` begins with, if it does."""
    text = text.strip()
    if match := _SPAN.match(text):
        first, last = _time(match[1]), _time(match[2])
        if not _years(match[1], match[2]):
            return Times(first, last, text[match.end() :])
    match = _ONE.match(text) or _SAID.match(text)
    if match and not _HALF.match(text, match.end()):
        return Times(_time(match[1]), None, text[match.end() :])
    return None


def looks_like_time(text: str) -> bool:
    """Whether `text` begins with what was meant as a time, though it may be none ("25.00")."""
    return bool(_LIKE.match(text.strip()))


def read_span(text: str) -> tuple[time, time] | None:
    """Both times of a cell that holds nothing else."""
    found = at_the_front(text)
    if found is None or found.ends is None or found.rest.strip():
        return None
    return found.starts, found.ends


def read_clock(text: str) -> time | None:
    """The time of a field that holds one and nothing else."""
    match = re.fullmatch(rf"{_FIRST}({_TIME})", text.strip(), re.IGNORECASE)
    return _time(match[1]) if match else None


def span_text(starts: time, ends: time) -> str:
    """E.g. "09.30–10.00"."""
    return f"{starts:%H.%M}–{ends:%H.%M}"


def _time(text: str) -> time:
    parts = re.split(r"[.:]", text)
    if len(parts) > 1:
        return time(int(parts[0]), int(parts[1]))
    return time(int(text[:-2]), int(text[-2:])) if len(text) > 2 else time(int(text))


def _years(first: str, last: str) -> bool:
    """Whether both are rather years, as in "2016–2018": no programme goes to 20.18."""
    return all(re.fullmatch(r"20[0-5][0-9]|19[0-5][0-9]", one) for one in (first, last)) and any(
        int(one) % 5 for one in (first, last)
    )
