"""What a text is found by, how what somebody typed is read, and which piece of a text to show.

Both databases are handed words that are split and folded here, so that they find the same:
å is not a, every word searched for is the beginning of a word, and endings are let go of.
"""

import enum
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

MOST_TERMS = 8
LONGEST = 60  # characters of a word; what is longer is cut
MOST_TEXT = 100_000  # characters of a document that are looked at
SHOWN = 220  # characters of a snippet

_WORD = re.compile(r"[^\W_]+")
_TERM = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
# The endings of nouns and adjectives, the longest first. What is left has at least four letters.
_ENDINGS = (
    "ernas", "arnas", "ornas", "erna", "arna", "orna", "ens", "ets", "ers", "ars", "ors", "en",
    "et", "er", "ar", "or", "na", "n", "s",
)  # fmt: skip
_STEM = 4
# What compound words that nobody writes out end in; those after an s are found without a list.
_HEADS = (
    "konferens", "möte", "råd", "träff", "dialog", "samtal", "utbildning", "seminarium", "plan",
    "försörjning", "skola", "arbete", "verket", "stöd", "bidrag", "dag", "vård",
)  # fmt: skip
_COMPOUND = 9  # letters that a word must have before its end counts as a word of its own
_HEAD = 4  # letters of such an end after an s


class DocumentKind(enum.StrEnum):
    """What is found."""

    EVENT = "event"
    ITEM = "item"
    SPEAKER = "speaker"
    MINUTES = "minutes"
    FILE = "file"


@dataclass(frozen=True)
class Term:
    """Words that stand beside each other, the last of them as the beginning of a word."""

    words: tuple[str, ...]
    excluded: bool = False
    exact: bool = False

    @property
    def begins(self) -> bool:
        """Whether the last word may go on; a letter alone is that letter."""
        return len(self.words[-1]) > 1

    @property
    def spellings(self) -> tuple[tuple[str, ...], ...]:
        """The words themselves, and without the ending of a word that stands alone."""
        if len(self.words) > 1 or self.exact:
            return (self.words,)
        found = stem(self.words[0])
        return (self.words,) if found == self.words[0] else (self.words, (found,))

    @property
    def widest(self) -> tuple[str, ...]:
        """The spelling that finds what each of them finds: the others begin with it."""
        return self.spellings[-1]


@dataclass(frozen=True)
class Query:
    """What is searched for: every term, and none that is excluded."""

    terms: tuple[Term, ...]

    @property
    def wanted(self) -> tuple[Term, ...]:
        """What must be there."""
        return tuple(term for term in self.terms if not term.excluded)

    @property
    def excluded(self) -> tuple[Term, ...]:
        """What must not."""
        return tuple(term for term in self.terms if term.excluded)

    @property
    def beginnings(self) -> set[str]:
        """What the words that are marked in a snippet begin with."""
        return {
            word for term in self.wanted for spelling in term.spellings for word in spelling
        }  # fmt: skip


def words(text: str) -> list[str]:
    """The words of a text, folded: NFC, letters and digits only, no capitals."""
    folded = unicodedata.normalize("NFC", text[:MOST_TEXT]).casefold()
    return [word[:LONGEST] for word in _WORD.findall(folded)]


def tails(of: Iterable[str]) -> list[str]:
    """The ends of compound words that are words themselves: "konferens" of "bostadskonferens"."""
    found = dict.fromkeys(tail for word in of if len(word) >= _COMPOUND for tail in _tails(word))
    return list(found)


def _tails(word: str) -> Iterator[str]:
    for place, (before, letter) in enumerate(pairwise(word), 1):
        if place >= _HEAD and before == "s" and letter != "s" and len(word) - place >= _HEAD + 1:
            yield word[place:]
    for head in _HEADS:
        at = word.rfind(head)
        if at >= 3 and word[at - 1] != "s":
            yield word[at:]


def stem(word: str) -> str:
    """The word without its ending, where enough of it is left to find something by."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM:
            return word.removesuffix(ending)
    return word


def parse(text: str) -> Query:
    """Read what somebody typed: words, "a phrase", -without. No sign means anything else."""
    terms = []
    for sign, phrase, word in _TERM.findall(text):
        found = tuple(words(phrase or word))
        if found:
            terms.append(Term(found, excluded=bool(sign), exact=bool(phrase)))
    return Query(tuple(terms[:MOST_TERMS]))


def snippet(text: str, query: Query, *, whole: bool = False) -> list[tuple[str, bool]]:
    """The piece of `text` around the first word searched for, as pieces: text, whether marked.

    `whole` shows all of it.
    """
    begins = tuple(query.beginnings)
    hits = [
        (match.start(), match.end())
        for match in _WORD.finditer(text[:MOST_TEXT])
        if begins and unicodedata.normalize("NFC", match[0]).casefold().startswith(begins)
    ]
    start, end = (0, len(text)) if whole else _window(text, hits)
    pieces = [("… ", False)] if start else []
    at = start
    for first, last in hits:
        if first >= start and last <= end:
            pieces += [(text[at:first], False), (text[first:last], True)]
            at = last
    pieces.append((text[at:end] + (" …" if end < len(text) else ""), False))
    return [(piece, marked) for piece, marked in pieces if piece]


def _window(text: str, hits: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """From a word's beginning to another's end, some words before the first hit."""
    start = 0
    if hits and hits[0][0] > SHOWN // 2:
        start = text.find(" ", hits[0][0] - SHOWN // 3) + 1
        if start > hits[0][0]:
            start = hits[0][0]
    if len(text) - start <= SHOWN:
        return start, len(text)
    end = text.rfind(" ", start, start + SHOWN)
    return start, end if end > start else start + SHOWN
