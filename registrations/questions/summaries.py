"""What the answers to one question add up to."""

from collections.abc import Sequence
from dataclasses import dataclass

from registrations.questions.queries import Strand, read, written
from registrations.questions.rules import CHOSEN, Kind, Value
from registrations.questions.words import said

MOST_LINES = 40  # of numbers or days, before the rest is one line


@dataclass(frozen=True)
class Summary:
    """Lines of (words, number), and for numbers what they come to."""

    lines: Sequence[tuple[str, int]]
    rest: int = 0
    total: int | None = None
    mean: float | None = None
    least: int | None = None
    most: int | None = None


def of(strand: Strand) -> Summary:
    """What was answered: options in their order, also those nobody chose; values by size."""
    if strand.kind in CHOSEN:
        known = [(text, strand.counts.get(written(text), 0)) for text in strand.options]
        return Summary(known)
    if strand.kind is Kind.YES_NO:
        return Summary([(said(way), strand.counts.get(written(way), 0)) for way in (True, False)])
    values: list[tuple[Value, int]] = [
        (read(text), number) for text, number in strand.counts.items()
    ]
    if strand.kind is Kind.NUMBER:
        return _numbers(
            [(int(value), number) for value, number in values if isinstance(value, int)]
        )
    lines = sorted((str(value), number) for value, number in values)
    return Summary(lines[:MOST_LINES], sum(number for _value, number in lines[MOST_LINES:]))


def _numbers(values: list[tuple[int, int]]) -> Summary:
    values.sort()
    people = sum(number for _value, number in values)
    if not people:
        return Summary([])
    total = sum(value * number for value, number in values)
    return Summary(
        [(str(value), number) for value, number in values[:MOST_LINES]],
        sum(number for _value, number in values[MOST_LINES:]),
        total, total / people, values[0][0], values[-1][0],
    )  # fmt: skip
