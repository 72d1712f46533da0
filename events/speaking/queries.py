"""What is asked about speakers at an event."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts.models import AuditEntry
from core.db import db
from core.outbox.models import Outbox
from events.models import Appearance, Event, ProgrammeItem, Speaker
from events.queries.drafts import programme
from events.rules import SpeakerRole
from events.speaking.models import Engagement
from events.speaking.rules import Answer, Consent, Missing
from events.speaking.slides import speakers_with_slides

Turns = tuple[tuple[ProgrammeItem, tuple[SpeakerRole, ...]], ...]


@dataclass(frozen=True)
class Line:
    """A speaker in the draft of an event: in what, what they have answered, what is missing."""

    speaker: Speaker
    turns: Turns
    engagement: Engagement | None
    missing: tuple[Missing, ...]
    slides: bool

    @property
    def shown(self) -> list[Consent]:
        """What may be shown of them today."""
        return [what for what in Consent if self.speaker.shows(what)]

    @property
    def first_end(self) -> date | None:
        """The first of the last days of what may be shown."""
        ends = [self.speaker.until(what) for what in self.shown]
        return min((end for end in ends if end), default=None)

    @property
    def answer(self) -> Answer:
        """What they have answered."""
        return self.engagement.answer if self.engagement else Answer.NONE


def by_hash(session: Session, digest: str) -> Engagement | None:
    """The engagement whose link has that hash."""
    return session.scalar(sa.select(Engagement).filter_by(token_hash=digest))


def find_engagement(engagement_id: int) -> Engagement | None:
    """The engagement of that id, whosesoever it is (the gate asks)."""
    return db.session.get(Engagement, engagement_id)


def engagement_of(session: Session, event_id: int, speaker_id: int) -> Engagement | None:
    """A speaker's engagement at an event."""
    return session.scalar(sa.select(Engagement).filter_by(event_id=event_id, speaker_id=speaker_id))


def in_programme(session: Session, event_id: int) -> list[tuple[Speaker, Engagement | None]]:
    """Everybody in the draft, each once, with their engagement."""
    return [(line.speaker, line.engagement) for line in lines(session, event_id) if line.turns]


def lines(session: Session, event_id: int) -> list[Line]:
    """Everybody in the draft, in the order of the programme; last who is gone from it.

    Six questions, however many.
    """
    turns: dict[Speaker, dict[ProgrammeItem, list[SpeakerRole]]] = {}
    for item in programme(session, event_id):
        for one in item.appearances:
            turns.setdefault(one.speaker, {}).setdefault(item, []).append(one.role)
    known = engagements(session, event_id)
    sent = speakers_with_slides(session, event_id)
    for engagement in known.values():
        turns.setdefault(engagement.speaker, {})
    return [
        _line(speaker, of_speaker, known.get(speaker.id), sent=speaker.id in sent)
        for speaker, of_speaker in turns.items()
    ]


def _line(
    speaker: Speaker,
    of_speaker: dict[ProgrammeItem, list[SpeakerRole]],
    engagement: Engagement | None,
    *,
    sent: bool,
) -> Line:
    slides = not sent and _speaks(of_speaker.values())
    lacks = missing(speaker, engagement, slides=slides) if of_speaker else []
    turns = tuple((item, tuple(roles)) for item, roles in of_speaker.items())
    return Line(speaker, turns, engagement, tuple(lacks), slides=sent)


def engagements(session: Session, event_id: int) -> dict[int, Engagement]:
    """The engagements at an event by speaker."""
    found = session.scalars(sa.select(Engagement).filter_by(event_id=event_id))
    return {one.speaker_id: one for one in found}


def missing_of(session: Session, engagement: Engagement) -> list[Missing]:
    """What the organiser waits for from one speaker at one event."""
    sent = speakers_with_slides(session, engagement.event_id)
    speaks = _speaks(roles for _item, roles in turns_of(session, engagement))
    slides = speaks and engagement.speaker_id not in sent
    return missing(engagement.speaker, engagement, slides=slides)


def _speaks(turns: Iterable[Sequence[SpeakerRole]]) -> bool:
    """Whether they hold something of their own, and so may have slides."""
    return any(SpeakerRole.SPEAKER in roles for roles in turns)


def missing(speaker: Speaker, engagement: Engagement | None, *, slides: bool) -> list[Missing]:
    """What the organiser waits for; nothing from who has said no. `slides`: wanted, not there."""
    answer = engagement.answer if engagement else Answer.NONE
    if answer is Answer.NO:
        return []
    asked = engagement is not None and engagement.sent is not None
    checks = {
        Missing.ADDRESS: not speaker.email and answer is Answer.NONE,
        Missing.INVITATION: bool(speaker.email) and not asked and answer is Answer.NONE,
        Missing.ANSWER: asked and answer is Answer.NONE,
        Missing.PRESENTATION: not (speaker.text and (speaker.title or speaker.organisation)),
        Missing.NAME: not speaker.shows(Consent.NAME),
        Missing.PHOTO: speaker.photo_id is None,
        Missing.SLIDES: slides and answer is Answer.YES,
    }
    return [one for one, lacks in checks.items() if lacks]


def turns_of(session: Session, engagement: Engagement) -> Turns:
    """What the speaker takes part in at the event, in the order of time."""
    rows = session.execute(
        sa.select(ProgrammeItem, Appearance.role)
        .join(Appearance, Appearance.item_id == ProgrammeItem.id)
        .where(
            ProgrammeItem.event_id == engagement.event_id,
            Appearance.speaker_id == engagement.speaker_id,
        )
        .order_by(ProgrammeItem.starts, ProgrammeItem.id, Appearance.id)
    )
    found: dict[ProgrammeItem, list[SpeakerRole]] = {}
    for item, role in rows:
        found.setdefault(item, []).append(role)
    return tuple((item, tuple(roles)) for item, roles in found.items())


def engagements_of(session: Session, speaker_id: int) -> Sequence[Engagement]:
    """All that a speaker has been asked to do, the latest first."""
    return session.scalars(
        sa.select(Engagement)
        .join(Event, Event.id == Engagement.event_id)
        .where(Engagement.speaker_id == speaker_id)
        .order_by(Event.starts.desc())
    ).all()


def letters_to(session: Session, ids: Sequence[int]) -> Sequence[Outbox]:
    """The letters about these engagements, the oldest first."""
    return session.scalars(
        sa.select(Outbox)
        .where(Outbox.about.in_([f"engagement:{id_}" for id_ in ids]))
        .order_by(Outbox.id)
    ).all()


def done_to(session: Session, speaker_id: int, ids: Sequence[int]) -> Sequence[AuditEntry]:
    """What has been done to a speaker and their engagements, the oldest first."""
    of_speaker = sa.and_(AuditEntry.subject_type == "speaker", AuditEntry.subject_id == speaker_id)
    of_those = sa.and_(
        AuditEntry.subject_type == Engagement.__tablename__, AuditEntry.subject_id.in_(ids)
    )
    return session.scalars(
        sa.select(AuditEntry).where(sa.or_(of_speaker, of_those)).order_by(AuditEntry.id)
    ).all()
