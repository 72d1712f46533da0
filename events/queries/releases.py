"""The numbered releases of a programme."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from events.models import Event, ProgrammeItem, Release

# Of each event of a question; 0 where nothing has been released.
LATEST_NUMBER = (
    sa.select(sa.func.coalesce(sa.func.max(Release.number), 0))
    .where(Release.event_id == Event.id)
    .scalar_subquery()
)


@dataclass(frozen=True)
class Released:
    """A programme item as everybody sees it now."""

    id: int
    title: str
    room: str
    group: str
    starts: datetime
    ends: datetime


def latest_release(session: Session, event_id: int) -> Release | None:
    """What everybody sees of the programme now."""
    return session.scalar(
        sa.select(Release).filter_by(event_id=event_id).order_by(Release.number.desc()).limit(1)
    )


def latest_releases(session: Session, event_ids: Iterable[int]) -> dict[int, Release]:
    """The release that the public sees, by event."""
    ids = list(event_ids)
    latest = (
        sa.select(Release.event_id, sa.func.max(Release.number).label("number"))
        .where(Release.event_id.in_(ids))
        .group_by(Release.event_id)
        .subquery()
    )
    found = session.scalars(
        sa.select(Release).join(
            latest,
            (Release.event_id == latest.c.event_id) & (Release.number == latest.c.number),
        )
    )
    return {release.event_id: release for release in found}


def latest_two(session: Session, event_id: int) -> tuple[Release | None, Release | None]:
    """The release that everybody sees, and the one before it. One query."""
    found = session.scalars(
        sa.select(Release).filter_by(event_id=event_id).order_by(Release.number.desc()).limit(2)
    ).all()
    return (*found, None, None)[:2]  # type: ignore[return-value]


def release_and_before(
    session: Session, event_id: int, number: int
) -> tuple[Release | None, Release | None]:
    """The release of that number, and the one before it. One query."""
    found = {
        release.number: release
        for release in session.scalars(
            sa.select(Release).where(
                Release.event_id == event_id, Release.number.in_([number, number - 1])
            )
        )
    }
    return found.get(number), found.get(number - 1)


def dates(session: Session, event_id: int) -> Sequence[sa.Row[tuple[int, sa.DateTime]]]:
    """Number and time of every release, the latest first."""
    return session.execute(
        sa.select(Release.number, Release.published)
        .filter_by(event_id=event_id)
        .order_by(Release.number.desc())
    ).all()  # type: ignore[return-value]


def released_items(session: Session, ids: Collection[int]) -> dict[int, Any]:
    """Items of one event as they were released, by number and in the order of the day.

    For whoever must not see the draft. One that was never released is as it stands in the draft:
    somebody was given a seat in it. One or two queries.
    """
    if not ids:
        return {}
    event_id = sa.select(ProgrammeItem.event_id).where(ProgrammeItem.id == min(ids))
    content = session.scalar(
        sa.select(Release.content)
        .where(Release.event_id == event_id.scalar_subquery())
        .order_by(Release.number.desc())
        .limit(1)
    )
    found: dict[int, Any] = {
        item["id"]: Released(
            item["id"], item["title"], item["room"], item["group"],
            datetime.fromisoformat(item["starts"]), datetime.fromisoformat(item["ends"]),
        )
        for item in (content or {}).get("items", ())
        if item["id"] in ids
    }  # fmt: skip
    missing = set(ids) - found.keys()
    if missing:
        drafts = session.scalars(sa.select(ProgrammeItem).where(ProgrammeItem.id.in_(missing)))
        found |= {item.id: item for item in drafts}
    return dict(sorted(found.items(), key=lambda pair: (pair[1].starts, pair[0])))
