"""Slides of speakers: attachments that they send by their own link.

They lie with the event's other files, for staff only, until the organiser lets others have them;
whoever may have them gets them only as long as the speaker has consented to it.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from core.errors import Refusal
from events.attachments import services
from events.attachments.models import Attachment
from events.attachments.receiving import Received
from events.attachments.rules import FileKind, Visibility
from events.speaking.models import Engagement

KINDS = frozenset({FileKind.PDF, FileKind.PPTX, FileKind.ODP})
MOST = 5  # of one speaker at one event


def add_slides(
    session: Session,
    engagement: Engagement,
    received: Received,
    *,
    title: str,
    by: User | None,
    now: datetime,
) -> Attachment:
    """Keep slides that have been taken in. Raises `Refusal` for another kind, or one too many."""
    if received.kind not in KINDS:
        raise Refusal(_("Välj en presentation: PDF, PPTX eller ODP."), "file")
    if len(slides_of(session, engagement)) >= MOST:
        raise Refusal(_("Du har redan fem filer här. Ta bort någon först."), "file")
    return services.attach(
        session, engagement.event, received, speaker=engagement.speaker, by=by, now=now,
        facts=services.Facts(title=title, visibility=Visibility.STAFF),
    )  # fmt: skip


def remove_slides(
    session: Session, engagement: Engagement, slides_id: int, *, by: User | None, now: datetime
) -> None:
    """Take slides away; nothing where the speaker has none of that number at the event."""
    mine = {one.id: one for one in slides_of(session, engagement)}
    if slides_id in mine:
        services.remove(session, mine[slides_id], by=by, now=now)


def slides_of(session: Session, engagement: Engagement) -> Sequence[Attachment]:
    """What the speaker has sent to the event, the oldest first."""
    return session.scalars(
        sa.select(Attachment)
        .filter_by(event_id=engagement.event_id, speaker_id=engagement.speaker_id)
        .order_by(Attachment.id)
    ).all()


def speakers_with_slides(session: Session, event_id: int) -> set[int]:
    """Who has sent slides to the event."""
    found = session.scalars(
        sa.select(Attachment.speaker_id).where(
            Attachment.event_id == event_id, Attachment.speaker_id.is_not(None)
        )
    )
    return {id_ for id_ in found if id_}
