"""Freezing minutes, and what may be added afterwards."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from core.db import Stale
from core.errors import Refusal
from events import services as event_services
from events.finding.services import mark
from minutes import queries
from minutes.models import Addendum, Minutes
from minutes.rules import PUBLISHABLE, State, checksum, digest
from minutes.services.guard import lock_draft, note


def publish(
    session: Session,
    minutes: Minutes,
    *,
    pdf: bytes,
    content: dict[str, Any],
    by: User | None,
    now: datetime,
) -> None:
    """Freeze the minutes for ever; `content` and `pdf` come from `minutes.publishing.prepare`.

    Raises `Stale` where the minutes, the event or the figures have changed since they were
    made, and `Refusal` where the minutes are published or the event has no public page.
    """
    lock_draft(session, minutes)
    event = minutes.event
    if event.state not in PUBLISHABLE:
        raise Refusal(
            _("Publicera evenemanget först. Inställda och framflyttade har inget att anteckna.")
        )
    session.refresh(minutes, ["sections"])
    if digest(queries.document(session, minutes)) != digest(queries.unstamped(content)):
        raise Stale
    minutes.content = content
    minutes.content_digest = digest(content)
    minutes.pdf = pdf
    minutes.checksum = checksum(pdf)
    minutes.state = State.PUBLISHED
    minutes.published = minutes.updated = now
    minutes.published_by_id = by.id if by else None
    session.flush()
    event_services.touch(session, event, now=now)
    note(session, minutes, "published", minutes, by, now, {"sha256": minutes.checksum})


def add_addendum(
    session: Session, minutes: Minutes, *, body: str, by: User, now: datetime
) -> Addendum:
    """Add a dated addition under the frozen text. Raises `Refusal` while that is a draft."""
    session.refresh(minutes, with_for_update=True)
    if not minutes.is_published:
        raise Refusal(_("Skriv i själva anteckningarna så länge de inte är publicerade."))
    addendum = Addendum(body=body, author=by.name, added=now, added_by_id=by.id)
    minutes.addenda.append(addendum)
    session.flush()
    mark(session, minutes.event_id)
    note(session, minutes, "addendum", addendum, by, now, {})
    return addendum
