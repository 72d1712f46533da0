"""Events as calendar files (RFC 5545, 7986) and as invitations by mail (RFC 5546, 6047).

A file to fetch is PUBLISHed and names no attendee (RFC 5546, 3.2.1); what goes by mail is a
REQUEST or a CANCEL and names its receiver alone.
"""

import enum
import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from core.clock import STOCKHOLM
from core.db import db
from core.i18n import public_url
from core.mail import sender_of
from core.text import clean_line
from events import ical_texts as texts
from events.ical_lines import (
    STOCKHOLM_ZONE,
    BrokenComponent,
    Component,
    property_names,
    quoted,
    whole,
)
from events.models import Event, Release
from events.queries.releases import latest_release
from events.rules import State
from events.words import ITEM_KIND, KIND

__all__ = ["STOCKHOLM_ZONE", "BrokenComponent", "property_names"]

MIMETYPE = "text/calendar; charset=utf-8"
REFRESH = "PT6H"
PRODUCT = "-//Samling//Samling 1.0//SV"
# RFC 5545, 3.8.1.11. What is postponed is not called off, but its time no longer stands: it
# stays in the calendar as tentative, and does not block the time (3.8.2.7).
STATUS = {State.CANCELLED: "CANCELLED", State.POSTPONED: "TENTATIVE", State.DRAFT: "TENTATIVE"}
NO_TIME_TAKEN = frozenset({State.CANCELLED, State.POSTPONED})
_ADDRESS = re.compile(r"[^\s\"<>(),:;\\@\[\]]+@[^\s\"<>(),:;\\@\[\]]+")

log = logging.getLogger(__name__)


class Method(enum.StrEnum):
    """What a calendar object is for (RFC 5546)."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class Attendee:
    """The one whom an invitation is for. `partstat` as in RFC 5545, 3.2.12."""

    address: str
    name: str
    partstat: str
    rsvp: bool


@dataclass(frozen=True)
class Own:
    """What makes an event somebody's own in a calendar.

    `uid` and `sequence` are the person's: colleagues who share a mailbox have an entry each. The
    number of the release is added to the sequence, as the description tells the programme.
    `status` is theirs too, where it is not the event's. Of parallel items only those `chosen` (by
    id) are told of; who is `online` goes to no venue; `online_url` is the link that only
    participants get; `organiser` is the address that mail comes from; `alarm` is in minutes before
    the start; `changed` is when anything of theirs last was another, `stamp` when a letter with
    the entry is written.
    """

    uid: str
    sequence: int
    status: str | None = None
    name: str = ""
    chosen: frozenset[int] = frozenset()
    online: bool = False
    online_url: str = ""
    organiser: str = ""
    alarm: int | None = None
    changed: datetime | None = None
    stamp: datetime | None = None
    attendee: Attendee | None = None


def event_calendar(event: Event, own: Own | None = None, method: Method = Method.PUBLISH) -> bytes:
    """The calendar file of one event, in the language that is spoken; `own` makes it somebody's."""
    release = latest_release(db.session, event.id)
    return calendar([event_component(event, release, own)], method=method)


def programme_calendar(event: Event, release: Release | None) -> bytes:
    """The released programme, an entry for each item; the event itself where there is none."""
    items = item_components(event, release) if release else []
    name = clean_line(event.title)
    return calendar(items or [event_component(event, release)], name=name)


def calendar(
    components: Iterable[bytes], *, name: str = "", method: Method = Method.PUBLISH
) -> bytes:
    """A calendar of finished components; with `name`, a feed to subscribe to."""
    head = Component("VCALENDAR")
    head.add("PRODID", PRODUCT)
    head.add("VERSION", "2.0")
    head.add("CALSCALE", "GREGORIAN")
    head.add("METHOD", method.value)
    if name:
        head.text("NAME", clean_line(name))
        head.text("X-WR-CALNAME", clean_line(name))
        head.add("X-WR-TIMEZONE", STOCKHOLM.key)
        head.add("REFRESH-INTERVAL", REFRESH, ";VALUE=DURATION")
        head.add("X-PUBLISHED-TTL", REFRESH)
        image = public_url("static", filename="mark.svg")
        head.address("IMAGE", image, ";VALUE=URI;DISPLAY=BADGE;FMTTYPE=image/svg+xml")
    return whole(head, components)


def event_component(event: Event, release: Release | None, own: Own | None = None) -> bytes:
    """One VEVENT, verified. What cannot be written comes out with its time and address only."""
    try:
        component = _plain(event, release, own)
        _describe(component, event, release, own)
        return component.finished()
    except (ValueError, TypeError, KeyError, BrokenComponent):
        log.exception("event %s comes out of the calendar without its texts", event.id)
        component = _plain(event, release, own)
        component.text("SUMMARY", str(KIND[event.kind]))
        return component.finished()


def item_components(event: Event, release: Release, own: Own | None = None) -> list[bytes]:
    """A VEVENT for each item of the release; where it is somebody's own, each that was chosen.

    One that cannot be written is left out.
    """
    made, shared = [], _shared(event, release, own)
    for item in release.content.get("items", ()):
        if own is None or item["id"] in own.chosen:
            try:
                made.append(_item(event, item, own, shared).finished())
            except (ValueError, TypeError, KeyError, BrokenComponent):
                log.exception("an item of event %s is left out of the calendar", event.id)
    return made


