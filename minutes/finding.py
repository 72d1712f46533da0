"""Published minutes, as they are found by searching."""

from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload, undefer

from core.text import plain
from events.finding.rules import DocumentKind
from events.finding.sources import Found
from minutes.models import Minutes
from minutes.rules import State


def published(session: Session, event_ids: Iterable[int]) -> Iterator[Found]:
    """The frozen documents of these events, with what was added to them."""
    for minutes in session.scalars(
        sa.select(Minutes)
        .where(Minutes.event_id.in_(list(event_ids)), Minutes.state == State.PUBLISHED)
        .options(
            undefer(Minutes.content), selectinload(Minutes.addenda), selectinload(Minutes.event)
        )
    ):
        content = minutes.content or {}
        title = f"{content.get('form', '')}: {content.get('title', '')}"[:300]
        more = [content.get("case_number", ""), *_named(content)]
        yield Found(
            minutes.event_id, DocumentKind.MINUTES, "", title,
            "\n".join(_texts(content) + [plain(one.body) for one in minutes.addenda]),
            "minutes.document", {"slug": minutes.event.slug}, " ".join(more),
        )  # fmt: skip


def _texts(content: dict[str, Any]) -> list[str]:
    return [
        text
        for part in content.get("parts", ())
        for text in (part["heading"], plain(part["body"]))
        if text
    ]


def _named(content: dict[str, Any]) -> list[str]:
    asked = content.get("participants", {}).get("organisations", ())
    speakers = [part["speakers"] for part in content.get("parts", ())]
    return [content.get("chair", ""), *speakers, *(one["name"] for one in asked)]
