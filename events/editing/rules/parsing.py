"""A programme read from text that was copied out of a mail, an invitation or a table.

Nothing is thrown away in silence: a line is an item, belongs to one, is a heading, or is a problem
with the number of its line.
"""

import enum
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice

from events.editing.rules.clock import at_the_front, looks_like_time
from events.editing.rules.grouping import Read, grouped
from events.editing.rules.headings import PARALLEL, day_of, is_ornament, kind_of
from events.editing.rules.people import ReadPerson, people
from events.rules import PAUSES, ItemKind

TITLE, ROOM, TRACK, TEXT = 200, 100, 60, 2000  # characters
MOST = 200  # items
LOOKED_AT, DASHES = 1000, 10  # characters of a line, and dashes in it, after which people may stand
USUAL = timedelta(minutes=30)  # the length of a last item that does not tell when it ends
_BULLET = re.compile(r"\s*(?:[-–—•*·▪◦]|[A-Za-z1-9][.)]|[A-Z]:)\s+")
_ROOM = re.compile(
    r"(?i:(?:lokal|plats|rum|sal)\s*:\s*)(?P<said>.+)"
    r"|(?P<plain>(?:[Ss]al|[Rr]um|[Ll]okal|[Ss]along|[Aa]ula|[Hh]örsal|[Kk]onferensrum|[Gg]rupprum"
    r"|[Rr]estaurang|[Mm]atsal|[Pp]lan)\s+[A-ZÅÄÖ0-9]\w{0,20}(?: [A-ZÅÄÖ0-9]\w{0,20})?"
    r"|(?i:[\w ]{0,30}(?:salen|salongen|aulan|foajén|foajé|rummet|matsalen|restaurangen|biblioteket"
    r"|hallen|loungen)))"
)
_LABEL = re.compile(r"((?:spår|track|linje)\s+[\wåäöÅÄÖ]{1,30})\s*[:.–—-]\s+", re.IGNORECASE)
_TRACK = re.compile(
    r"(?:spår|track|linje)\s+[\wåäöÅÄÖ]{1,30}(?:\s*[:.–—-]\s+.+)?\W*", re.IGNORECASE
)
_TRACK_NAMED = re.compile(r"(?:spår|track|linje)\s*:\s*(\S.*)", re.IGNORECASE)
_END = re.compile(r"(?:slut|dagen (?:avslutas|slutar)|programmet slutar|hemfärd)\W*", re.IGNORECASE)
_ASIDE = re.compile(r"\s*[(\[]([^()\[\]]{2,120})[)\]]\s*")


class Why(enum.StrEnum):
    """Why a line could not be read."""

    NO_TIME = "no_time"
    BAD_TIME = "bad_time"
    BACKWARDS = "backwards"
    NO_TITLE = "no_title"
    BAD_DAY = "bad_day"
    TOO_MANY = "too_many"


@dataclass(frozen=True)
class Problem:
    """A line that is no part of the programme: its number from 1, what stands there, and why."""

    line: int
    text: str
    why: Why


