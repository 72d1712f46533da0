"""The one place that knows iCalendar (RFC 5545, 5546, 7986): events as .ics.

Every text is cleaned before it comes in here and every component is read over again, line by
line, before it goes out: what somebody wrote can never become a property of its own.
"""

import logging
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import quote

import icalendar
from flask_babel import gettext as _

from core.clock import STOCKHOLM, to_local
from core.db import db
from core.i18n import clock_span, day_short, phone, public_url
from core.text import clean_line, clean_prose
from events import places, programme
from events.models import Event, Release
from events.queries.public import latest_release
from events.rules import State
from events.words import KIND, PREFIX

MIMETYPE = "text/calendar; charset=utf-8"
REFRESH = timedelta(hours=6)
PRODUCT = "-//Samling//Samling 1.0//SV"
END = b"END:VCALENDAR\r\n"
# Written by hand: a zone of RDATE lists, as libraries make it, is an hour wrong all summer in
# ical.js and is not read by Outlook, which goes by RRULE and the two offsets.
STOCKHOLM_ZONE = b"\r\n".join(
    [
        b"BEGIN:VTIMEZONE",
        b"TZID:Europe/Stockholm",
        b"BEGIN:DAYLIGHT",
        b"DTSTART:19810329T020000",
        b"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        b"TZNAME:CEST",
        b"TZOFFSETFROM:+0100",
        b"TZOFFSETTO:+0200",
        b"END:DAYLIGHT",
        b"BEGIN:STANDARD",
        b"DTSTART:19961027T030000",
        b"RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        b"TZNAME:CET",
        b"TZOFFSETFROM:+0200",
        b"TZOFFSETTO:+0100",
        b"END:STANDARD",
        b"END:VTIMEZONE",
        b"",
    ]
)
# RFC 5545, 3.8.1.11. What is postponed is not called off, but its time no longer stands: it
# stays in the calendar as tentative, and does not block the time (3.8.2.7).
STATUS = {State.CANCELLED: "CANCELLED", State.POSTPONED: "TENTATIVE"}
_PROPERTY = re.compile(rb"([A-Z][A-Z0-9-]*)[;:]")
_ADDRESS = re.compile(r"[^\s\"<>(),:;\\@\[\]]+@[^\s\"<>(),:;\\@\[\]]+")

log = logging.getLogger(__name__)


class BrokenComponent(Exception):
    """A component came out with other lines than were put into it."""


def event_calendar(
    event: Event,
    *,
    attendee: str | None = None,
    status: str | None = None,
    sequence: int | None = None,
    online_url: str = "",
) -> bytes:
    """The .ics of one event, in the language that is spoken.

    For a participant's own file `attendee` is the name of the person (colleagues share a
    mailbox; it goes into the description, as RFC 5546, 3.2.1 allows no ATTENDEE in what is
    published), `status` CONFIRMED, TENTATIVE or CANCELLED, `sequence` what to show if it is
    higher than the event's own, and `online_url` the link that only participants get.
    """
    made = event_component(
        event,
        latest_release(db.session, event.id),
        attendee=attendee or "",
        status=status,
        sequence=sequence or 0,
        online_url=online_url,
    )
    return calendar([made])


def calendar(components: Iterable[bytes], *, name: str = "") -> bytes:
    """A calendar of components made by `event_component`; with `name`, a feed to subscribe to."""
    head = icalendar.Calendar()
    head.add("prodid", PRODUCT)
    head.add("version", "2.0")
    head.add("calscale", "GREGORIAN")
    head.add("method", "PUBLISH")
    if name:
        head.add("name", clean_line(name))
        head.add("x-wr-calname", clean_line(name))
        head.add("x-wr-timezone", STOCKHOLM.key)
        head.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        head.add("x-published-ttl", "PT6H")
    opening = bytes(head.to_ical()).removesuffix(END)
    return b"".join([opening, STOCKHOLM_ZONE, *components, END])


def event_component(
    event: Event,
    release: Release | None,
    *,
    attendee: str = "",
    status: str | None = None,
    sequence: int = 0,
    online_url: str = "",
) -> bytes:
    """One VEVENT, verified. What cannot be written comes out with its time and address only."""
    try:
        component = _plain(event, status, sequence)
        _describe(component, event, release, attendee, clean_line(online_url))
        return _verified(component)
    except (ValueError, TypeError, KeyError, BrokenComponent):
        log.exception("event %s comes out of the calendar without its texts", event.id)
        component = _plain(event, status, sequence)
        component.add("summary", str(KIND[event.kind]))
        return _verified(component)


