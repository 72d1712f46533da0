"""The letter that tells somebody their seats, and why they are these."""

from typing import Any

from flask_babel import gettext as _

from core.db import db
from core.mail import Letter
from registrations.letters import letter_about, living
from registrations.placement.telling import explained
from registrations.rules import Status


def placed(payload: dict[str, Any]) -> Letter | None:
    """Written when it is sent: it tells the seats as they are then."""
    person = living(payload)
    if person is None or person.status is not Status.CONFIRMED:
        return None
    texts = [_("Nu är platserna på seminarierna fördelade."), *explained(db.session, person.id)]
    return letter_about(person, _("Dina seminarier: %(title)s", title=person.event.title), texts)
