"""What a calendar entry says in words, in the language that is spoken."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from core.i18n import clock_span, day_short, phone, public_url
from core.text import clean_line
from events import places, programme
from events.models import Event, Release
from events.rules import State
from events.words import PREFIX


def titled(event: Event, title: str) -> str:
    """What stands in the calendar: the state of the event first, where it is not as usual."""
    prefix = _("UTKAST") if event.state is State.DRAFT else PREFIX.get(event.state)
    return f"{prefix} – {clean_line(title)}" if prefix else clean_line(title)


def place(event: Event, online_url: str, *, online: bool) -> str:
    """Where to go; for who takes part `online` the link, which programs offer to open."""
    there = places.place(event.venue_name, event.venue_address, event.municipality)
    on_the_net = online_url or (_("På nätet") if online or event.online_url else "")
    return clean_line(on_the_net if online else there or on_the_net)


def contact(event: Event) -> str:
    """Whom to ask."""
    parts = [
        event.contact_name, phone(event.contact_phone) if event.contact_phone else "",
        event.contact_email,
    ]  # fmt: skip
    return ", ".join(clean_line(part) for part in parts if part)


def description(
    event: Event,
    release: Release | None,
    *,
    name: str,
    chosen: frozenset[int] | None,
    online_url: str,
    contact: str,
) -> str:
    """What it is about, with the programme; of parallel items only the `chosen`, or all (None)."""
    parts = [event.state_note, event.lead]
    if name:
        parts.append(_("Anmäld: %(name)s", name=clean_line(name)))
    if online_url:
        parts.append(_("Delta på nätet: %(link)s", link=online_url))
    if release:
        parts.append(_programme(release, chosen))
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


def said_of(event: Event, item: Mapping[str, Any]) -> str:
    """What an item is about, who speaks, and of which event it is a part."""
    people = [
        ", ".join(part for part in (one["name"], one.get("by", "")) if part)
        for one in item.get("speakers", ())
    ]
    address = public_url("events.show", slug=event.slug)
    parts = [item.get("text", ""), "\n".join(people), clean_line(event.title), address]
    return "\n\n".join(part for part in parts if part)
