"""Everybody who takes part in an event, with what they take part in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, render_template

from core.cache import cached
from core.db import db
from core.i18n import language
from core.policy import public
from core.text import initials
from core.web import found
from events import programme
from events.programme import Part
from events.queries import pages, releases
from events.rules import SpeakerRole
from events.views.blueprint import bp

Turn = tuple[Part, tuple[SpeakerRole, ...]]


@dataclass(frozen=True)
class Shown:
    """Somebody on the public page, and in what."""

    who: dict[str, Any]
    turns: Sequence[Turn]


@bp.get("/evenemang/<slug:slug>/medverkande")
@public
def event_speakers(slug: str) -> Response:
    """Those whose names may be shown now, in the order of the programme."""
    stamp = found(pages.stamp(slug))

    def page() -> str:
        event = pages.whole_event(db.session, stamp.id)
        release = releases.latest_release(db.session, stamp.id)
        return render_template(
            "events/speaking/people.html",
            event=event,
            people=people_of(release.content if release else {}),
            initials=initials,
        )

    return cached(("speakers", language(), stamp), page)


def people_of(content: dict[str, Any]) -> list[Shown]:
    """Everybody in a released programme, each with their items and roles there."""
    turns: dict[int, dict[int, tuple[Part, list[SpeakerRole]]]] = {}
    for item in content.get("items", ()):
        for one in item.get("speakers", ()):
            of_item = turns.setdefault(one["id"], {})
            if item["id"] not in of_item:
                of_item[item["id"]] = (programme.part_of(item), [])
            of_item[item["id"]][1].append(SpeakerRole(one["role"]))
    return [
        Shown(who, [(part, tuple(roles)) for part, roles in turns.get(who["id"], {}).values()])
        for who in content.get("speakers", ())
    ]
