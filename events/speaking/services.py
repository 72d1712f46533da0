"""Verbs: ask speakers, remind them, take down what they answer and what the room must have."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import record
from core import crypto, throttle
from core.errors import Refusal
from events.models import Event, Speaker
from events.speaking.asking import letter, new_link, to_come
from events.speaking.models import Engagement
from events.speaking.queries import engagement_of, in_programme
from events.speaking.rules import SAVES, Answer, Need, may_remind


@dataclass(frozen=True)
class Asked:
    """What became of asking everybody: how many letters, and who has no address."""

    sent: int
    without_address: tuple[str, ...]


def engage(session: Session, event: Event, speaker: Speaker, *, now: datetime) -> Engagement:
    """The speaker's engagement at the event; made where there is none.

    Raises `Refusal` for a speaker of another authority.
    """
    known = engagement_of(session, event.id, speaker.id)
    if known is not None:
        return known
    if speaker.authority_id != event.authority_id:
        raise Refusal(_("Välj medverkande ur myndighetens eget register."))
    made = Engagement(event=event, speaker=speaker, created=now)
    session.add(made)
    session.flush()
    return made


def invite(
    session: Session, event: Event, speaker: Speaker, *, by: User | None, now: datetime
) -> Engagement:
    """Send the letter with the secret link, unless it has been sent.

    Raises `Refusal` where there is no address or the event is over or called off.
    """
    _refuse_over(event, now)
    if not speaker.email:
        raise Refusal(_("Skriv först en e-postadress till %(name)s.", name=speaker.name))
    engagement = engage(session, event, speaker, now=now)
    if engagement.sent is None:
        engagement.sent = now
        new_link(engagement)
        letter(session, engagement, "invitation", now=now)
        record(session, by=by, action="engagement.sent", subject=engagement, now=now)
    return engagement


def invite_all(session: Session, event: Event, *, by: User | None, now: datetime) -> Asked:
    """Invite everybody in the draft programme who has not been invited and has not answered."""
    _refuse_over(event, now)
    sent, lacking = 0, []
    for speaker, engagement in in_programme(session, event.id):
        if engagement and (engagement.sent or engagement.answer is not Answer.NONE):
            continue
        if speaker.email:
            invite(session, event, speaker, by=by, now=now)
            sent += 1
        else:
            lacking.append(speaker.name)
    return Asked(sent, tuple(lacking))


def remind(session: Session, engagement: Engagement, *, by: User | None, now: datetime) -> None:
    """Send the link again by hand: asking for an answer, or for what is missing.

    Raises `Refusal` where a day has not passed since the last letter, or nothing was sent.
    """
    _refuse_over(engagement.event, now)
    if engagement.sent is None or not engagement.speaker.email:
        raise Refusal(_("Skicka inbjudan först."))
    if engagement.answer is Answer.NO:
        raise Refusal(_("%(name)s har tackat nej.", name=engagement.speaker.name))
    if not may_remind(last=engagement.mailed, now=now):
        raise Refusal(_("Påminn tidigast ett dygn efter det förra mejlet."))
    kind = "reminder" if engagement.answer is Answer.NONE else "missing"
    letter(session, engagement, kind, now=now)
    record(session, by=by, action="engagement.reminded", subject=engagement, now=now)


def reply(
    session: Session,
    engagement: Engagement,
    *,
    answer: Answer,
    message: str,
    version: int | None = None,
    by: User | None,
    now: datetime,
) -> None:
    """Write down whether the speaker comes, and what they say about it."""
    engagement.refuse_older(version)
    if (engagement.answer, engagement.message) == (answer, message):
        return
    engagement.answer, engagement.message = answer, message
    engagement.answered = None if answer is Answer.NONE else now
    session.flush()
    record(
        session, by=by, action="engagement.answered", subject=engagement, now=now,
        details={"answer": answer.value},
    )  # fmt: skip


def tell_needs(
    session: Session,
    engagement: Engagement,
    *,
    needs: Iterable[Need],
    other: str,
    by: User | None,
    now: datetime,
) -> None:
    """Write down what the room must have, encrypted; nothing erases what was there."""
    wanted = sorted(need.value for need in needs)
    if needs_of(engagement) == (tuple(wanted), other) and engagement.needs is not None:
        return
    text = json.dumps({"needs": wanted, "other": other}, ensure_ascii=False)
    engagement.needs = crypto.encrypt(text)
    session.flush()
    record(session, by=by, action="engagement.needs", subject=engagement, now=now)


def needs_of(engagement: Engagement) -> tuple[tuple[str, ...], str]:
    """What the room must have, in clear: codes of `Need`, and in the speaker's own words."""
    if engagement.needs is None:
        return (), ""
    told = json.loads(crypto.decrypt(engagement.needs))
    return tuple(told["needs"]), told["other"]


def within_bounds(session: Session, engagement_id: int, *, now: datetime) -> bool:
    """Count a form sent from the speaker's link; whether it is within what one may send an hour.

    In a transaction of its own: what is refused afterwards has been counted all the same.
    """
    subject = f"engagement:{engagement_id}"
    return throttle.hit(session, subject, limit=SAVES, per=timedelta(hours=1), now=now)


def _refuse_over(event: Event, now: datetime) -> None:
    if not to_come(event, now):
        raise Refusal(_("Evenemanget är genomfört eller inställt: det finns inget att fråga om."))
