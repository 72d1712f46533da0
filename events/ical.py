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
from core.i18n import clock_span, day_short, phone, public_url
from core.text import clean_line
from events import places, programme
from events.ical_lines import STOCKHOLM_ZONE, BrokenComponent, Component, property_names, whole
from events.models import Event, Release
from events.queries.releases import latest_release
from events.rules import State
from events.words import ITEM_KIND, KIND, PREFIX

__all__ = ["STOCKHOLM_ZONE", "BrokenComponent", "property_names"]

MIMETYPE = "text/calendar; charset=utf-8"
REFRESH = "PT6H"
PRODUCT = "-//Samling//Samling 1.0//SV"
# RFC 5545, 3.8.1.11. What is postponed is not called off, but its time no longer stands: it
# stays in the calendar as tentative, and does not block the time (3.8.2.7).
STATUS = {State.CANCELLED: "CANCELLED", State.POSTPONED: "TENTATIVE", State.DRAFT: "TENTATIVE"}
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
    id) are told of; `online_url` is the link that only participants get; `organiser` is the
    address that mail comes from; `alarm` is in minutes before the start; `changed` is when anything
    of theirs last was, `stamp` when a letter with it is written.
    """

    uid: str
    sequence: int
    status: str | None = None
    name: str = ""
    chosen: frozenset[int] = frozenset()
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
    """A VEVENT for each item of the release; where it is somebody's own, each that was chosen."""
    items = release.content.get("items", ())
    return [
        made
        for item in items
        if (own is None or item["id"] in own.chosen) and (made := _item(event, release, item, own))
    ]


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
    component.add("TRANSP", "TRANSPARENT" if event.state is State.POSTPONED else "OPAQUE")
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
    component.text("SUMMARY", _titled(event, event.title))
    component.text("CATEGORIES", str(KIND[event.kind]))
    if place := _place(event, online_url):
        component.text("LOCATION", place)
    if organiser := _organiser(event, own):
        component.person("ORGANIZER", organiser, event.authority.sender_name)
    if contact := _contact(event):  # a telephone number is slow to spell: once an entry
        component.text("CONTACT", contact)
    if release and release.content.get("items") and event.state is not State.DRAFT:
        pdf = public_url("events.programme_pdf", slug=event.slug)
        component.address("ATTACH", pdf, ";FMTTYPE=application/pdf")
    if online_url:
        component.address("CONFERENCE", online_url, ";VALUE=URI;FEATURE=VIDEO")
    component.text("DESCRIPTION", _description(event, release, own, online_url, contact))
    if own and own.alarm is not None:
        component.put(_alarm(own.alarm, event.title))


def _alarm(minutes: int, title: str) -> Component:
    alarm = Component("VALARM")
    alarm.add("ACTION", "DISPLAY")
    alarm.add("TRIGGER", f"-PT{minutes}M")
    alarm.text("DESCRIPTION", clean_line(title))
    return alarm


def _titled(event: Event, title: str) -> str:
    prefix = _("UTKAST") if event.state is State.DRAFT else PREFIX.get(event.state)
    return f"{prefix} – {clean_line(title)}" if prefix else clean_line(title)


def _place(event: Event, online_url: str) -> str:
    place = places.place(event.venue_name, event.venue_address, event.municipality)
    return clean_line(place or online_url or (_("På nätet") if event.online_url else ""))


def _organiser(event: Event, own: Own | None) -> str:
    """Where mail about it comes from, for one's own; else where questions go, if anywhere."""
    if own and own.organiser:
        return own.organiser
    known = (event.authority.reply_to, event.contact_email)
    return next((address for address in known if _ADDRESS.fullmatch(address)), "")


def _contact(event: Event) -> str:
    parts = [
        event.contact_name, phone(event.contact_phone) if event.contact_phone else "",
        event.contact_email,
    ]  # fmt: skip
    return ", ".join(clean_line(part) for part in parts if part)


