"""Slots, wishes and placements for tests."""

from typing import Any

from core.db import db, write
from events.models import Event, ProgrammeItem
from registrations.models import Registration
from registrations.placement import services
from registrations.placement.models import Wish
from registrations.placement.preview import Preview, preview
from registrations.placement.rules import How, Pick
from registrations.queries.public import field_of
from registrations.rules import Source
from tests.conftest import NOW
from tests.registrations import make

GROUP = "11.00"


def placed(event: Event, *groups: str, how: How = How.PLACED, online: tuple[int, ...] = ()) -> None:
    """Have the seats of these slots placed after the last day."""
    event_id = event.id
    write(
        lambda: services.set_slots(
            db.session, db.session.get_one(Event, event_id), by=None, now=NOW, online=online,
            how=dict.fromkeys(groups or (GROUP,), how),
        )
    )  # fmt: skip


def seminars(**more: Any) -> tuple[Event, list[ProgrammeItem]]:
    """A conference with seminars of 1, 2 and any number of seats, placed after the last day."""
    event = make.conference(**more)
    items = make.parallel(event, seats=(1, 2, None))
    placed(event)
    return event, items


def asked(
    first: int | None, second: int | None = None, *, group: str = GROUP, placed: bool = True
) -> Pick:
    """What somebody says of a slot."""
    return Pick(field_of(group), group, first, second, placed)


def wishing(
    event: Event, number: int, *wishes: Pick, now: Any = NOW, notify: bool = False, **facts: Any
) -> Registration:
    """Somebody who registers with wishes."""
    event_id = event.id

    def register() -> int:
        return services.register(
            db.session, db.session.get_one(Event, event_id), facts=make.person(number, **facts),
            picks=wishes, needs={}, source=Source.WEB, language="sv", now=now, notify=notify,
        ).id  # fmt: skip

    return db.session.get_one(Registration, write(register))


def previewed(event: Event, *, fill: bool = False, anew: bool = False) -> Preview:
    """What a placement would do now."""
    db.session.rollback()
    return preview(db.session, event.id, fill=fill, anew=anew)


def place(event: Event, *, fill: bool = False, anew: bool = False, letters: bool = True) -> int:
    """Carry out a placement; its number."""
    made, event_id = previewed(event, fill=fill, anew=anew), event.id

    def begin() -> int:
        return services.begin(
            db.session, db.session.get_one(Event, event_id), made, fill=fill, anew=anew,
            letters=letters, by=None, now=NOW,
        ).id  # fmt: skip

    return write(begin)


def wishes(person: Registration) -> list[tuple[int, int]]:
    """The items that somebody wishes for, each with its rank, by item."""
    rows = db.session.query(Wish.item_id, Wish.rank).filter_by(registration_id=person.id)
    return sorted((item_id, rank) for item_id, rank in rows)


def seats(person: Registration) -> list[int]:
    """The items in which somebody has a seat."""
    return sorted(choice.item_id for choice in make.again(person).choices)
