"""The one place that knows schema.org: an event as JSON-LD for those who gather calendars."""

import json
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from core.clock import to_local
from core.i18n import language, public_url
from core.reference import counties, municipality_name
from events.models import Event
from events.queries.pages import Seats
from events.rules import Mode, State

STATUS = {State.CANCELLED: "EventCancelled", State.POSTPONED: "EventPostponed"}
# Escaped as JSON allows, so that no text can end the script element or open a comment in it.
_ESCAPES = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def event_script(event: Event, content: Mapping[str, Any], modes: tuple[Seats, ...]) -> Markup:
    """The event for a `<script type="application/ld+json">`: JSON without any `<`."""
    text = json.dumps(_event(event, content, modes), ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_ESCAPES))  # noqa: S704 - escaped on the line above


def _event(event: Event, content: Mapping[str, Any], modes: tuple[Seats, ...]) -> dict[str, Any]:
    address = public_url("events.show", slug=event.slug)
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": address,
        "url": address,
        "name": event.title,
        "description": event.lead,
        "startDate": to_local(event.starts).isoformat(),
        "endDate": to_local(event.ends).isoformat(),
        "eventStatus": "https://schema.org/" + STATUS.get(event.state, "EventScheduled"),
        "inLanguage": "sv",
        "location": _location(event, address, modes),
        "eventAttendanceMode": "https://schema.org/" + _attendance(event, modes),
        "organizer": {"@type": "GovernmentOrganization", "name": event.authority.name},
    }
    names = [speaker["name"] for speaker in content.get("speakers", ())]
    if names:
        found["performer"] = [{"@type": "Person", "name": name} for name in names]
    limits = [seats.capacity for seats in modes]
    if limits and None not in limits:
        found["maximumAttendeeCapacity"] = sum(limit or 0 for limit in limits)
    if language() == "en":
        found["inLanguage"] = ["sv", "en"]
    return found


def _attendance(event: Event, modes: tuple[Seats, ...]) -> str:
    online = event.online_url or any(seats.mode is Mode.ONLINE for seats in modes)
    if not online:
        return "OfflineEventAttendanceMode"
    return "MixedEventAttendanceMode" if event.venue_name else "OnlineEventAttendanceMode"


def _location(event: Event, address: str, modes: tuple[Seats, ...]) -> list[dict[str, Any]]:
    places: list[dict[str, Any]] = []
    town = municipality_name(event.municipality)
    county = counties().get(event.county_code or "")
    if event.venue_name or town:
        place: dict[str, Any] = {
            "@type": "Place",
            "name": event.venue_name or town,
            "address": {
                "@type": "PostalAddress",
                "streetAddress": event.venue_address,
                "addressLocality": town,
                "addressRegion": county.name if county else "",
                "addressCountry": "SE",
            },
        }
        places.append(place)
    if _attendance(event, modes) != "OfflineEventAttendanceMode":
        # The link itself is for participants; the page is where one gets it.
        places.append({"@type": "VirtualLocation", "url": address})
    return places
