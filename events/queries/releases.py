"""The numbered releases of a programme, and whom they may name."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from events.models import Release
from events.releasing.rules import Content, named, speaker_ids
from events.speaking.shown import nameable


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


def as_shown(session: Session, *contents: Content) -> list[Content]:
    """These programmes with only those named who consent to it now. One query."""
    may = nameable(session, speaker_ids(*contents))
    return [named(content, may) for content in contents]
