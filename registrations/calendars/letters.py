"""Letters about one's own calendar."""

from typing import Any

from flask_babel import gettext as _

from core.db import db
from core.i18n import public_url
from core.mail import Letter
from registrations import facts
from registrations.calendars.models import OwnFeed
from registrations.calendars.queries import token_of
from registrations.letters.common import Block, greeting, living, own_link, send
from registrations.models import Registration
from registrations.rules import Status


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


def declined(payload: dict[str, Any]) -> Letter | None:
    """The way to cancel, for whoever has said no in their calendar."""
    person = living(payload)
    if person is None or person.status is not Status.CONFIRMED:
        return None
    event = person.event
    blocks: list[Block] = [
        ("text", greeting(person)),
        ("text", _("I din kalender har du svarat att du inte kommer.")),
        ("text", _("Din plats är kvar. Avanmäl dig på din sida, så kan någon annan få den.")),
        ("link", _("Din anmälan"), own_link(person)),
        ("text", _("Ska du komma, eller var det inte du som svarade? Då behöver du inget göra.")),
        ("text", _("Frågor: %(contact)s", contact=facts.contact(event))),
    ]
    return send(event, _("Vill du avanmäla dig? %(title)s", title=event.title), blocks, [])


WRITERS = {"registration.own_feed": own_feed, "registration.calendar_declined": declined}
