"""The frozen, numbered programmes."""

from datetime import datetime
from typing import Any

from accounts.models import User
from events.models import Event, Release


def add_release(
    event: Event, content: dict[str, Any], *, by: User | None, now: datetime
) -> Release:
    """Freeze `content` as the event's next release: what everybody sees from now on."""
    release = Release(
        number=event.releases[-1].number + 1 if event.releases else 1,
        content=content,
        published=now,
        published_by_id=by.id if by else None,
    )
    event.releases.append(release)
    return release
