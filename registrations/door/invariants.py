"""What must always hold for the door's log (`flask check`)."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from events.models import ProgrammeItem
from registrations.models import CheckIn, Registration

# Triggers refuse to change or remove a line, rather than a chain of digests telling afterwards
# that it was done: they cost nothing when somebody is ticked, need no lock that the colleagues
# would wait for, and hold for whatever program asks. Nothing is disposed of here: who came is
# on the list of participants, which is kept.
GUARDS = frozenset({"check_in_never_updated", "check_in_never_deleted"})
ON_SQLITE = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'check_in'"
ON_POSTGRESQL = (
    "SELECT tgname FROM pg_trigger WHERE tgrelid = 'check_in'::regclass AND tgenabled <> 'D'"
)


def guarded(session: Session) -> Iterator[str]:
    """The database refuses to change or remove a line of the log."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    there = set(session.scalars(sa.text(ON_SQLITE if sqlite else ON_POSTGRESQL)))
    for name in sorted(GUARDS - there):
        yield f"dörren: spärren {name} saknas, så loggen kan skrivas om"


def breaches(session: Session) -> Iterator[str]:
    """Lines that stand at another event than the person or the programme item they are about."""
    strays = session.scalars(
        sa.select(CheckIn.id)
        .join(Registration, Registration.id == CheckIn.registration_id)
        .outerjoin(ProgrammeItem, ProgrammeItem.id == CheckIn.item_id)
        .where(
            sa.or_(
                Registration.event_id != CheckIn.event_id,
                ProgrammeItem.event_id != CheckIn.event_id,
            )
        )
        .order_by(CheckIn.id)
        .limit(100)
    )
    for line in strays:
        yield f"dörren: rad {line} hör till ett annat evenemang än sin anmälan"
