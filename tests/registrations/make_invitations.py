"""Sakråd, organisations and invitations for tests, made by the services."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from core.db import db, write
from core.reference import Sector
from events import services as event_services
from events.models import Event
from events.rules import Kind
from registrations.invitations import services
from registrations.models import Invitation, Organisation
from tests.events import make as events
from tests.events.make import NOW

PEOPLE = [
    {"first_name": "Hamida", "last_name": "Qorane", "email": "hamida.qorane@example.se"},
    {"first_name": "Sixten", "last_name": "Vrå", "email": "sixten.vra@example.se"},
    {"first_name": "Ylva", "last_name": "Zingmark", "email": "ylva.zingmark@example.se"},
]


def council(*, published: bool = True, **facts: Any) -> Event:
    """A sakråd in three weeks that is published and takes answers."""
    told = {
        "kind": Kind.ISSUE_COUNCIL,
        "title": "Sakråd om ensamhet",
        "question": "Hur når små föreningar den som sällan träffar någon?",
        "purpose": "En djupare bild.",
        "can_achieve": "Svaren går in i underlaget för nästa års medel.",
        "inviter_name": "Tove Forsell",
        "inviter_title": "länsråd",
        "contact_name": "Kim Kontakt",
        "contact_email": "kim.kontakt@example.se",
        "starts": datetime(2026, 12, 14, 9, 0, tzinfo=UTC),
        "ends": datetime(2026, 12, 14, 13, 0, tzinfo=UTC),
        "registration_closes": datetime(2026, 12, 10, 22, 59, tzinfo=UTC),
    } | facts
    return events.event(published=published, **told)


def organisation(name: str = "Kaffevagnen", **facts: Any) -> Organisation:
    """An organisation in the register."""
    told = {
        "name": name, "sector": Sector.CIVIL_SOCIETY, "municipality": "0685",
    } | facts  # fmt: skip
    made = write(lambda: services.add_organisation(db.session, facts=told, by=None, now=NOW).id)
    return db.session.get_one(Organisation, made)


def invitation(
    event: Event, name: str = "Kaffevagnen", *, sent: bool = True, **facts: Any
) -> Invitation:
    """An organisation on the list of `event`, with its letter in the outbox if `sent`."""
    told = {
        "seats": 2,
        "criterion": "Möter målgruppen",
        "reason": "Besöker orter som har mist sin butik.",
        "email": f"{re.sub('[^a-z]', '', name.lower())}@example.se",
    } | facts
    event_id, asked = event.id, organisation(name).id

    def make() -> int:
        made = services.invite(
            db.session, db.session.get_one(Event, event_id),
            organisation=db.session.get_one(Organisation, asked), facts=told, by=None, now=NOW,
        )  # fmt: skip
        if sent:
            services.send(db.session, made, by=None, now=NOW)
        return made.id

    return db.session.get_one(Invitation, write(make))


def accepted(thing: Invitation, people: list[dict[str, Any]] | None = None) -> Invitation:
    """The organisation has said yes, and named these people."""
    id_, named = thing.id, PEOPLE[:1] if people is None else people
    write(
        lambda: services.accept(
            db.session,
            db.session.get_one(Invitation, id_),
            representatives=named,
            now=NOW,
        )
    )
    return again(thing)


def again(thing: Invitation) -> Invitation:
    """The invitation as it stands now."""
    db.session.rollback()
    return db.session.get_one(Invitation, thing.id)


def row(number: int, person: dict[str, Any]) -> dict[str, Any]:
    """A person as the fields of row `number` of the form."""
    return {f"{name}_{number}": value for name, value in person.items()}


def link(message: Any) -> str:
    """The secret address in an invitation."""
    text = message.get_body(("plain",)).get_content()
    return re.findall(r"http://localhost(/inbjudan/[\w-]+)", text)[0]


def release(event: Event) -> None:
    """Everybody sees the programme as it stands now."""
    id_ = event.id
    write(
        lambda: event_services.release_programme(
            db.session, db.session.get_one(Event, id_), by=None, now=NOW
        )
    )


def questions(action: Callable[[], Any]) -> int:
    """How many times `action` asks the database for something."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            asked.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    action()
    sa.event.remove(db.engine, "before_cursor_execute", note)
    return len(asked)
