"""What people need on the day: counts for the kitchen, and names for the officer who sees to it.

Names and needs together are shown only in the answer to a POST, after a line has been written
for each person (who looked, at whom, when; never the need).
"""

from flask import render_template
from flask_babel import gettext as _

from accounts.gate import me, staff
from accounts.rules import NEEDS
from core.clock import now
from core.db import db, write
from events.models import Event
from events.queries.manage import find_event
from registrations import needs as sensitive
from registrations.protection import Person, shown
from registrations.queries import wishes
from registrations.views.blueprint import bp

PATH = "/arbeta/evenemang/<id:event_id>/behov"


@bp.get(PATH)
@staff(NEEDS, event=find_event)
def needs(event: Event) -> str:
    """Counts for the kitchen, and how many have needs to see to."""
    return _page(event, None)


@bp.post(PATH)
@staff(NEEDS, event=find_event)
def needs_shown(event: Event) -> str:
    """The same with names and access needs; each look is logged before it is shown."""

    def look() -> list[tuple[Person, str]]:
        people = wishes.with_access_needs(db.session, event.id)
        texts = sensitive.read(db.session, people, by=me(), now=now())
        return [(shown(person), texts[person.id]["access"]) for person in people]

    return _page(event, write(look))


def _page(event: Event, people: list[tuple[Person, str]] | None) -> str:
    return render_template(
        "registrations/manage/needs.html",
        event=event,
        tab="participants",
        kitchen=wishes.kitchen(db.session, event.id),
        waiting_to_be_seen=wishes.access_needs_count(db.session, event.id),
        people=people,
        heading=_("Kost och behov"),
    )