def _plain(event: Event, release: Release | None, own: Own | None) -> Component:
    """What no text has a part in: identity, time, state and address."""
    component = Component("VEVENT")
    changed = _changed(event, release, own)
    component.text("UID", clean_line(own.uid if own else event.uid))
    component.stamp("DTSTAMP", (own and own.stamp) or changed)
    component.stamp("CREATED", event.created)
    component.stamp("LAST-MODIFIED", changed)
    component.time("DTSTART", event.starts)
    component.time("DTEND", event.ends)
    component.add("SEQUENCE", str(_sequence(own, release) if own else event.sequence))
    component.add("STATUS", (own and own.status) or STATUS.get(event.state, "CONFIRMED"))
    gone = event.state in NO_TIME_TAKEN or (own and own.status == "CANCELLED")
    component.add("TRANSP", "TRANSPARENT" if gone else "OPAQUE")
    if event.state is State.DRAFT:
        component.add("CLASS", "PRIVATE")
    else:
        component.address("URL", public_url("events.show", slug=event.slug))
    if own and own.attendee:
        _attend(component, own.attendee)
    return component


def _changed(event: Event, release: Release | None, own: Own | None) -> datetime:
    """When anything that the entry tells of last was another: programs go by it too."""
    when = [event.updated, release and release.published, own and own.changed]
    return max(moment for moment in when if moment)


def _sequence(of: Own | Event, release: Release | None) -> int:
    """Both numbers only grow, so that their sum grows with each change of either."""
    return of.sequence + (release.number if release else 0)


def _attend(component: Component, one: Attendee) -> None:
    parameters = f";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={one.partstat}"
    component.person(
        "ATTENDEE", one.address, one.name, f"{parameters};RSVP={'TRUE' if one.rsvp else 'FALSE'}"
    )


def _describe(component: Component, event: Event, release: Release | None, own: Own | None) -> None:
    online_url = clean_line(own.online_url) if own else ""
    component.text("SUMMARY", texts.titled(event, event.title))
    component.text("CATEGORIES", str(KIND[event.kind]))
    if place := texts.place(event, online_url, online=bool(own and own.online)):
        component.text("LOCATION", place)
    component.person("ORGANIZER", _organiser(event, own), event.authority.sender_name)
    if contact := texts.contact(event):  # a telephone number is slow to spell: once an entry
        component.text("CONTACT", contact)
    if release and release.content.get("items") and event.state is not State.DRAFT:
        pdf = public_url("events.programme_pdf", slug=event.slug)
        component.address("ATTACH", pdf, ";FMTTYPE=application/pdf")
    if online_url:
        label = quoted(_("Länk till mötet"))
        parameters = f';VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL="{label}"'
        component.address("CONFERENCE", online_url, parameters)
    description = texts.description(
        event, release, name=own.name if own else "", chosen=own.chosen if own else None,
        online_url=online_url, contact=contact,
    )  # fmt: skip
    component.text("DESCRIPTION", description)
    if own and own.alarm is not None:
        component.put(_alarm(own.alarm, event.title))


def _alarm(minutes: int, title: str) -> Component:
    alarm = Component("VALARM")
    alarm.add("ACTION", "DISPLAY")
    alarm.add("TRIGGER", f"-PT{minutes}M")
    alarm.text("DESCRIPTION", clean_line(title))
    return alarm


def _organiser(event: Event, own: Own | None) -> str:
    """Where mail about it comes from, for one's own; else where questions go, if anywhere.

    There must be one in whatever is published (RFC 5546, 3.2.1).
    """
    if own and own.organiser:
        return own.organiser
    known = (event.authority.reply_to, event.contact_email)
    own_sender = sender_of(event.authority.sender_address)
    return next((address for address in known if _ADDRESS.fullmatch(address)), own_sender)


def _shared(event: Event, release: Release, own: Own | None) -> Component:
    """What all items of an event have in common."""
    component = Component("VEVENT")
    component.text("RELATED-TO", clean_line(own.uid if own else event.uid))
    component.stamp("DTSTAMP", _changed(event, release, own))
    component.add("SEQUENCE", str(_sequence(own or event, release)))
    component.add("STATUS", (own and own.status) or STATUS.get(event.state, "CONFIRMED"))
    component.address("URL", public_url("events.show", slug=event.slug))
    component.person("ORGANIZER", _organiser(event, own), event.authority.sender_name)
    return component


def _item(event: Event, item: Mapping[str, Any], own: Own | None, shared: Component) -> Component:
    """The VEVENT of an item, beside that of its event."""
    component = Component("VEVENT")
    component.text("UID", f"{clean_line(own.uid if own else event.uid)}.{int(item['id'])}")
    component.take(shared)
    component.time("DTSTART", datetime.fromisoformat(item["starts"]))
    component.time("DTEND", datetime.fromisoformat(item["ends"]))
    # In one's own calendar the event has the time already.
    busy = not own and not item.get("pause") and event.state not in NO_TIME_TAKEN
    component.add("TRANSP", "OPAQUE" if busy else "TRANSPARENT")
    component.text("SUMMARY", texts.titled(event, item["title"]))
    component.text("CATEGORIES", str(ITEM_KIND[item["kind"]]))
    online = bool(own and own.online)
    room = "" if online else item.get("room", "")
    where = texts.place(event, own.online_url if own else "", online=online)
    if place := ", ".join(part for part in (room, where) if part):
        component.text("LOCATION", clean_line(place))
    component.text("DESCRIPTION", texts.said_of(event, item))
    if own and own.alarm is not None:
        component.put(_alarm(own.alarm, item["title"]))
    return component
