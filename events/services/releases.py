"""The frozen, numbered programmes."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import record
from core.errors import Refusal
from events import hooks
from events.models import Event, Release
from events.queries.drafts import draft_content
from events.releasing.rules import NOTHING, changes
from events.services.guard import refuse_closed


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


def release_programme(
    session: Session, event: Event, *, tell: bool = False, by: User | None, now: datetime
) -> Release:
    """Freeze the draft as the next numbered release: what everybody sees from now on.

    `tell`: those whom the changes concern are to hear of them. Raises `Refusal` for a closed
    event, and where the draft is what is published already.
    """
    refuse_closed(event)
    before = event.releases[-1] if event.releases else None
    content = draft_content(event)
    if before is not None and before.content == content:
        raise Refusal(_("Inget är ändrat sedan programmet publicerades senast."))
    release = add_release(event, content, by=by, now=now)
    session.flush()
    record(
        session, by=by, action="programme.released", subject=release, now=now,
        authority_id=event.authority_id, event_id=event.id,
        details={"number": release.number, "tell": tell},
    )  # fmt: skip
    found = changes(before.content if before else NOTHING, content)
    hooks.programme_released(session, event, before, release, found, tell, now)
    return release