@dataclass(frozen=True)
class Parsed:
    """What a text holds."""

    items: tuple[Read, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass
class _Draft:
    line: int
    day: date
    starts: time
    ends: time | None
    title: str = ""
    text: list[str] = field(default_factory=list)
    room: str = ""
    track: str = ""
    people: list[ReadPerson] = field(default_factory=list)
    heading: bool = False


def parse(
    text: str, days: Sequence[date], *, choice: bool = True, taken: Collection[str] = ()
) -> Parsed:
    """Read a programme for an event on `days`.

    Items at the same time are a choice group, unless `choice` is false: then they only run side
    by side. `taken` are the names of groups that the programme has already.
    """
    reader = _Reader(days)
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            reader.take(number, line.rstrip())
    reader.drop_headings()
    items = list(_timed(reader))
    return Parsed(tuple(grouped(items, days, taken, choice=choice)), tuple(reader.problems))


class _Reader:
    """Goes through the lines and remembers where it is."""

    def __init__(self, days: Sequence[date]) -> None:
        self.days = days
        self.day = days[0]
        self.drafts: list[_Draft] = []
        self.problems: list[Problem] = []
        self.parallel: _Draft | None = None
        self.track, self.track_begins = "", False

    def take(self, number: int, line: str) -> None:
        """One line that is not empty."""
        dated = re.match(r"\W*[0-9]{4}-[0-9]{2}-[0-9]{2}", line)
        day = day_of(line, self.days) if dated or not at_the_front(line) else None
        if day:
            self.day, self.parallel, self.track = day, None, ""
        elif len(self.drafts) >= MOST:
            self._refuse(number, line, Why.TOO_MANY)
        elif times := at_the_front(re.sub(r"^\s*[-–—•*·]\s+", "", line)):
            self._timed(number, line, times.starts, times.ends, times.rest)
        elif looks_like_time(line):
            self._refuse(number, line, Why.BAD_TIME)
        elif not is_ornament(line):
            self._untimed(number, line)

    def _timed(self, number: int, line: str, starts: time, ends: time | None, rest: str) -> None:
        self.parallel = None
        rest = rest.strip(" \t:|.,;–—-")
        if ends is not None and ends <= starts:
            self._refuse(number, line, Why.BACKWARDS)
        elif not rest:
            self._refuse(number, line, Why.NO_TITLE)
        else:
            if self._next_day(starts):
                self.day += timedelta(days=1)
            draft = _Draft(number, self.day, starts, ends)
            _fill(draft, rest)
            self._on_track(draft)
            self.drafts.append(draft)
            if PARALLEL.search(draft.title):
                self.parallel = draft

    def _next_day(self, starts: time) -> bool:
        """Whether the clock has gone back: then a new day has begun, if there is one."""
        if self.track_begins:
            return False
        before = [draft.starts for draft in self.drafts if draft.day == self.day]
        back = bool(before) and before[-1].hour - starts.hour >= 4
        return back and self.day + timedelta(days=1) in self.days

    def _on_track(self, draft: _Draft) -> None:
        """What stands under the heading of a track belongs to it, until a pause or the end."""
        self.track_begins = False
        if kind_of(draft.title) in {*PAUSES, ItemKind.CLOSING}:
            self.track = ""
        draft.track = draft.track or self.track

    def _untimed(self, number: int, line: str) -> None:
        if named := _TRACK_NAMED.fullmatch(line.strip()):
            self.track, self.track_begins = named[1].strip(" \t:.–—-")[:TRACK], True
            return
        if self.parallel is None and _TRACK.fullmatch(line.strip()):
            self.track, self.track_begins = line.strip(" \t:.–—-")[:TRACK], True
            return
        if not self.drafts:
            self._refuse(number, line, Why.NO_TIME)
            return
        bullet = _BULLET.match(line)
        told = line[bullet.end() :].strip() if bullet else line.strip()
        last = self.drafts[-1]
        if self.parallel and (bullet or _LABEL.match(told)):
            self.parallel.heading = True
            draft = _Draft(number, self.day, self.parallel.starts, self.parallel.ends)
            _fill(draft, told)
            self.drafts.append(draft)
        elif not _told_aside(last, told):
            last.text.append(line.strip())

    def _refuse(self, number: int, line: str, why: Why) -> None:
        self.problems.append(Problem(number, line.strip()[:200], why))

    def drop_headings(self) -> None:
        """What only stood above parallel items is none itself."""
        self.drafts = [
            draft for draft in self.drafts if not (draft.heading or self._only_above(draft))
        ]

    def _only_above(self, draft: _Draft) -> bool:
        """Whether "11.00–12.00 Parallella seminarier" stands above those that have its time."""
        if draft.people or draft.room or draft.text or not PARALLEL.search(draft.title):
            return False
        when = (draft.day, draft.starts, draft.ends)
        below = [one for one in self.drafts if (one.day, one.starts, one.ends) == when]
        return len(below) > 2


def _fill(draft: _Draft, told: str) -> None:
    """Title, room, track and people out of what stands after the time."""
    told = re.sub(r"\s+", " ", told.replace("\t", " | ")).strip(" |")
    if match := _LABEL.match(told):
        draft.track, told = match[1][:TRACK], told[match.end() :]
    title, *columns = [part.strip() for part in re.split(r"\s*\|\s*", told) if part.strip()]
    for column in columns:
        _beside(draft, column)
    asides = list(_ASIDE.finditer(title)) if len(title) <= LOOKED_AT else []
    for match in asides:
        if _told_aside(draft, match[1].strip()):
            title = title.replace(match[0], " ", 1).strip()
    draft.title, *after = _without_people(draft, title.replace(" ,", ","))
    if len(draft.title) > TITLE:
        draft.text.insert(0, draft.title)
        draft.title = draft.title[: TITLE - 1] + "…"
    draft.text += after


def _beside(draft: _Draft, column: str) -> None:
    """A further column of a table."""
    if not _told_aside(draft, column):
        draft.text.append(column)


def _told_aside(draft: _Draft, told: str) -> bool:
    """Whether `told` names a room or people, and nothing else."""
    before, comma, last = told.rpartition(",")
    if comma and not draft.room and (room := _room(last)) and people(before):
        draft.room, told = room, before
    if not draft.room and (room := _room(told)):
        draft.room = room
    elif some := people(told):
        draft.people += some
    else:
        return False
    return True


def _without_people(draft: _Draft, title: str) -> list[str]:
    """The title without those who are named after its last dash or colon."""
    if len(title) > LOOKED_AT:
        return [title]
    before, comma, last = title.rpartition(",")
    if comma and not draft.room and (room := _room(last)):
        draft.room, title = room, before.strip()
    for dash in islice(re.finditer(r"\s+[–—-]+\s+|:\s+|,\s+(?=moderator)", title), DASHES):
        named = len(draft.people)
        if _told_aside(draft, title[dash.end() :].strip()):
            before = title[: dash.start()].strip()
            return [before] if len(draft.people) > named else _without_people(draft, before)
    return [title]


def _room(told: str) -> str:
    match = _ROOM.fullmatch(told.strip())
    return (match["said"] or match["plain"] or "").strip()[:ROOM] if match else ""


def _timed(reader: _Reader) -> Iterator[Read]:
    """The items with both times: what does not tell its end lasts until the next one begins."""
    for place, draft in enumerate(reader.drafts):
        starts = datetime.combine(draft.day, draft.starts)
        later = [
            other.starts
            for other in reader.drafts[place + 1 :]
            if other.day == draft.day and other.starts > draft.starts
        ]
        if draft.ends is None and not later and _END.fullmatch(draft.title):
            continue  # "16.00 Slut" only tells when the one before it ends
        if draft.ends:
            ends = datetime.combine(draft.day, draft.ends)
        elif later:
            ends = datetime.combine(draft.day, min(later))
        else:
            ends = min(starts + USUAL, datetime.combine(draft.day, time(23, 59)))
        if ends > starts:
            yield Read(
                draft.line, starts, ends, draft.title, kind_of(draft.title),
                "\n".join(draft.text)[:TEXT], draft.room, "", draft.track, tuple(draft.people),
            )  # fmt: skip
