"""The register of organisations: search, find by name, suggest."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.text import clean_line, swedish_order
from registrations.models import Organisation

PER_PAGE = 50
SUGGESTED = 300


def find_organisation(session: Session, organisation_id: int) -> Organisation | None:
    """The organisation of that number."""
    return session.get(Organisation, organisation_id)


def matches(text: str) -> list[sa.ColumnElement[bool]]:
    """One condition for each word searched for: every word must be found in a name or place."""
    words = clean_line(text).casefold().split()
    return [Organisation.search.contains(word, autoescape=True) for word in words[:8]]


def listing(
    session: Session, *, text: str, county: str, page: int
) -> tuple[Sequence[Organisation], int]:
    """One page of the register in Swedish order, and how many match in all."""
    conditions = matches(text)
    if county:
        conditions.append(Organisation.county_code == county)
    total = session.scalar(sa.select(sa.func.count(Organisation.id)).where(*conditions)) or 0
    rows = session.scalars(
        sa.select(Organisation)
        .where(*conditions)
        .order_by(Organisation.sort_key, Organisation.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return rows, total


def named(session: Session, name: str) -> Organisation | None:
    """The organisation that is called `name` now, whatever its case."""
    return session.scalar(
        sa.select(Organisation)
        .where(Organisation.sort_key == swedish_order(clean_line(name))[:250])
        .order_by(Organisation.id)
        .limit(1)
    )


def similar(session: Session, name: str, limit: int = 3) -> list[str]:
    """Names in the register that hold the longest word of `name`."""
    longest = max(clean_line(name).casefold().split(), key=len, default="")
    if len(longest) < 4:
        return []
    return list(
        session.scalars(
            sa.select(Organisation.name)
            .where(Organisation.search.contains(longest, autoescape=True))
            .order_by(Organisation.sort_key)
            .limit(limit)
        )
    )


def suggested(session: Session, county: str | None) -> list[str]:
    """Names to suggest while an organiser types: those of the county first, then by name."""
    elsewhere = sa.case((Organisation.county_code == (county or ""), 0), else_=1)
    return list(
        session.scalars(
            sa.select(Organisation.name).order_by(elsewhere, Organisation.sort_key).limit(SUGGESTED)
        )
    )
