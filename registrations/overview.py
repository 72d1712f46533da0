"""What the pages of an event show of its registrations: template globals."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts.gate import may
from accounts.rules import PEOPLE, PLAN
from core.clock import now
from core.db import db
from events.models import Event
from registrations.models import Registration
from registrations.placement.queries import placed_groups, waiting_for_placement
from registrations.places.queries import pending
from registrations.protection import Person, shown
from registrations.queries import figures, lists
from registrations.queries.figures import Figures


@dataclass(frozen=True)
class Latest:
    """One of the newest registrations. `position` in the waiting list, else None."""

    person: Person
    registration: Registration
    position: int | None


@dataclass(frozen=True)
class Duty:
    """Something that waits for the organiser: what, the way there and what that is called."""

    sentence: str
    address: str
    words: str


def duties(event: Event) -> list[Duty]:
    """What registrations ask of those who plan the event now."""
    if not may(PLAN, event.authority_id) or event.ends <= now():
        return []
    found = []
    answers = pending(db.session, event.id)
    if answers:
        found.append(
            Duty(
                ngettext(
                    "%(num)s anmälan väntar på ert svar.",
                    "%(num)s anmälningar väntar på ert svar.",
                    answers,
                ),
                url_for("registrations.participants", event_id=event.id, status="pending"),
                _("Svara"),
            )
        )
    closed = event.registration_closes is not None and event.registration_closes <= now()
    if closed and placed_groups(db.session, event.id):
        people = waiting_for_placement(db.session, event.id)
        if people:
            found.append(
                Duty(
                    ngettext(
                        "%(num)s person väntar på sina seminarier.",
                        "%(num)s personer väntar på sina seminarier.",
                        people,
                    ),
                    url_for("registrations.placement", event_id=event.id),
                    _("Fördela platserna"),
                )
            )
    return found


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
    return figures.figures(db.session, event_id)


def came_among(event_ids: list[int]) -> dict[int, int]:
    """How many came to each of these events."""
    return figures.came_among(db.session, event_ids)
