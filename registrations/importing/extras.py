"""Columns of an event's own: answers to its questions, and the seminar chosen in each slot."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask_babel import gettext as _

from core.text import clean_line
from events.rules import Mode
from registrations.importing import guessing
from registrations.queries.public import Group
from registrations.questions.rules import LARGEST, LONG, SHORT, Asked, Kind, Value, relevant
from registrations.spreadsheets import unguard

DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?: 00:00)?")
BETWEEN = " ,;"
SECOND = ("Andrahandsval", "Second choice")  # in whichever language the page is


@dataclass(frozen=True)
class Extra:
    """What a column may hold: the answers to a question, the first or second choice in a slot.

    `key` names it in forms and in what is kept: the field of the public form. `place` is that of
    a question in the form.
    """

    key: str
    label: str
    place: int = 0
    question: Asked | None = None
    slot: Group | None = None
    second: bool = False


def of_event(asked: Iterable[Asked], groups: Iterable[Group]) -> tuple[Extra, ...]:
    """What an event's own columns may hold: the slots, then the questions in their order."""
    slots = [
        extra
        for group in groups
        for extra in (
            Extra(group.field, group.name, slot=group),
            Extra(
                group.second, _("Andrahandsval: %(group)s", group=group.name),
                slot=group, second=True,
            ),
        )
    ]  # fmt: skip
    questions = (
        Extra(one.field, one.label, place, question=one) for place, one in enumerate(asked)
    )
    return (*slots, *questions)


def guessed(
    headings: Sequence[str], known: Sequence[Any], extras: Sequence[Extra]
) -> dict[int, Extra]:
    """The columns that are called as a question or a slot, where nothing else is `known`."""
    by_word = {guessing.plain(word): extra for extra in extras for word in _called(extra)}
    found: dict[int, Extra] = {}
    for place, heading in enumerate(headings):
        extra = by_word.get(guessing.plain(heading))
        if extra is not None and known[place] is None and extra not in found.values():
            found[place] = extra
    return found


def _called(extra: Extra) -> Iterator[str]:
    """What a column of it may be called."""
    yield extra.label
    if extra.second and extra.slot is not None:
        yield from (f"{word}: {extra.slot.name}" for word in SECOND)


def read_row(
    columns: Mapping[int, Extra],
    row: Sequence[str],
    *,
    guarded: bool,
    mode: str,
    sector: str,
) -> tuple[dict[str, Any], list[tuple[int, str, str]]]:
    """What a row says of its own, and each bad cell: its column, its text and what to do.

    Of its own: `answers` by wording, first and second choices (`items`, `seconds`) by slot.
    """
    faults: list[tuple[int, str, str]] = []
    values: dict[int, Value | None] = {}
    items: dict[str, int] = {}
    seconds: dict[str, int] = {}
    asked = []
    for place, extra in sorted(columns.items(), key=_in_turn):
        text = unguard(row[place]) if guarded else row[place]
        text = text.strip() if extra.question else clean_line(text)
        if extra.question is not None:
            asked.append(extra.question)
            value, sentence = _answer(extra.question, text)
            values[extra.question.id] = value
        else:
            item, sentence = _choice(extra.slot, text, mode)
            if item is not None and extra.slot is not None:
                sentence = _stray_second(extra, item, items)
                (seconds if extra.second else items)[extra.slot.field] = item
        if sentence:
            faults.append((place, text, sentence))
    # Only what concerns the person is kept; where no column tells, it is taken to do so.
    there = {one.question_id for one in asked}
    asked = [one if one.after in there else replace(one, after=None) for one in asked]
    concern = relevant(asked, values, mode=mode, sector=sector)
    answers = {str(one.id): values[one.id] for one in concern if values[one.id] is not None}
    return {"answers": answers, "items": items, "seconds": seconds}, faults


def _in_turn(column: tuple[int, Extra]) -> tuple[bool, int]:
    """First choices before the second ones; questions as they stand in the form."""
    return column[1].second, column[1].place


def _stray_second(extra: Extra, item: int, firsts: Mapping[str, int]) -> str:
    """What to do about a second choice without a first, or with the same; "" where it is good."""
    if not extra.second or extra.slot is None:
        return ""
    first = firsts.get(extra.slot.field)
    if first is None:
        return _("Skriv ett förstahandsval också.")
    return _("Skriv ett annat andrahandsval än förstahandsvalet.") if first == item else ""


def _answer(one: Asked, text: str) -> tuple[Value | None, str]:
    """The answer in a cell, and what to do where it can be none."""
    if not text:
        return None, ""
    if one.kind is Kind.YES_NO:
        said = guessing.yes(text)
        return said, "" if said is not None else _("Skriv ja eller nej.")
    if one.kind is Kind.NUMBER:
        good = text.isascii() and text.isdigit() and len(text) < 8 and int(text) <= LARGEST
        return (int(text), "") if good else (None, _("Skriv ett antal med siffror."))
    if one.kind is Kind.DATE:
        return _day(text)
    if one.kind in {Kind.ONE, Kind.MANY}:
        return _chosen(one, text)
    most = SHORT if one.kind is Kind.SHORT else LONG
    text = clean_line(text) if one.kind is Kind.SHORT else text
    return (text, "") if len(text) <= most else (None, _("Korta till högst %(n)s tecken.", n=most))


def _day(text: str) -> tuple[Value | None, str]:
    found = DAY.fullmatch(text)
    try:
        return date.fromisoformat(found[1] if found else "").isoformat(), ""
    except ValueError:
        return None, _("Skriv datumet så här: 2027-03-04")


def _chosen(one: Asked, text: str) -> tuple[Value | None, str]:
    options = {clean_line(option).casefold(): option for option in one.options}
    words = _words(clean_line(text.replace("\n", "; ")).casefold(), options)
    if not words or (one.kind is Kind.ONE and len(words) > 1):
        return None, _("Skriv något av: %(names)s.", names=", ".join(one.options))
    if one.kind is Kind.ONE:
        return options[words.pop()], ""
    return [option for word, option in options.items() if word in words], ""


def _words(text: str, options: Iterable[str]) -> set[str]:
    """The options that stand after each other in `text`; none where something else does.

    An option may hold a comma itself: the longest that fits is taken.
    """
    longest_first = sorted(options, key=len, reverse=True)
    found = set()
    rest = text.strip(BETWEEN)
    while rest:
        word = next((one for one in longest_first if _begins(rest, one)), None)
        if word is None:
            return set()
        found.add(word)
        rest = rest[len(word) :].lstrip(BETWEEN)
    return found


def _begins(text: str, word: str) -> bool:
    return text.startswith(word) and (len(text) == len(word) or text[len(word)] in BETWEEN)


def _choice(slot: Group | None, text: str, mode: str) -> tuple[int | None, str]:
    if slot is None or not text:
        return None, ""
    titles = {guessing.plain(option.title): option.id for option in slot.options}
    item = titles.get(guessing.plain(text))
    if item is None:
        names = ", ".join(option.title for option in slot.options)
        return None, _("Skriv något av: %(names)s.", names=names)
    if mode == Mode.ONLINE and item in slot.in_room:
        return None, _("Det hålls bara på plats. Välj ett annat, eller delta på plats.")
    return item, ""
