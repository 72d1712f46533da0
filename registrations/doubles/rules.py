"""Who may be the same person. Guesses only: a colleague decides."""

import enum
from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import combinations
from typing import NamedTuple

ALIKE = 0.78  # share of letters in common; Jonsson and Johnson are, Karlsson and Larsson are not
CROWD = 12  # more than so many under one address or number are not compared one with another
TWO = 2
NUMBER = 7  # digits at least, of a telephone number


class Why(enum.StrEnum):
    """What makes two registrations look like one person."""

    NAME = "name"
    ADDRESS = "address"
    PHONE = "phone"


class Someone(NamedTuple):
    """What two registrations are compared by; names and addresses as keys."""

    id: int
    name: str
    email: str
    phone: str


class Pair(NamedTuple):
    """Two registrations, the older first, and why they are shown."""

    first: int
    second: int
    why: Why


def alike(first: str, second: str) -> bool:
    """Whether two names may be two spellings of one: also turned about, or with a letter wrong."""
    if sorted(first.split()) == sorted(second.split()):
        return True
    return SequenceMatcher(None, first, second).ratio() >= ALIKE


def phone_key(phone: str) -> str:
    """The last digits of a number, whatever its prefix; "" for what is too short to tell."""
    digits = "".join(c for c in phone if c in "0123456789")
    return digits[-9:] if len(digits) >= NUMBER else ""


def pairs(people: Iterable[Someone], apart: set[tuple[int, int]]) -> list[Pair]:
    """Those who may be the same; each pair once, for its strongest reason; not those `apart`.

    A telephone that only two have given is enough; where more share it (a switchboard), and
    under one address (an office), only names that are alike.
    """
    people = list(people)
    found: dict[tuple[int, int], Why] = {}
    for why, key in ((Why.ADDRESS, "email"), (Why.NAME, "name"), (Why.PHONE, "phone")):
        for group in _groups(people, key):
            for one, other in combinations(sorted(group), 2):
                same = (one.id, other.id)
                sure = why is Why.NAME or (why is Why.PHONE and len(group) == TWO)
                if same not in found and (sure or alike(one.name, other.name)):
                    found[same] = why
    return [Pair(*ids, why) for ids, why in sorted(found.items()) if ids not in apart]


def _groups(people: list[Someone], key: str) -> list[list[Someone]]:
    groups: dict[str, list[Someone]] = {}
    for one in people:
        value = phone_key(one.phone) if key == "phone" else getattr(one, key)
        if value:
            groups.setdefault(value, []).append(one)
    return [group for group in groups.values() if TWO <= len(group) <= CROWD]
