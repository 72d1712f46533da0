"""Secret links of speakers and the letters that carry them."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import crypto
from core.outbox.services import enqueue
from events.models import Event, Speaker
from events.rules import State
from events.speaking.models import Engagement
from events.speaking.rules import Answer

OFF = frozenset({State.CANCELLED, State.HELD, State.CLOSED})


def link_token(engagement: Engagement) -> str:
    """The secret of the link in the speaker's letter, as it stands now."""
    return crypto.derived_token("engagement", engagement.id, engagement.token_version)


def to_come(event: Event, now: datetime) -> bool:
    """Whether there is still something to ask speakers about the event."""
    return event.state not in OFF and event.ends > now


def new_link(engagement: Engagement) -> None:
    """Let the present link open the page."""
    engagement.token_hash = crypto.digest(link_token(engagement))


def letter(
    session: Session,
    engagement: Engagement,
    kind: str,
    *,
    now: datetime,
    once: bool = False,
    at: datetime | None = None,
    **more: Any,
) -> None:
    """Put a letter of `kind` in the outbox; one that waits is superseded. `once`: for ever.

    `at` puts it off; `more` is for its writer.
    """
    session.flush()
    engagement.mailed = now
    enqueue(
        session,
        kind=f"speaking.{kind}",
        to=engagement.speaker.email,
        payload={"engagement": engagement.id, "token_version": engagement.token_version, **more},
        now=now,
        at=at,
        dedupe_key=f"speaking.{kind}:{engagement.id}" if once else None,
        thread=f"engagement:{engagement.id}",
        authority_id=engagement.event.authority_id,
        about=f"engagement:{engagement.id}",
    )


def send_anew(session: Session, speaker: Speaker, *, now: datetime) -> None:
    """The address was corrected: old links open nothing, and the letter goes to the new one."""
    found = session.scalars(
        sa.select(Engagement).where(
            Engagement.speaker_id == speaker.id, Engagement.token_hash.is_not(None)
        )
    )
    for engagement in found.all():
        engagement.token_version += 1
        if not speaker.email:
            engagement.token_hash = None
            continue
        new_link(engagement)
        if to_come(engagement.event, now) and engagement.answer is not Answer.NO:
            letter(session, engagement, "invitation", now=now)
