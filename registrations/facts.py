"""What a participant must know to be in the right place, said alike in letters and on pages."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from core.clock import to_local
from core.i18n import clock, clock_span, day, day_short, phone, span_from
from events.models import Event
from events.places import place
from events.rules import Mode
from events.words import MODE
from registrations.models import Registration

Fact = tuple[str, str]


def when_and_where(event: Event, person: Registration) -> list[Fact]:
    """The time, and the place or that it is on the net."""
    found = [(_("När"), span_from(event.starts, event.ends))]
    if person.mode is Mode.ONLINE:
        found.append((_("Hur"), str(MODE[Mode.ONLINE])))
    else:
        where = place(event.venue_name, event.venue_address, event.municipality)
        found.append((_("Var"), where or _("Platsen är inte bestämd än. Vi mejlar den.")))
    return found


def choices(event: Event, items: Iterable[Any]) -> list[str]:
    """What somebody has chosen, a line each; with the day where the event has several."""
    many = to_local(event.starts).date() != to_local(event.ends).date()
    return [
        (f"{day_short(item.starts)} " if many else "")
        + f"{clock_span(item.starts, item.ends)} {item.title}"
        + (f", {item.room}" if item.room else "")
        for item in items
    ]


def getting_there(event: Event) -> list[str]:
    """How to get there, and what the place is like for whoever needs to know."""
    found = [event.directions] if event.directions else []
    place_has = [
        words
        for words, there in (
            (_("stegfri entré"), event.step_free),
            (_("hiss"), event.lift),
            (_("hörslinga"), event.hearing_loop),
        )
        if there
    ]
    if place_has:
        found.append(_("I lokalen finns %(what)s.", what=", ".join(place_has)))
    if event.parking:
        found.append(_("Parkering: %(where)s", where=event.parking))
    return found


def contact(event: Event) -> str:
    """Whom to ask, in one line: name, telephone and address, as far as they are known."""
    return ", ".join(
        part
        for part in (
            event.contact_name or event.authority.name,
            phone(contact_phone(event)) if contact_phone(event) else "",
            event.contact_email or event.authority.reply_to,
        )
        if part
    )


def contact_phone(event: Event) -> str:
    """The number to call: the contact person's, else the authority's."""
    return event.contact_phone or event.authority.phone


def answer_by(when: datetime) -> str:
    """The last moment to answer an offer, e.g. "fredag 27 november 2026 kl. 20.41"."""
    return f"{day(when)} {_('kl.')} {clock(when)}"


def last_change(event: Event) -> str:
    """Until when one can change or cancel by oneself."""
    return day(event.cancel_by or event.starts)
