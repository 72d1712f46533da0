"""Registrations for tests: made by the services, or filled in by the form."""

from datetime import datetime
from typing import Any

from core.db import db, write
from core.reference import Sector
from events import services as event_services
from events.models import Event, ProgrammeItem
from events.rules import ItemKind, Mode
from registrations import services
from registrations.models import Registration
from registrations.rules import RoleKind, Source, Status
from tests.events import make as events
from tests.events.make import NOW

PERSON = {
    "first_name": "Åsa",
    "last_name": "Öberg",
    "email": "asa.oberg@tranas.example.se",
    "organisation": "Tranås kommun",
    "sector": "municipality",
    "municipality": "0687",
}


def conference(**more: Any) -> Event:
    """A published conference that takes registrations now."""
    facts = {"contact_phone": "010-223 60 00", "online_url": "https://mote.example.se/rum"} | more
    return events.event(published=True, **facts)


def parallel(
    event: Event, *, group: str = "11.00", seats: tuple[int | None, ...] = (1, None)
) -> list[ProgrammeItem]:
    """Items side by side, one for each of `seats`, in a released programme."""
    titles = ("Ensamkommande barn", "Bostäder på kort tid", "Föreningarnas roll", "Skolan")
    made = [
        events.item(event, title=title, kind=ItemKind.SEMINAR, group=group, capacity=capacity)
        for title, capacity in zip(titles, seats, strict=False)
    ]
    event_id = event.id
    write(
        lambda: event_services.release_programme(
            db.session, db.session.get_one(Event, event_id), by=None, now=NOW
        )
    )
    return made


def person(number: int = 0, **facts: Any) -> dict[str, Any]:
    """The facts of an invented person, another one for each number."""
    return {
        "first_name": "Ada",
        "last_name": f"Berg{number}",
        "email": f"ada.berg{number}@example.se",
        "organisation": "Rädda bina",
        "sector": Sector.CIVIL_SOCIETY,
        "municipality": None,
        "role_kind": RoleKind.OFFICIAL,
        "mode": Mode.ROOM,
        "phone": "",
        "list_consent": False,
        "protected": False,
    } | facts


def registration(
    event: Event,
    number: int = 0,
    *,
    choices: tuple[int, ...] = (),
    needs: dict[str, str] | None = None,
    source: Source = Source.WEB,
    status: Status | None = None,
    now: datetime = NOW,
    notify: bool = True,
    language: str = "sv",
    **facts: Any,
) -> Registration:
    """A person registered in a transaction of its own."""
    event_id = event.id

    def make() -> int:
        found = db.session.get_one(Event, event_id)
        made = services.register(
            db.session, found, facts=person(number, **facts), choices=choices,
            needs=needs or {}, source=source, language=language, now=now, status=status,
            notify=notify,
        )  # fmt: skip
        return made.id

    return db.session.get_one(Registration, write(make))


def again(thing: Registration) -> Registration:
    """The registration as it stands now."""
    db.session.rollback()
    return db.session.get_one(Registration, thing.id)


def statuses(event: Event) -> dict[str, str]:
    """The status of everybody at an event, by last name."""
    db.session.rollback()
    found = db.session.query(Registration).filter_by(event_id=event.id)
    return {one.last_name: one.status.value for one in found}
