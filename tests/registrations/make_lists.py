"""What the tests of lists, the door and files have in common."""

import contextlib
from collections.abc import Iterator
from datetime import timedelta

import sqlalchemy as sa

from accounts import queries as account_queries
from core.db import db, write
from core.reference import Sector
from core.text import name_key, swedish_order
from events.models import Event
from events.rules import Mode
from registrations.door.services import tick
from registrations.models import CheckIn, Registration
from registrations.rules import RoleKind, Source, Status, Tick
from tests.events.make import NOW


def url(event: Event, rest: str = "deltagare") -> str:
    """A staff page of the event."""
    return f"/arbeta/evenemang/{event.id}/{rest}"


def come(registration: Registration, nonce: str = "", which: Tick = Tick.IN) -> None:
    """Tick somebody in (or undo it)."""
    id_ = registration.id

    def action() -> None:
        person = db.session.get_one(Registration, id_)
        tick(
            db.session, person, tick=which, nonce=nonce or f"n{id_}{which.value}", by=None, now=NOW
        )

    write(action)


def crowd(event: Event, number: int, came: int = 0) -> None:
    """Many rows at once, straight into the table; the first `came` are ticked in."""
    event_id = event.id
    names = [("Åsa", f"Öberg{n:05}") for n in range(number)]
    values = [
        {
            "event_id": event_id, "first_name": first, "last_name": last,
            "name_key": name_key(f"{first} {last}"), "sort_key": swedish_order(f"{last} {first}"),
            "search": f"{first} {last} a{n}@example.se tranås kommun".casefold(),
            "email": f"a{n}@example.se", "email_key": f"a{n}@example.se", "phone": "",
            "organisation": "Tranås kommun", "sector": Sector.MUNICIPALITY, "municipality": "0687",
            "role_kind": RoleKind.OFFICIAL, "mode": Mode.ROOM,
            "status": Status.WAITING if n % 10 == 9 else Status.CONFIRMED, "source": Source.WEB,
            "list_consent": False, "protected": False, "language": "sv", "token_version": 1,
            "sequence": 0, "created": NOW + timedelta(seconds=n), "updated": NOW, "queued": NOW,
            "cancel_reason": "", "version": 1,
        }
        for n, (first, last) in enumerate(names)
    ]  # fmt: skip

    def action() -> None:
        db.session.execute(sa.insert(Registration), values)
        ids = db.session.scalars(
            sa.select(Registration.id).filter_by(event_id=event_id).limit(came)
        ).all()
        if ids:
            lines = [
                {"event_id": event_id, "registration_id": id_, "tick": Tick.IN, "at": NOW,
                 "nonce": f"crowd{id_}", "reason": ""}
                for id_ in ids
            ]  # fmt: skip
            db.session.execute(sa.insert(CheckIn), lines)

    write(action)


@contextlib.contextmanager
def statements() -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        asked.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


def user(email: str):
    """The user of that address."""
    return account_queries.user_by_email(db.session, email)
