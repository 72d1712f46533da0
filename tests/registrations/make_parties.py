"""Parties for tests: made by the service, or filled in by the form."""

from typing import Any

from core import crypto
from core.db import db, write
from core.reference import Sector
from events.models import Event
from events.rules import Mode
from registrations.models import Registration
from registrations.parties import services
from registrations.parties.models import Party
from registrations.parties.rules import How
from registrations.rules import RoleKind
from tests.events.make import NOW

CONTACT = {
    "name": "Karin Ek",
    "email": "karin.ek@habo.example.se",
    "phone": "",
    "organisation": "Habo kommun",
    "sector": Sector.MUNICIPALITY,
    "municipality": "0643",
}
FORM = {
    "contact_name": "Karin Ek",
    "contact_email": "karin.ek@habo.example.se",
    "organisation": "Habo kommun",
    "sector": "municipality",
    "municipality": "0643",
}


def people(number: int, **more: Any) -> list[dict[str, Any]]:
    """Invented colleagues, each with an address of their own."""
    return [
        {
            "first_name": "Bo",
            "last_name": f"Lind{letter}",
            "email": f"bo.lind{letter}@habo.example.se",
            "role_kind": RoleKind.OFFICIAL,
            "mode": Mode.ROOM,
        }
        | more
        for letter in "abcdefghijklmnopqrstuvwx"[:number]
    ]


def party(
    event: Event, number: int = 2, *, how: How = How.ALL, key: str = "", now: Any = NOW, **more: Any
) -> Party:
    """A party registered in a transaction of its own; `more` may hold `people` or `contact`."""
    event_id = event.id

    def make() -> int:
        made = services.register_party(
            db.session, db.session.get_one(Event, event_id), how=how,
            key=key or crypto.new_token(), language="sv", now=now,
            contact=more.get("contact", CONTACT), people=more.get("people", people(number)),
        )  # fmt: skip
        return made.id

    return db.session.get_one(Party, write(make))


def rows(*persons: dict[str, str]) -> dict[str, str]:
    """The fields of the form for these persons, a row each."""
    return {
        f"{name}_{row}": value
        for row, person in enumerate(persons, 1)
        for name, value in person.items()
    }


def colleague(letter: str = "a", **more: str) -> dict[str, str]:
    """What is typed in the row of an invented colleague."""
    return {
        "first_name": "Bo",
        "last_name": f"Lind{letter}",
        "email": f"bo.lind{letter}@habo.example.se",
    } | more


def path(party: Party) -> str:
    """The contact's secret address."""
    return f"/min-grupp/{crypto.derived_token('party', party.id, party.token_version)}"


def enter(client: Any, party: Party) -> Any:
    """Open the contact's link; the page it leads to."""
    answer = client.get(path(party))
    assert (answer.status_code, answer.location) == (303, "/min-grupp")
    return client.get("/min-grupp")


def transfer(person: Registration, *, now: Any = NOW, **more: Any) -> Registration:
    """Hand a place over in a transaction of its own; the substitute."""
    facts = {
        "first_name": "Ny", "last_name": "Kollega", "email": "ny.kollega@habo.example.se",
        "phone": "", "role_kind": RoleKind.OFFICIAL,
    } | more.pop("facts", {})  # fmt: skip
    given = {"picks": [], "needs": {}, "language": "sv"} | more

    def go() -> int:
        before = db.session.get_one(Registration, person.id)
        return services.transfer(db.session, before, facts=facts, now=now, **given).id

    return db.session.get_one(Registration, write(go))
