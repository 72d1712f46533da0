"""What handouts plug into the application: a word for the own page."""

from flask import Flask

from core.db import db
from events.attachments import queries
from events.attachments.queries import Shown
from registrations.handouts.rules import may_have
from registrations.models import Registration


def init_app(app: Flask) -> None:
    """Plug in."""
    app.jinja_env.globals["handouts_of"] = _handouts_of


def _handouts_of(person: Registration) -> list[Shown]:
    """What this person may fetch; nothing is asked where the event has no files."""
    if not person.event.attached or not may_have(person.status):
        return []
    return queries.shown(db.session, person.event_id, queries.FOR_REGISTERED)