def _plain(event: Event, status: str | None, sequence: int) -> icalendar.Event:
    """What no text has a part in: identity, time, state and address."""
    component = icalendar.Event()
    component.add("uid", clean_line(event.uid))
    component.add("dtstamp", event.updated)
    component.add("created", event.created)
    component.add("dtstart", _when(event.starts))
    component.add("dtend", _when(event.ends))
    component.add("sequence", max(event.sequence, sequence))
    component.add("status", status or STATUS.get(event.state, "CONFIRMED"))
    component.add("transp", "TRANSPARENT" if event.state is State.POSTPONED else "OPAQUE")
    component.add("url", public_url("events.show", slug=event.slug))
    return component


def _describe(
    component: icalendar.Event,
    event: Event,
    release: Release | None,
    attendee: str,
    online_url: str,
) -> None:
    prefix = PREFIX.get(event.state)
    title = clean_line(event.title)
    component.add(
        "last-modified", max(event.updated, release.published if release else event.updated)
    )
    component.add("summary", f"{prefix} – {title}" if prefix else title)
    component.add("categories", [str(KIND[event.kind])])
    if place := _place(event, online_url):
        component.add("location", place)
    if organiser := _organiser(event):
        component.add("organizer", organiser)
    if online_url:
        conference = icalendar.vUri(quote(online_url, safe=":/?#[]@!$&'()*+,;=%~-._"))
        conference.params["VALUE"] = "URI"
        conference.params["FEATURE"] = "VIDEO"
        component.add("conference", conference)
    component.add("description", clean_prose(_description(event, release, attendee, online_url)))


def _when(instant: datetime) -> datetime:
    """The time in the zone; in UTC in the hour that the wall shows twice that night.

    RFC 5545, 3.3.5 says that a local time that occurs twice means the first; ical.js reads it
    as the second.
    """
    local = to_local(instant)
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return instant if twice else local


def _place(event: Event, online_url: str) -> str:
    place = places.place(event.venue_name, event.venue_address, event.municipality)
    return clean_line(place or online_url or (_("På nätet") if event.online_url else ""))


def _organiser(event: Event) -> icalendar.vCalAddress | None:
    """The authority, with the address that questions go to; none where there is no address."""
    address = next(
        (a for a in (event.authority.reply_to, event.contact_email) if _ADDRESS.fullmatch(a)), ""
    )
    if not address:
        return None
    found = icalendar.vCalAddress("mailto:" + quote(address, safe="@+.!#$&'*/=?^_`{|}~-"))
    # A parameter value cannot hold a double quote (RFC 5545, 3.2).
    found.params["CN"] = clean_line(event.authority.sender_name).replace('"', "'").replace("^", "")
    return found


def _description(event: Event, release: Release | None, attendee: str, online_url: str) -> str:
    parts = [event.state_note, event.lead]
    if attendee:
        parts.append(_("Anmäld: %(name)s", name=clean_line(attendee)))
    if online_url:
        parts.append(_("Delta på nätet: %(link)s", link=online_url))
    if release:
        parts.append(_programme(release))
    contact = [event.contact_name, phone(event.contact_phone) if event.contact_phone else ""]
    if any(contact):
        parts.append(_("Kontakt: %(who)s", who=", ".join(part for part in contact if part)))
    parts.append(public_url("events.show", slug=event.slug))
    return "\n\n".join(part for part in parts if part)


def _programme(release: Release) -> str:
    days = programme.days(release.content)
    lines = [_("Program")] if days else []
    for day in days:
        if len(days) > 1:
            lines.append(day_short(day.date))
        lines += [
            f"{clock_span(part.starts, part.ends)} {part.title}"
            for row in day.rows
            for part in row.parts
        ]
    return "\n".join(lines)


def _verified(component: icalendar.Event) -> bytes:
    """The component as bytes, read over again. Raises `BrokenComponent`."""
    made = bytes(component.to_ical())
    expected = sorted(name.encode() for name, _value in component.property_items(sorted=False))
    if sorted(property_names(made)) != expected:
        raise BrokenComponent
    return made


def property_names(made: bytes) -> list[bytes]:
    """The names of all properties, BEGIN and END included. Raises `BrokenComponent`.

    Reads lines as RFC 5545, 3.1 has them and knows nothing of how they were written.
    """
    names = []
    if not made.endswith(b"\r\n") or b"\0" in made:
        raise BrokenComponent
    for line in made.replace(b"\r\n ", b"").removesuffix(b"\r\n").split(b"\r\n"):
        found = _PROPERTY.match(line)
        if not found or b"\r" in line or b"\n" in line:
            raise BrokenComponent
        names.append(found[1])
    return names
