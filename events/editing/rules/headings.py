"""Headings of days in pasted text, and the words that tell what an item is."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from events.rules import ItemKind

_WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_WEEKDAY = rf"(?P<weekday>{'|'.join(_WEEKDAYS)})(?:en)?"
_NAMED = (
    rf"(?:den\s+)?(?P<day>[0-9]{{1,2}})(?::?[ea])?\s+(?P<month>{'|'.join(_MONTHS)})[a-zåäö]*\.?"
    r"(?:\s+(?P<year>[0-9]{4}))?"
)
_SLASH = r"(?P<d>[0-9]{1,2})/(?P<m>[0-9]{1,2})(?:[- ](?P<y>[0-9]{4}))?"
_ISO = r"(?P<iso>[0-9]{4}-[0-9]{2}-[0-9]{2})"
_NUMBER = r"dag\s+(?P<number>[0-9]{1,2}|ett|två|tre|fyra|fem)"
_DATE = rf"(?:{_ISO}|{_NAMED}|{_SLASH})"
_SEPARATOR = r"[\s,:()–—-]*"
_DAY = re.compile(
    rf"(?:program(?:met)?\s+)?(?:{_NUMBER}\b{_SEPARATOR})?"
    rf"(?:{_WEEKDAY}\b{_SEPARATOR})?(?:{_DATE}\b)?(?P<rest>.*)",
    re.IGNORECASE,
)
_NUMBERS = {"ett": 1, "två": 2, "tre": 3, "fyra": 4, "fem": 5}
_ORNAMENT = re.compile(
    r"(?:program(?:met)?|dagordning|agenda|förmiddag(?:en)?|eftermiddag(?:en)?|kväll(?:en)?"
    r"|tid|(?:preliminärt )?program\b.{0,60})\W*",
    re.IGNORECASE,
)
PARALLEL = re.compile(r"parallell|valbar|seminariepass|välj (?:ett|en|mellan)", re.IGNORECASE)

# The first that is found decides.
_KINDS = (
    (ItemKind.REGISTRATION, r"registrering|incheckning|insläpp|inregistrering|drop.?in"),
    (ItemKind.LUNCH, r"lunch|(?<!efter)(?<!för)middag|buffé"),
    (ItemKind.WELCOME, r"välkom|invigning|hälsningsanförande|^inledning"),
    (ItemKind.CLOSING, r"avslut|summering|sammanfattning|nästa steg|tack för (?:idag|i dag)"),
    (ItemKind.COFFEE, r"fika|kaffe|mingel|frukost"),
    (ItemKind.PANEL, r"panel"),
    (ItemKind.SEMINAR, r"seminari|workshop|^spår\b|parallell"),
    (ItemKind.GROUP_WORK, r"grupparbete|gruppdialog|gruppsamtal|bordssamtal|i grupper"),
    (ItemKind.Q_AND_A, r"frågestund|frågor och svar|frågor från|era frågor|öppna frågor"),
    (ItemKind.STATUS_REPORT, r"lägesbild|lägesrapport|lägesgenomgång"),
    (ItemKind.ROUND, r"\brunda\b|presentationsrunda|laget runt"),
    (ItemKind.DISCUSSION, r"diskussion|samtal\b|dialog\b"),
    (ItemKind.LOCAL_EXAMPLE, r"exempel"),
    (ItemKind.BREAK, r"\bpaus|bensträckare|rast\b"),
)  # fmt: skip


def day_of(line: str, days: Sequence[date]) -> date | None:
    """The day that a line is the heading of, if it is one. `days` are those of the event."""
    match = _DAY.fullmatch(line.strip(" \t#*_=–—-:"))
    if not match or len(match["rest"]) > 40:
        return None
    found = match.groupdict()
    if found["iso"] or found["day"] or found["d"]:
        return _date(found, days)
    if found["number"]:
        text = found["number"].lower()
        return days[0] + timedelta(days=(_NUMBERS.get(text) or int(text)) - 1)
    if found["weekday"] and not re.match(r"\s*\w", match["rest"]):
        wanted = _WEEKDAYS.index(found["weekday"].lower())
        days_on = (wanted - days[0].weekday()) % 7  # outside the event too, so that it is seen
        known = next((day for day in days if day.weekday() == wanted), None)
        return known or days[0] + timedelta(days=days_on)
    return None


def is_ornament(line: str) -> bool:
    """Whether a line only says that here is a programme, or which half of the day it is."""
    return bool(_ORNAMENT.fullmatch(line.strip(" \t#*_=–—-:")))


def kind_of(title: str) -> ItemKind:
    """What an item with that title most likely is."""
    for kind, words in _KINDS:
        if re.search(words, title, re.IGNORECASE):
            return kind
    return ItemKind.TALK


def _date(found: dict[str, str | None], days: Sequence[date]) -> date | None:
    try:
        if found["iso"]:
            return date.fromisoformat(found["iso"])
        day = int(found["day"] or found["d"] or 0)
        month = (
            _MONTHS.index(found["month"].lower()[:3]) + 1
            if found["month"]
            else int(found["m"] or 0)
        )
        year = found["year"] or found["y"]
        if year:
            return date(int(year), month, day)
        known = next((one for one in days if (one.month, one.day) == (month, day)), None)
        return known or date(days[0].year, month, day)
    except ValueError:
        return None
