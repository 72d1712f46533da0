"""What a person needs on the day: encrypted, apart, and read only with a line in the log."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import record
from core import crypto
from registrations.models import Need, Registration

KINDS = ("diet", "access")


def keep(session: Session, registration_id: int, needs: dict[str, str]) -> None:
    """Save the needs of a registration, encrypted; empty texts erase what was there.

    `needs` may hold "diet" and "access"; what it does not name is left as it is.
    """
    sealed = {kind: seal(needs[kind]) for kind in KINDS if kind in needs}
    if not sealed:
        return
    row = session.get(Need, registration_id)
    if row is None:
        if any(sealed.values()):
            session.add(Need(registration_id=registration_id, **sealed))
        return
    for kind, value in sealed.items():
        setattr(row, kind, value)
    if row.diet is None and row.access is None:
        session.delete(row)


def keep_new(session: Session, registration_id: int, needs: dict[str, str]) -> None:
    """Save the needs of a registration that has none yet (asks the database nothing)."""
    sealed = {kind: seal(needs.get(kind, "")) for kind in KINDS}
    if any(sealed.values()):
        session.add(Need(registration_id=registration_id, **sealed))


def given(session: Session, registration_id: int) -> set[str]:
    """Which kinds of need somebody has told us of; not what they said."""
    row = session.execute(
        sa.select(Need.diet.is_not(None), Need.access.is_not(None)).where(
            Need.registration_id == registration_id
        )
    ).first()
    return {kind for kind, there in zip(KINDS, row or (), strict=False) if there}


def read(
    session: Session, registrations: Iterable[Registration], *, by: User | None, now: datetime
) -> dict[int, dict[str, str]]:
    """The needs in clear, by registration id; each look is written in the log.

    For the officer who sees to that the day works (OSL 21 kap. 1 §), and for whoever takes their
    own data home (None). Call inside `write`.
    """
    people = {person.id: person for person in registrations}
    rows = session.scalars(sa.select(Need).where(Need.registration_id.in_(people)))
    found = {}
    for row in rows:
        person = people[row.registration_id]
        found[person.id] = {"diet": unseal(row.diet), "access": unseal(row.access)}
        record(session, by=by, action="need.read", subject=person, now=now)
    return found


def seal(text: str) -> bytes | None:
    """`text` encrypted; None for nothing."""
    return crypto.encrypt(text) if text else None


def unseal(sealed: bytes | None) -> str:
    """What was sealed. Raises `cryptography.fernet.InvalidToken` with another key."""
    return crypto.decrypt(sealed) if sealed else ""
