"""Letters about one's own calendar."""

from typing import Any

from flask_babel import gettext as _

from core.db import db
from core.i18n import public_url
from core.mail import Letter
from registrations.calendars.models import OwnFeed
from registrations.calendars.queries import token_of
from registrations.letters.common import Block, greeting, own_link, send
from registrations.models import Registration


def own_feed(payload: dict[str, Any]) -> Letter | None:
    """The way to the calendar of an address."""
    person = db.session.get(Registration, payload["registration"])
    feed = db.session.get(OwnFeed, payload["feed"])
    if person is None or feed is None or person.email_key != feed.email_key:
        return None
    address = public_url("registrations.own_feed", token=token_of(feed.link_key))
    blocks: list[Block] = [
        ("text", greeting(person)),
        (
            "text",
            _("Här är din kalender med det du är anmäld till. Den håller sig själv aktuell."),
        ),
        ("link", _("Min kalender"), address),
        ("text", _("Kopiera adressen och lägg till den som prenumeration i ditt kalenderprogram.")),
        ("text", _("Den som har adressen ser dina anmälningar. Dela den inte.")),
        ("link", _("Ändra eller ta bort den från din anmälan"), own_link(person)),
    ]
    return send(person.event, _("Din kalender"), blocks, [])


WRITERS = {"registration.own_feed": own_feed}
