"""What becomes due by itself: reminders, each once ever, and consents that have ended."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.clock import today
from core.db import write
from events.models import Appearance, Event, ProgrammeItem, Speaker
from events.rules import State
from events.services.speakers import show_anew
from events.speaking.asking import OFF, letter
from events.speaking.models import Engagement
from events.speaking.queries import missing_of
from events.speaking.rules import (
    MOVING,
    NUDGE_BEFORE,
    QUIET,
    REMIND_AFTER,
    Answer,
    Consent,
    Missing,
)

CALLED_OFF = frozenset({State.CANCELLED, State.POSTPONED})
WORTH_A_LETTER = {Missing.PHOTO, Missing.SLIDES}


def upkeep(session: Session, *, now: datetime) -> None:
    """Look for what is due, and do it one by one, each in a transaction of its own."""
    for engagement_id in _ids(session, _unanswered(now)):
        write(partial(_remind, session, engagement_id, now))
    for engagement_id in _ids(session, _close(now)):
        write(partial(_nudge, session, engagement_id, now))
    for speaker_id in session.scalars(_ended()).all():
        write(partial(_end, session, speaker_id, now))


def state_changed(session: Session, event: Event, before: State, now: datetime) -> None:
    """Tell those who were asked that the event is off that day, or takes place after all."""
    if event.state in CALLED_OFF:
        for engagement in _asked(session, event):
            letter(session, engagement, "off", now=now)
    elif event.state is State.PUBLISHED and before in CALLED_OFF:
        _tell_news(session, event, now, again=True)


def event_changed(session: Session, event: Event, changed: dict[str, Any], now: datetime) -> None:
    """Tell those who were asked of another time or place; of one postponed, of the new day."""
    told_of = MOVING if event.state is State.PUBLISHED else {"starts"}
    if event.state in {State.PUBLISHED, State.POSTPONED} and changed.keys() & told_of:
        _tell_news(session, event, now, again=False)


def _tell_news(session: Session, event: Event, now: datetime, *, again: bool) -> None:
    if event.ends > now:
        for engagement in _asked(session, event):
            letter(session, engagement, "news", now=now, at=now + QUIET, again=again)


def _asked(session: Session, event: Event) -> Sequence[Engagement]:
    """Those who have been asked by letter, and have not said no."""
    asked = sa.select(Engagement).where(
        Engagement.event_id == event.id, Engagement.sent.is_not(None),
        Engagement.token_hash.is_not(None), Engagement.answer != Answer.NO,
    )  # fmt: skip
    return session.scalars(asked.order_by(Engagement.id)).all()


def _ids(session: Session, wanted: Iterable[sa.ColumnElement[bool]]) -> list[int]:
    question = sa.select(Engagement.id).join(Event, Event.id == Engagement.event_id)
    return list(session.scalars(question.where(*wanted)))


def _alive(now: datetime) -> list[sa.ColumnElement[bool]]:
    """Events to come, speakers who can be reached and still stand in the programme."""
    still = (
        sa.select(Appearance.id)
        .join(ProgrammeItem, ProgrammeItem.id == Appearance.item_id)
        .where(
            ProgrammeItem.event_id == Engagement.event_id,
            Appearance.speaker_id == Engagement.speaker_id,
        )
    )
    return [
        Engagement.token_hash.is_not(None), Event.state.not_in(OFF), Event.ends > now,
        still.exists(),
    ]  # fmt: skip


def _unanswered(now: datetime) -> list[sa.ColumnElement[bool]]:
    return [
        *_alive(now), Engagement.answer == Answer.NONE, Engagement.reminded.is_(None),
        Engagement.sent <= now - REMIND_AFTER,
    ]  # fmt: skip


def _close(now: datetime) -> list[sa.ColumnElement[bool]]:
    return [
        *_alive(now), Engagement.answer == Answer.YES, Engagement.nudged.is_(None),
        Event.starts > now, Event.starts <= now + NUDGE_BEFORE,
    ]  # fmt: skip


def _ended() -> sa.Select[int]:
    """Speakers of whom some consent has ended without the pages having been told."""
    ended = [
        sa.and_(getattr(Speaker, f"{what}_given").is_not(None),
                getattr(Speaker, f"{what}_until") < today(),
                sa.or_(Speaker.ended_told.is_(None),
                       Speaker.ended_told <= getattr(Speaker, f"{what}_until")))
        for what in Consent
    ]  # fmt: skip
    return sa.select(Speaker.id).where(sa.or_(*ended))


def _remind(session: Session, engagement_id: int, now: datetime) -> None:
    engagement = session.get_one(Engagement, engagement_id, with_for_update={"of": Engagement})
    if engagement.reminded is None and engagement.answer is Answer.NONE:
        engagement.reminded = now
        letter(session, engagement, "reminder", now=now, once=True)


def _nudge(session: Session, engagement_id: int, now: datetime) -> None:
    engagement = session.get_one(Engagement, engagement_id, with_for_update={"of": Engagement})
    if engagement.nudged is not None or engagement.answer is not Answer.YES:
        return
    engagement.nudged = now
    if WORTH_A_LETTER & set(missing_of(session, engagement)):
        letter(session, engagement, "missing", now=now, once=True)


def _end(session: Session, speaker_id: int, now: datetime) -> None:
    told = sa.update(Speaker).where(Speaker.id == speaker_id).values(ended_told=today())
    session.execute(told.execution_options(synchronize_session=False))
    show_anew(session, session.get_one(Speaker, speaker_id), now=now)
