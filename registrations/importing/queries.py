"""What an import asks: who is there already, and how many seats are left."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.db import db
from events.rules import Mode
from registrations.importing import seating
from registrations.importing.checking import EMAIL_KEY, NAME_KEY, as_dict
from registrations.importing.models import ParticipantImport
from registrations.models import Registration
from registrations.rules import ACTIVE

KnownBy = tuple[str, str]


@dataclass(frozen=True)
class Standing:
    """What taking the people in would mean now: new ones by mode, seats left (None: no limit)."""

    new: dict[Mode, int]
    left: dict[Mode, int | None]
    known: int
    gone: int
    short: int  # how many new ones there are no seats for

    @property
    def total(self) -> int:
        """How many are new."""
        return sum(self.new.values())


def find_import(import_id: int) -> ParticipantImport | None:
    """The import of that number (for the gate)."""
    return db.session.get(ParticipantImport, import_id)


def people_of(session: Session, event_id: int) -> dict[KnownBy, bool]:
    """Everybody who is or was registered, by address and name; True for those who still are."""
    rows = session.execute(
        sa.select(Registration.email_key, Registration.name_key, Registration.status).where(
            Registration.event_id == event_id
        )
    )
    return {(email, name): status in ACTIVE for email, name, status in rows}


def known_by(row: list[object]) -> KnownBy:
    """By what a ready row is known again."""
    return str(row[EMAIL_KEY]), str(row[NAME_KEY])


def standing(session: Session, event_id: int, ready: Iterable[list[object]]) -> Standing:
    """How the ready rows stand against who is there already and the seats that are left."""
    people = people_of(session, event_id)
    new: list[dict[str, Any]] = []
    known = gone = 0
    for row in ready:
        there = people.get(known_by(row))
        if there is None:
            new.append(as_dict(row))
        elif there:
            known += 1
        else:
            gone += 1
    limits = seating.limits(session, event_id)
    left = {pool.mode: pool.left for pool in limits.pools if pool.mode}
    by_mode = Counter(Mode(row["mode"]) for row in new)
    return Standing(by_mode, left, known, gone, seating.place(limits, new).short)
