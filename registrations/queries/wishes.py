"""Needs without names for the kitchen, and whose needs there are: never a search by need.

Dataskyddslagen (2018:218) 3 kap. 3 § forbids searches that pick out persons by sensitive data, so
nothing here, and no list or filter elsewhere, takes a need as its question.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.text import clean_line
from events.rules import Mode
from registrations.models import Need, Registration
from registrations.needs import unseal
from registrations.rules import Status


@dataclass(frozen=True)
class Kitchen:
    """What the kitchen needs to know: how many eat, and how many of each diet."""

    eating: int
    diets: list[tuple[str, int]]

    @property
    def ordinary(self) -> int:
        """How many have said nothing of their diet."""
        return self.eating - sum(number for _diet, number in self.diets)


def kitchen(session: Session, event_id: int) -> Kitchen:
    """Counts for those who have a place in the room; most asked-for diet first. Two queries."""
    here = (
        Registration.event_id == event_id,
        Registration.status == Status.CONFIRMED,
        Registration.mode == Mode.ROOM,
    )
    eating = session.scalar(sa.select(sa.func.count(Registration.id)).where(*here)) or 0
    sealed = session.scalars(
        sa.select(Need.diet)
        .join(Registration, Registration.id == Need.registration_id)
        .where(*here, Need.diet.is_not(None))
    )
    texts = [clean_line(unseal(diet)).strip(" .,;") for diet in sealed]
    spellings: dict[str, Counter[str]] = {}
    for text in texts:
        spellings.setdefault(text.casefold(), Counter())[text] += 1
    counted = [(_capital(same.most_common(1)[0][0]), same.total()) for same in spellings.values()]
    return Kitchen(eating, sorted(counted, key=lambda pair: (-pair[1], pair[0].casefold())))


def with_access_needs(session: Session, event_id: int) -> Sequence[Registration]:
    """Those with a place who have said what they need to take part; by surname."""
    return session.scalars(
        sa.select(Registration)
        .join(Need, Need.registration_id == Registration.id)
        .where(
            Registration.event_id == event_id,
            Registration.status == Status.CONFIRMED,
            Need.access.is_not(None),
        )
        .order_by(Registration.sort_key, Registration.id)
    ).all()


def access_needs_count(session: Session, event_id: int) -> int:
    """How many with a place have said what they need to take part."""
    return (
        session.scalar(
            sa.select(sa.func.count(Registration.id))
            .join(Need, Need.registration_id == Registration.id)
            .where(
                Registration.event_id == event_id,
                Registration.status == Status.CONFIRMED,
                Need.access.is_not(None),
            )
        )
        or 0
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
