"""What things are called for people: roles, and what the log tells."""

import re
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts.rules import Role
from core.i18n import moment
from core.outbox.rules import State

INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:")

ROLE = {
    Role.ADMIN: _l("Administratör"),
    Role.ORGANISER: _l("Handläggare"),
    Role.SECRETARY: _l("Sekreterare"),
    Role.CHECK_IN: _l("Incheckning"),
    Role.READER: _l("Läsare"),
}

ROLE_IN_FULL = {
    Role.ADMIN: _l("Administratör: allt, och vilka som arbetar här"),
    Role.ORGANISER: _l("Handläggare: planerar, bjuder in och publicerar"),
    Role.SECRETARY: _l("Sekreterare: skriver och publicerar minnesanteckningar"),
    Role.CHECK_IN: _l("Incheckning: prickar av vid dörren"),
    Role.READER: _l("Läsare: ser allt utom känsliga uppgifter"),
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
    "mail.corrected": _l("Rättade adressen på ett mejl"),
}

# What is changed, and what it is changed to where that is one of few; packages above add theirs.
FIELD: dict[str, Any] = {
    "name": _l("Namn"),
    "email": _l("E-post"),
    "phone": _l("Telefon"),
    "title": _l("Titel"),
    "text": _l("Text"),
}
VALUE: dict[Any, Any] = {}


def field_told(name: str) -> str:
    """What a field is called in the log; nothing where it has no name for people."""
    return str(FIELD.get(name, ""))


def value_told(value: object) -> str:
    """What a field held, as people read it."""
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    if value is None or value == "":
        return "–"
    text = str(value)
    if INSTANT.match(text):
        return moment(datetime.fromisoformat(text))
    return str(VALUE.get(text, text))
