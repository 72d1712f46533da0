"""Reminders that go by themselves: what they say, when, and that each goes once.

When a reminder is due is never stored: it follows from the event's times as they are when it is
asked. That it has gone is: the mailing it became is written on it in the transaction that makes
the mailing, so neither a clock that steps nor two workers make it go twice.
"""

from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import changes, record
from core.db import Stale, write
from core.errors import Refusal
from events.models import Event
from registrations import hooks
from registrations.invitations.rules import answer_by
from registrations.mailings.models import Mailing, Reminder
from registrations.mailings.queries import Audience, waiting_reminders
from registrations.mailings.rules import REMINDERS, Occasion, State, due, goes_now
from registrations.mailings.services.sending import begin
from registrations.mailings.services.writing import TEXTS, refuse_unknown
from registrations.rules import Status

FACTS = frozenset({*TEXTS, "is_on", "days", "waits"})
AUDIENCE = {
    Occasion.BEFORE: Audience(),
    Occasion.UNANSWERED: Audience(statuses=()),
    Occasion.AFTER: Audience(statuses=tuple(Status), came=True),
}


def set_reminder(
    session: Session,
    event: Event,
    occasion: Occasion,
    *,
    facts: dict[str, Any],
    by: User | None,
    now: datetime,
) -> set[str]:
    """Save whether, when and with what words a reminder goes; the names of what changed.

    Raises `Refusal` for a text that cannot be, and where one is switched on too late to go in
    time. One that has gone stays as it is.
    """
    if occasion not in REMINDERS or facts.keys() - FACTS:
        raise ValueError(f"no reminder: {occasion} {sorted(facts)}")
    refuse_unknown(facts)
    reminder = session.scalar(
        sa.select(Reminder).filter_by(event_id=event.id, occasion=occasion).with_for_update()
    )
    if reminder is not None and reminder.mailing_id is not None:
        return set()
    before = reminder is not None and reminder.is_on, reminder and reminder.days
    if facts["is_on"] and before != (True, facts["days"]):
        _refuse_late(event, occasion, facts["days"], now)
    if reminder is None:
        if not facts["is_on"]:
            return set()
        reminder = Reminder(event_id=event.id, event=event, occasion=occasion, **facts)
        session.add(reminder)
        changed = set(facts)
    else:
        changed = set(changes(reminder, facts))
    if changed:
        reminder.changed_by_id = by.id if by else None
        session.flush()
        record(
            session, by=by, action="reminder.changed", subject=reminder, now=now,
            authority_id=event.authority_id, event_id=event.id,
            details={"occasion": occasion.value, "on": reminder.is_on, "days": reminder.days},
        )  # fmt: skip
    return changed


def due_at(event: Event, occasion: Occasion, days: int) -> datetime:
    """When a reminder of an event goes, as the event's times are now."""
    last = answer_by(closes=event.registration_closes, starts=event.starts)
    return due(occasion, days, starts=event.starts, ends=event.ends, answer_by=last)


def remind_due(session: Session, *, now: datetime) -> int:
    """Send the reminders whose time has come, each in a transaction of its own; how many.

    Two workers that find the same one: the second finds that it has gone.
    """
    sent = 0
    for reminder_id in [one.id for one in waiting_reminders(session) if _goes(session, one, now)]:
        try:
            sent += write(partial(_remind, session, reminder_id, now))
        except Stale:
            continue
    return sent


def _remind(session: Session, reminder_id: int, now: datetime) -> int:
    reminder = session.scalars(
        sa.select(Reminder).where(Reminder.id == reminder_id).with_for_update(of=Reminder),
        execution_options={"populate_existing": True},
    ).one()
    if reminder.mailing_id is not None or not reminder.is_on or not _goes(session, reminder, now):
        return 0
    mailing = Mailing(
        event=reminder.event, occasion=reminder.occasion, state=State.DRAFT, created=now,
        audience=AUDIENCE[reminder.occasion].stored(), created_by_id=reminder.changed_by_id,
        **{name: getattr(reminder, name) for name in TEXTS},
    )  # fmt: skip
    session.add(mailing)
    session.flush()
    begin(session, mailing, now=now)
    reminder.mailing_id = mailing.id
    return 1


def _goes(session: Session, reminder: Reminder, now: datetime) -> bool:
    event = reminder.event
    written: set[int] = (
        set().union(*hooks.documented(session, [event.id])) if reminder.waits else set()
    )
    return goes_now(
        reminder.occasion,
        at=due_at(event, reminder.occasion, reminder.days),
        state=event.state,
        starts=event.starts,
        answer_by=answer_by(closes=event.registration_closes, starts=event.starts),
        waits=reminder.waits,
        documented=event.id in written,
        now=now,
    )


def _refuse_late(event: Event, occasion: Occasion, days: int, now: datetime) -> None:
    if due_at(event, occasion, days) <= now:
        raise Refusal(
            _("Den dagen har redan passerat. Välj ett annat antal dagar, eller låt bli."),
            f"{occasion.value}_days",
        )
