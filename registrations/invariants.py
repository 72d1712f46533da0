"""What must always hold for places; `flask check` asks."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from events.models import Pool, ProgrammeItem
from events.rules import Mode
from registrations.models import ItemChoice, Need, Registration
from registrations.rules import Status


def seats(session: Session) -> Iterator[str]:
    """Each pool counts exactly those who sit in it, and none is over its capacity."""
    people = _sitting(session)
    choices = _sitting_in_items(session)
    for pool in session.scalars(sa.select(Pool).order_by(Pool.id)):
        key = (pool.event_id, pool.mode)
        sitting = people.pop(key, 0) if pool.mode else choices.pop(pool.item_id or 0, 0)
        what = pool.mode.value if pool.mode else f"programpunkt {pool.item_id}"
        name = f"evenemang {pool.event_id}, {what}"
        if pool.taken != sitting:
            yield f"{name}: {pool.taken} platser räknade som tagna, men {sitting} har plats"
        if pool.capacity is not None and sitting > pool.capacity:
            yield f"{name}: {sitting} har plats, men det finns bara {pool.capacity}"
    for (event_id, mode), count in people.items():
        yield f"evenemang {event_id}, {mode}: {count} har plats där inga platser finns"
    for item_id, count in choices.items():
        yield f"programpunkt {item_id}: {count} har plats där inga platser finns"


def one_choice(session: Session) -> Iterator[str]:
    """Nobody sits in two items that run side by side, or in one of another event."""
    double = session.execute(
        sa.select(ItemChoice.registration_id, ProgrammeItem.group)
        .join(ProgrammeItem)
        .where(ProgrammeItem.group != "")
        .group_by(ItemChoice.registration_id, ProgrammeItem.group)
        .having(sa.func.count() > 1)
    )
    for registration_id, group in double:
        yield f"anmälan {registration_id}: två val i gruppen {group}"
    strangers = session.scalars(
        sa.select(ItemChoice.registration_id)
        .join(ItemChoice.registration)
        .join(ItemChoice.item)
        .where(Registration.event_id != ProgrammeItem.event_id)
    )
    for registration_id in strangers:
        yield f"anmälan {registration_id}: har valt något ur ett annat evenemang"


def whole(session: Session) -> Iterator[str]:
    """Who is cancelled has a time for it and nobody else; every registration has its link."""
    for id_, status, cancelled, token in session.execute(
        sa.select(
            Registration.id, Registration.status, Registration.cancelled, Registration.token_hash
        ).where(
            sa.or_(
                Registration.token_hash.is_(None),
                (Registration.status == Status.CANCELLED) & Registration.cancelled.is_(None),
                (Registration.status != Status.CANCELLED) & Registration.cancelled.is_not(None),
            )
        )
    ):
        if token is None:
            yield f"anmälan {id_}: saknar sin länk"
        if (status is Status.CANCELLED) != (cancelled is not None):
            yield f"anmälan {id_}: är {status.value}, men avanmäld är {cancelled}"
    lost = sa.select(Need.registration_id).where(Need.diet.is_(None), Need.access.is_(None))
    for registration_id in session.scalars(lost):
        yield f"anmälan {registration_id}: har en tom rad för behov"


def _sitting(session: Session) -> dict[tuple[int, Mode | None], int]:
    rows = session.execute(
        sa.select(Registration.event_id, Registration.mode, sa.func.count())
        .where(Registration.status == Status.CONFIRMED)
        .group_by(Registration.event_id, Registration.mode)
    )
    return {(event_id, found): count for event_id, found, count in rows}


def _sitting_in_items(session: Session) -> dict[int, int]:
    rows = session.execute(
        sa.select(ItemChoice.item_id, sa.func.count())
        .join(Registration)
        .where(Registration.status == Status.CONFIRMED)
        .group_by(ItemChoice.item_id)
    )
    return {row[0]: row[1] for row in rows}
