"""What the pages of an event show of its registrations: template globals."""

from dataclasses import dataclass

from accounts.gate import may
from accounts.rules import PEOPLE
from core.db import db
from events.models import Event
from registrations.models import Registration
from registrations.protection import Person, shown
from registrations.queries import lists
from registrations.queries.figures import Figures, figures


@dataclass(frozen=True)
class Latest:
    """One of the newest registrations. `position` in the waiting list, else None."""

    person: Person
    registration: Registration
    position: int | None


def latest_registrations(event_id: int) -> list[Latest]:
    """The five newest; none for those who may not see who comes. Protected ones nameless."""
    event = db.session.get(Event, event_id)
    if event is None or not may(PEOPLE, event.authority_id):
        return []
    found = lists.latest(db.session, event_id)
    places = lists.positions(db.session, event_id, [one.id for one in found])
    return [Latest(shown(one), one, places.get(one.id)) for one in found]


def event_figures(event_id: int) -> Figures:
    """The numbers of an event."""
    return figures(db.session, event_id)
