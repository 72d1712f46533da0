"""What must always hold for the door's log (`flask check`)."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from events.models import ProgrammeItem
from registrations.models import CheckIn, Registration


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