def _description(
    event: Event, release: Release | None, own: Own | None, online_url: str, contact: str
) -> str:
    parts = [event.state_note, event.lead]
    if own and own.name:
        parts.append(_("Anmäld: %(name)s", name=clean_line(own.name)))
    if online_url:
        parts.append(_("Delta på nätet: %(link)s", link=online_url))
    if release:
        parts.append(_programme(release, own.chosen if own else None))
    if contact:
        parts.append(_("Kontakt: %(who)s", who=contact))
    if event.state is not State.DRAFT:
        parts.append(public_url("events.show", slug=event.slug))
    return "\n\n".join(part for part in parts if part)


def _programme(release: Release, chosen: frozenset[int] | None) -> str:
    """The programme in lines; with `chosen`, of parallel items only these."""
    days = programme.days(_content(release, chosen))
    lines = [_("Program")] if days else []
    for day in days:
        if len(days) > 1:
            lines.append(day_short(day.date))
        for row in day.rows:
            if chosen is not None and row.parallel:
                several = _("Parallella programpunkter: välj på din sida")
                lines.append(f"{clock_span(row.starts, row.ends)} {several}")
                continue
            lines += [
                f"{clock_span(part.starts, part.ends)} {clean_line(part.title)}"
                + (f", {clean_line(part.room)}" if part.room else "")
                for part in row.parts
            ]
    return "\n".join(lines)


def _content(release: Release, chosen: frozenset[int] | None) -> Mapping[str, Any]:
    if not chosen:
        return release.content
    items = release.content.get("items", ())
    decided = {item.get("group") for item in items if item["id"] in chosen}
    kept = [
        item
        for item in items
        if item["id"] in chosen or not item.get("group") or item["group"] not in decided
    ]
    return {**release.content, "items": kept}


def _item(event: Event, release: Release, item: Mapping[str, Any], own: Own | None) -> bytes | None:
    """The VEVENT of an item, beside that of its event; None for one that cannot be written."""
    try:
        return _item_component(event, release, item, own).finished()
    except (ValueError, TypeError, KeyError, BrokenComponent):
        log.exception("an item of event %s is left out of the calendar", event.id)
        return None


def _item_component(
    event: Event, release: Release, item: Mapping[str, Any], own: Own | None
) -> Component:
    uid = own.uid if own else event.uid
    component = Component("VEVENT")
    component.text("UID", f"{clean_line(uid)}.{int(item['id'])}")
    component.text("RELATED-TO", clean_line(uid))
    component.stamp("DTSTAMP", max(event.updated, release.published))
    component.time("DTSTART", datetime.fromisoformat(item["starts"]))
    component.time("DTEND", datetime.fromisoformat(item["ends"]))
    component.add("SEQUENCE", str(_sequence(own or event, release)))
    component.add("STATUS", (own and own.status) or STATUS.get(event.state, "CONFIRMED"))
    # In one's own calendar the event has the time already.
    busy = not own and not item.get("pause") and event.state is not State.POSTPONED
    component.add("TRANSP", "OPAQUE" if busy else "TRANSPARENT")
    component.address("URL", public_url("events.show", slug=event.slug))
    component.text("SUMMARY", _titled(event, item["title"]))
    component.text("CATEGORIES", str(ITEM_KIND[item["kind"]]))
    place = ", ".join(part for part in (item.get("room", ""), _place(event, "")) if part)
    if place:
        component.text("LOCATION", clean_line(place))
    component.text("DESCRIPTION", _said_of(event, item))
    if own and own.alarm is not None:
        component.put(_alarm(own.alarm, item["title"]))
    return component


def _said_of(event: Event, item: Mapping[str, Any]) -> str:
    people = [
        ", ".join(part for part in (one["name"], one.get("by", "")) if part)
        for one in item.get("speakers", ())
    ]
    address = public_url("events.show", slug=event.slug)
    parts = [item.get("text", ""), "\n".join(people), clean_line(event.title), address]
    return "\n\n".join(part for part in parts if part)
