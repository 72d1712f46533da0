"""Questions behind lists and badges. Lists never hold a protected person, and nothing a need."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.reference import Sector
from core.text import swedish_order
from events.models import ProgrammeItem
from events.rules import Mode
from registrations.models import ItemChoice, Registration
from registrations.papers.models import Badge
from registrations.papers.rules import Level, Order, Wanted, WantedList, Who
from registrations.queries.lists import Wanted as Chosen
from registrations.queries.lists import conditions
from registrations.rules import Status

LISTED = (
    Registration.id, Registration.first_name, Registration.last_name, Registration.sort_key,
    Registration.email, Registration.phone, Registration.organisation, Registration.sector,
    Registration.municipality, Registration.role_kind, Registration.mode, Registration.status,
    Registration.source, Registration.list_consent, Registration.created,
)  # fmt: skip
AT_A_TIME = 1000


@dataclass(frozen=True)
class Counts:
    """How many have a place, agree to be listed, are protected, will be in the room, or wait."""

    placed: int = 0
    consenting: int = 0
    protected: int = 0
    room: int = 0
    all: int = 0


def counts(session: Session, event_id: int) -> Counts:
    """The numbers of an event, in one query."""
    placed = Registration.status == Status.CONFIRMED
    row = session.execute(
        sa.select(
            *(
                sa.func.count(sa.case((condition, 1)))
                for condition in (
                    placed,
                    placed & Registration.list_consent & ~Registration.protected,
                    placed & Registration.protected,
                    placed & (Registration.mode == Mode.ROOM),
                )
            ),
            sa.func.count(),
        ).where(Registration.event_id == event_id)
    ).one()
    return Counts(*tuple(row))


def listed(session: Session, event_id: int, wanted: WantedList) -> Iterator[Any]:
    """The rows of a list in its order, some at a time: never protected persons. One query."""
    rows = session.execute(
        sa.select(*LISTED)
        .where(*_in_list(event_id, wanted), Registration.protected.is_(False))
        .order_by(Registration.sort_key, Registration.id)
        .execution_options(yield_per=AT_A_TIME)
    )
    if wanted.order is Order.ORGANISATION:
        return iter(sorted(rows, key=lambda row: swedish_order(row.organisation)))
    return iter(rows)


def listed_count(session: Session, event_id: int, wanted: WantedList) -> tuple[int, int]:
    """How many a list holds, and how many protected persons it leaves out."""
    row = session.execute(
        sa.select(
            sa.func.count(sa.case((~Registration.protected, 1))),
            sa.func.count(sa.case((Registration.protected, 1))),
        ).where(*_in_list(event_id, wanted))
    ).one()
    return row[0], row[1]


def at_the_door(session: Session, event_id: int, item_id: int | None) -> Sequence[Any]:
    """Those who may come to the room (to one item of the programme), by surname; protected last."""
    statement = (
        sa.select(*LISTED, Registration.protected)
        .where(
            Registration.event_id == event_id,
            Registration.status == Status.CONFIRMED,
            Registration.mode == Mode.ROOM,
        )
        .order_by(*_protected_last())
    )
    if item_id is not None:
        statement = statement.where(Registration.id.in_(_choosing(item_id)))
    return session.execute(statement).all()


def to_badge(
    session: Session, event_id: int, wanted: Wanted, limit: int | None = None
) -> list[Any]:
    """Those of the room whose badges are wanted, with the badge last made; protected last.

    Who of them is NEW is seen on their badge: `registrations.papers.badges.is_new`. `limit` is
    how many are enough where the database can tell them.
    """
    if wanted.who is Who.BLANK:
        return []
    in_room = Chosen(status=Status.CONFIRMED, mode=Mode.ROOM)
    if wanted.who is Who.SOME:
        in_room = replace(
            in_room, text=wanted.text, sector=Sector(wanted.sector) if wanted.sector else None,
            county=wanted.county, item=wanted.item, came=wanted.came,
        )  # fmt: skip
    asked = conditions(event_id, in_room)
    if in_room.sector or in_room.county:
        asked.append(
            Registration.protected.is_(False)
        )  # where they come from is not to be found out
    told_here = wanted.who is Who.ALL or (wanted.who is Who.SOME and not wanted.ids)
    rows = session.execute(
        sa.select(
            *LISTED, Registration.protected, Badge.made, Badge.parts, Badge.face,
        )
        .outerjoin(Badge, Badge.registration_id == Registration.id)
        .where(*asked)
        .order_by(*_protected_last())
        .limit(limit if told_here else None)
    ).all()  # fmt: skip
    if wanted.who is Who.SOME and wanted.ids:
        picked = set(wanted.ids)  # may be more than a statement can name
        return [row for row in rows if row.id in picked]
    return list(rows)


def choices(session: Session, event_id: int) -> dict[int, list[str]]:
    """What everybody at an event has chosen, by registration: titles in order of time."""
    rows = session.execute(
        sa.select(ItemChoice.registration_id, ProgrammeItem.title)
        .join(ProgrammeItem, ProgrammeItem.id == ItemChoice.item_id)
        .where(ProgrammeItem.event_id == event_id)
        .order_by(ItemChoice.registration_id, ProgrammeItem.starts, ProgrammeItem.id)
    )
    return {
        person: [title for _person, title in of_person]
        for person, of_person in itertools.groupby(rows, key=lambda row: row[0])
    }


def chosen_items(session: Session, event_id: int) -> Sequence[ProgrammeItem]:
    """The items of an event that people choose among, by time."""
    return session.scalars(
        sa.select(ProgrammeItem)
        .where(ProgrammeItem.event_id == event_id, ProgrammeItem.group != "")
        .order_by(ProgrammeItem.starts, ProgrammeItem.id)
    ).all()


def _in_list(event_id: int, wanted: WantedList) -> list[sa.ColumnElement[bool]]:
    conditions = [
        Registration.event_id == event_id,
        Registration.status.in_(wanted.statuses),
    ]
    if wanted.level is Level.PARTICIPANTS:
        conditions.append(Registration.list_consent.is_(True))
    return conditions


def _choosing(item_id: int) -> Any:
    return sa.select(ItemChoice.registration_id).where(ItemChoice.item_id == item_id)


def _protected_last() -> list[Any]:
    """By surname; of the protected not even the order may tell anything."""
    name = sa.case((Registration.protected, None), else_=Registration.sort_key)
    return [Registration.protected, name, Registration.id]
