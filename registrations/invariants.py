"""What must always hold for places; `flask check` asks."""

from collections import Counter
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.reference import Sector
from events.models import Pool, ProgrammeItem
from events.rules import Mode
from registrations.models import ItemChoice, Need, Registration
from registrations.organisation_seats import organisation_key
from registrations.rules import SEATED, Status


def seats(session: Session) -> Iterator[str]:
    """Each pool counts exactly those who sit in it, and none is over its capacity."""
    sitting = _sitting(session)
    choices = _sitting_in_items(session)
    people = Counter[tuple[int, Mode]]()
    for (event_id, mode, _sector, _key), count in sitting.items():
        people[event_id, mode] += count
    for pool in session.scalars(sa.select(Pool).order_by(Pool.id)):
        if pool.mode:
            count = people.pop((pool.event_id, pool.mode), 0)
        elif pool.item_id:
            count = choices.pop(pool.item_id, 0)
        else:
            count = sum(
                number
                for (event_id, mode, sector, key), number in sitting.items()
                if event_id == pool.event_id and _concerns(pool, mode, sector, key)
            )
        name = f"evenemang {pool.event_id}, {_what(pool)}"
        if pool.taken != count:
            yield f"{name}: {pool.taken} platser räknade som tagna, men {count} har plats"
        if pool.capacity is not None and count > pool.capacity:
            yield f"{name}: {count} har plats, men det finns bara {pool.capacity}"
    for (event_id, mode), count in people.items():
        yield f"evenemang {event_id}, {mode}: {count} har plats där inga platser finns"
    for item_id, count in choices.items():
        yield f"programpunkt {item_id}: {count} har plats där inga platser finns"


def _concerns(pool: Pool, mode: Mode, sector: Sector, key: str) -> bool:
    if pool.organisation_key is not None:
        return pool.organisation_key == key
    return pool.others_mode is mode and sector.value not in (pool.others_than or "").split("+")


def _what(pool: Pool) -> str:
    if pool.mode:
        return pool.mode.value
    if pool.item_id:
        return f"programpunkt {pool.item_id}"
    if pool.organisation_key:
        return "en organisation"
    return f"{pool.others_mode} för andra än {pool.others_than}"


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


def _sitting(session: Session) -> Counter[tuple[int, Mode, Sector, str]]:
    """How many sit, by event, mode, sector and organisation."""
    rows = session.execute(
        sa.select(
            Registration.event_id, Registration.mode, Registration.sector,
            Registration.organisation, sa.func.count(),
        )
        .where(Registration.status.in_(SEATED))
        .group_by(
            Registration.event_id, Registration.mode, Registration.sector,
            Registration.organisation,
        )
    )  # fmt: skip
    found = Counter[tuple[int, Mode, Sector, str]]()
    for event_id, mode, sector, organisation, count in rows:
        found[event_id, mode, sector, organisation_key(organisation)] += count
    return found


def _sitting_in_items(session: Session) -> dict[int, int]:
    rows = session.execute(
        sa.select(ItemChoice.item_id, sa.func.count())
        .join(Registration)
        .where(Registration.status.in_(SEATED))
        .group_by(ItemChoice.item_id)
    )
    return {row[0]: row[1] for row in rows}
