"""Minutes for tests: started by the service, of an event that has been held."""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from core.db import db, write
from events import services as event_services
from events.models import Event, ProgrammeItem
from events.rules import ItemKind
from minutes import queries, services
from minutes.models import Minutes, Section
from minutes.publishing import prepare
from registrations.door.services import tick
from registrations.models import Registration
from registrations.rules import Tick
from tests.events import make as events
from tests.events.make import NOW
from tests.registrations import make as registrations

FOUR_HOURS = timedelta(hours=4)
SOON = NOW + timedelta(days=2)
HELD = datetime(2026, 11, 4, 8, 30, tzinfo=UTC)  # 09.30 in Stockholm


def held(**facts: Any) -> Event:
    """A published conference of 4 November with a talk by two, coffee and a panel."""
    told = {
        "starts": HELD,
        "title": "Mottagande och etablering",
        "purpose": "Att dela det som fungerar.",
        "case_number": "851-1234-2026",
    } | facts
    event = events.event(**told)
    events.item(event, "Registrering", kind=ItemKind.REGISTRATION, hours=0.5)
    talk = events.speaker("Reem Omer", title="projektledare", organisation="Mångfaldsmat")
    shy = events.speaker("Per Blyg", consent=False)
    events.item(event, "Mat som mötesplats", after=0.5, speakers=(talk, shy))
    events.item(event, "Kaffe", kind=ItemKind.COFFEE, after=1.5, hours=0.5)
    events.item(event, "Vad händer nu?", kind=ItemKind.PANEL, after=2)
    event_id = event.id
    write(lambda: event_services.publish(db.session, _event(event_id), by=None, now=NOW))
    return _event(event_id)


def with_people(event: Event, registered: int = 3, came: int = 2) -> Event:
    """The event with people registered, of whom some were ticked in."""
    before = HELD - timedelta(days=3)
    for number in range(registered):
        made = registrations.registration(event, number, now=before, notify=False)
        if number < came:
            came_in(made)
    return _event(event.id)


def came_in(registration: Registration) -> None:
    """The person is ticked in at the door."""
    id_ = registration.id
    write(
        lambda: tick(
            db.session, db.session.get_one(Registration, id_), tick=Tick.IN, nonce=f"nonce-{id_}",
            by=None, now=HELD,
        )
    )  # fmt: skip


def started(event: Event) -> Minutes:
    """The first draft."""
    event_id = event.id
    write(lambda: services.start(db.session, _event(event_id), by=None, now=NOW))
    return of(event_id)


def written(event: Event, **content: Any) -> Minutes:
    """A draft in which nothing is missing."""
    minutes = started(event)
    told = {
        "chair": "Anna Berg, landshövding",
        "note_taker": "Astrid Ekholm",
        "introduction": "Vi möttes i **Jönköping**.",
        "conclusions": "1. Bygg bostäder. Ansvar: kommunerna.",
        "closing": "**Anna Berg:** Tack för i dag.",
        "sections": [{"heading": "Mat som mötesplats", "speakers": "Reem Omer", "body": "Yalla!"}],
    } | content
    write(lambda: services.fill(db.session, again(minutes), content=told, by=None, now=NOW))
    return of(event.id)


def published(event: Event, **content: Any) -> Minutes:
    """Minutes that are frozen."""
    minutes = written(event, **content)
    document, pdf = prepare(db.session, minutes, now=NOW)
    write(
        lambda: services.publish(
            db.session, again(minutes), pdf=pdf, content=document, by=None, now=NOW
        )
    )
    return of(event.id)


def of(event_id: int) -> Minutes:
    """The minutes of an event as they stand now."""
    db.session.rollback()
    found = queries.of_event(db.session, event_id)
    assert found is not None
    return found


def again(minutes: Minutes) -> Minutes:
    """The minutes as they stand now."""
    return db.session.get_one(Minutes, sa.inspect(minutes).identity[0])


def section(minutes: Minutes, heading: str) -> Section:
    """The section with that heading."""
    return next(one for one in again(minutes).sections if one.heading == heading)


def headings(minutes: Minutes) -> list[str]:
    """The headings in the order of the document."""
    db.session.rollback()
    return [one.heading for one in again(minutes).sections]


def remove_item(item_id: int) -> None:
    """The item goes from the programme."""
    write(
        lambda: event_services.remove_item(
            db.session, db.session.get_one(ProgrammeItem, item_id), by=None, now=NOW
        )
    )


def _event(event_id: int) -> Event:
    return db.session.get_one(Event, event_id)
