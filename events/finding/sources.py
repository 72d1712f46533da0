"""Where what is found comes from. Packages above put theirs in `sources`.

A source is called as `source(session, event_ids)` with the ids of public events and gives a
`Found` for each thing of theirs that everybody may read, as it is read now.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from core.hooks import Hook
from core.reference import counties
from events.finding.rules import DocumentKind
from events.models import Event
from events.queries.feeds import events_by_id
from events.queries.releases import latest_releases
from events.words import found_by

sources = Hook()
Content = dict[str, Any]


@dataclass(frozen=True)
class Found:
    """Something public. `more` is found but never shown; `key` is its own within the event."""

    event_id: int
    kind: DocumentKind
    key: str
    title: str
    body: str
    endpoint: str
    values: dict[str, Any] = field(default_factory=dict)
    more: str = ""


def occasions(session: Session, event_ids: Iterable[int]) -> Iterator[Found]:
    """The events themselves, and what the public release of each names."""
    ids = list(event_ids)
    releases = latest_releases(session, ids)
    for event in events_by_id(session, ids):
        release = releases.get(event.id)
        content = release.content if release else {}
        yield _occasion(event, content)
        yield from _items(event, content)
        yield from _speakers(event, content)


def _occasion(event: Event, content: Content) -> Found:
    county = counties().get(event.county_code or "")
    texts = (
        event.lead, event.purpose, event.question, event.can_achieve, event.target_group,
        event.state_note,
    )  # fmt: skip
    said = [str(item["title"]) for item in content.get("items", ()) if not item.get("pause")]
    names = [f"{one['name']} {one['organisation']}" for one in content.get("speakers", ())]
    more = (
        event.search, county.name if county else "", event.inviter_name, event.case_number,
        event.in_cooperation_with, found_by(event.kind), *said, *names,
    )  # fmt: skip
    return Found(
        event.id, DocumentKind.EVENT, "", event.title, "\n".join(text for text in texts if text),
        "events.show", {"slug": event.slug}, " ".join(more),
    )  # fmt: skip


def _items(event: Event, content: Content) -> Iterator[Found]:
    for item in content.get("items", ()):
        if not item.get("pause"):
            names = [f"{one['name']} {one.get('by', '')}" for one in item.get("speakers", ())]
            yield Found(
                event.id, DocumentKind.ITEM, str(item["id"]), item["title"], item.get("text", ""),
                "events.show", {"slug": event.slug}, " ".join([item.get("room", ""), *names]),
            )  # fmt: skip


def _speakers(event: Event, content: Content) -> Iterator[Found]:
    for one in content.get("speakers", ()):
        by = ", ".join(part for part in (one.get("title"), one.get("organisation")) if part)
        body = "\n".join(part for part in (by, one.get("text", "")) if part)
        yield Found(
            event.id, DocumentKind.SPEAKER, str(one["id"]), one["name"], body,
            "events.show", {"slug": event.slug},
        )  # fmt: skip


sources.fill(occasions)
