"""The released programme as the documents `door` and `signs` of core.pdf."""

from datetime import date
from itertools import groupby
from typing import Any

from flask_babel import gettext as _

from core.clock import to_local
from core.i18n import clock_span, day, day_short
from core.text import swedish_order
from events import programme
from events.models import Event, Release
from events.releasing.rules import Content

Node = dict[str, Any]
MOST_LINES = 24  # of a door: more are too small to be read from a step away


def doors(content: Content) -> list[tuple[str, date, list[programme.Part]]]:
    """Each room and day with its items in order, by day and then by room."""
    parts = [
        (of_day.date, part.room, part)
        for of_day in programme.days(content)
        for row in of_day.rows
        for part in row.parts
        if part.room
    ]
    parts.sort(key=lambda one: (one[0], swedish_order(one[1]), one[2].starts))
    return [
        (room, on, [part for _day, _room, part in found])
        for (on, room), found in groupby(parts, key=lambda one: (one[0], one[1]))
    ]


def doors_data(event: Event, release: Release, content: Content) -> Node:
    """What the sheets for the doors hold; a long list goes on on another sheet."""
    return _common(event, release, _("Dörrskyltar: %(title)s", title=event.title)) | {
        "event": event.title,
        "doors": [
            {"room": room, "day": day(on), "items": [_line(part) for part in some]}
            for room, on, parts in doors(content)
            for some in _sheets(parts)
        ],
        "words": {
            "release": _(
                "Version %(n)s, %(day)s.", n=release.number, day=day_short(release.published)
            )
        },
    }


def signs_data(event: Event, release: Release, content: Content) -> Node:
    """What the name signs hold: everybody who may be named, by surname."""
    people = sorted(
        content.get("speakers", ()),
        key=lambda one: (swedish_order(one["name"].rpartition(" ")[2]), swedish_order(one["name"])),
    )
    return _common(event, release, _("Namnskyltar: %(title)s", title=event.title)) | {
        "signs": [
            {
                "name": one["name"],
                "by": ", ".join(p for p in (one.get("title"), one.get("organisation")) if p),
            }
            for one in people
        ],
        "words": {},
    }


def _common(event: Event, release: Release, title: str) -> Node:
    return {
        "title": title,
        "authority": event.authority.name,
        "date": to_local(release.published).date().isoformat(),
    }


def _sheets(parts: list[programme.Part]) -> list[list[programme.Part]]:
    return [parts[at : at + MOST_LINES] for at in range(0, len(parts), MOST_LINES)]


def _line(part: programme.Part) -> Node:
    return {
        "time": clock_span(part.starts, part.ends),
        "title": part.title,
        "by": ", ".join(one.name for one in part.names),
        "pause": part.pause,
    }
