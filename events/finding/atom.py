"""The one place that knows Atom (RFC 4287): events as entries, made by an XML library."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from core.i18n import language, public_url, span
from events.models import Event
from events.places import place
from events.words import AUDIENCE, KIND, PREFIX, THEME

MIMETYPE = "application/atom+xml; charset=utf-8"
ATOM = "http://www.w3.org/2005/Atom"
# What XML 1.0 has no way to write.
_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

ET.register_namespace("", ATOM)


def feed(events: Iterable[Event], *, title: str, address: str, page: str, now: datetime) -> bytes:
    """The events, the latest changed first. `address` is the feed's own, `page` what it lists."""
    events = list(events)
    root = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": language()})
    _add(root, "title", title)
    _add(root, "id", _tag(address))
    _add(root, "updated", _instant(max((event.updated for event in events), default=now)))
    _add(root, "link", rel="self", type="application/atom+xml", href=address)
    _add(root, "link", rel="alternate", type="text/html", href=page)
    _add(root, "generator", "Samling")
    for event in events:
        _entry(root, event)
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return body


def _entry(root: ET.Element, event: Event) -> None:
    entry = ET.SubElement(root, f"{{{ATOM}}}entry")
    prefix = f"{PREFIX[event.state]} – " if event.state in PREFIX else ""
    _add(entry, "title", prefix + event.title)
    _add(entry, "id", f"urn:uuid:{event.uid}" if _is_uuid(event.uid) else _tag(event.uid))
    _add(entry, "published", _instant(event.published or event.created))
    _add(entry, "updated", _instant(event.updated))
    address = public_url("events.show", slug=event.slug)
    _add(entry, "link", rel="alternate", type="text/html", href=address)
    calendar = public_url("events.ics", slug=event.slug)
    _add(entry, "link", rel="related", type="text/calendar", href=calendar)
    author = ET.SubElement(entry, f"{{{ATOM}}}author")
    _add(author, "name", event.authority.name)
    _add(entry, "category", term=event.kind.value, label=str(KIND[event.kind]))
    for words, codes in ((THEME, event.themes), (AUDIENCE, event.audiences)):
        names = {code.value: str(called) for code, called in words.items()}
        for code in codes:
            _add(entry, "category", term=code, label=names[code])
    where = place(event.venue_name, event.venue_address, event.municipality)
    lines = [span(event.starts, event.ends), where, event.state_note, event.lead]
    _add(entry, "summary", "\n".join(line for line in lines if line), type="text")


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> None:
    clean = {key: _FORBIDDEN.sub("", value) for key, value in attributes.items()}
    ET.SubElement(parent, f"{{{ATOM}}}{name}", clean).text = _FORBIDDEN.sub("", text) or None


def _is_uuid(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text))


def _tag(what: str) -> str:
    """A name that stays (RFC 4151), whatever becomes of the address."""
    site = urlsplit(public_url("events.start"))
    path = what.removeprefix(f"{site.scheme}://{site.netloc}")
    return f"tag:{site.hostname},2026:{path}"


def _instant(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
