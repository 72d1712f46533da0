"""What things are called for people: roles, and what the log tells."""

from typing import Any

from flask_babel import lazy_gettext as _l

from accounts.rules import Role
from core.outbox.rules import State

ROLE = {
    Role.ADMIN: _l("Administratör"),
    Role.ORGANISER: _l("Handläggare"),
    Role.SECRETARY: _l("Sekreterare"),
    Role.CHECK_IN: _l("Incheckning"),
    Role.READER: _l("Läsare"),
}

MAIL_STATE = {
    State.WAITING: _l("Väntar"),
    State.SENT: _l("Skickat"),
    State.FAILED: _l("Kom inte fram"),
    State.SUPERSEDED: _l("Behövde inte skickas"),
}

# Packages above add the words of their own actions.
LOG: dict[str, Any] = {
    "user.added": _l("La till en kollega"),
    "user.roles": _l("Ändrade en kollegas roller"),
    "user.closed": _l("Stängde ett konto"),
    "user.opened": _l("Öppnade ett konto igen"),
    "user.password": _l("Bytte lösenord"),
    "user.password_reset": _l("Gav en kollega ett tillfälligt lösenord"),
    "authority.changed": _l("Ändrade myndighetens uppgifter"),
    "job.refused": _l("Ett arbete utfördes inte: den som startade det hade inte längre rätt"),
    "mail.corrected": _l("Rättade adressen på ett brev"),
}
