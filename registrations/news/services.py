"""Put news in the outbox: one letter a person, a quiet minute after the last change.

Each row carries what its reader knows (facts of the event, number of the release) from before the
first change they have not been told of. A later change makes a new row that takes this over, so
the letter says everything that is new, and nothing where all is as it was. What is told is found
out when the letter is written.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.outbox.models import Outbox
from core.outbox.rules import State as MailState
from core.outbox.services import enqueue_all
from events.models import Event, Release
from events.releasing.rules import Change, loud
from events.rules import PUBLIC_STATES, State
from registrations.models import Registration
from registrations.news import queries
from registrations.news.rules import (
    CALLED_OFF,
    NEVER,
    QUIET,
    still_new,
    union,
    worth_telling,
)
from registrations.queries.public import active_of_event


def event_changed(session: Session, event: Event, changed: dict[str, Any], now: datetime) -> None:
    """Time, place, title or link is new: `changed` has what each was."""
    were = {name: queries.as_kept(name, value) for name, value in changed.items()}
    _put(session, event, were=were, now=now)


def state_changed(session: Session, event: Event, before: State, now: datetime) -> None:
    """The event is called off, moved, or on again."""
    if event.state in CALLED_OFF or (before in CALLED_OFF and event.state is State.PUBLISHED):
        _put(session, event, were={"state": before.value}, now=now)


def programme_released(
    session: Session,
    event: Event,
    before: Release | None,
    _release: Release,
    changes: Sequence[Change],
    tell: bool,
    now: datetime,
) -> None:
    """The programme is new. Not told: who has a letter waiting reads of it there all the same."""
    if tell and before is not None and event.state in PUBLIC_STATES:
        most = before.number
        _put(session, event, were={}, small=not loud(changes), most=most, now=now)


def _put(
    session: Session,
    event: Event,
    *,
    were: dict[str, Any],
    now: datetime,
    small: bool = False,
    most: int | None = None,
) -> None:
    """`small`: told of texts, too, though nothing else is new. Nobody has seen more than `most`."""
    if event.ends <= now:
        return
    session.flush()
    told = queries.told(session, event.id)
    programmes = queries.Programmes(session, event.id)
    items = queries.chosen(session, event.id)
    current = queries.facts(event)
    _supersede(session, event)
    letters = []
    for person in active_of_event(session, event.id):
        thread = queries.thread_of(event.id, person.id)
        older = told.waiting.get(thread, {})
        known = still_new(union(older.get("known", {}), were), current)
        since = max(person.created, person.queued)
        seen = programmes.known(max(since, told.sent.get(thread, since)))
        seen = seen if most is None else min(seen, most)
        payload = {
            "registration": person.id,
            "known": known,
            "release": older.get("release", seen),
            "small": small or older.get("small", False),
        }
        found = queries.concerning(programmes.since(payload["release"]), items.get(person.id, ()))
        new = worth_telling(known, person.mode, person.status)
        if person.email and (new or loud(found) or (payload["small"] and found)):
            letters.append(_letter(event, person, thread, payload, now))
    enqueue_all(session, letters, now=now)


def _supersede(session: Session, event: Event) -> None:
    """What waits is taken over by the letters to come, or told no more."""
    session.execute(
        sa.update(Outbox)
        .where(
            Outbox.thread.startswith(queries.thread_of(event.id, NEVER).removesuffix("0")),
            Outbox.state == MailState.WAITING,
        )
        .values(state=MailState.SUPERSEDED)
        .execution_options(synchronize_session=False)
    )


def _letter(
    event: Event, person: Registration, thread: str, payload: dict[str, Any], now: datetime
) -> dict[str, Any]:
    return {
        "kind": "event.news", "to": person.email, "payload": payload, "at": now + QUIET,
        "authority_id": event.authority_id, "about": f"registration:{person.id}",
        "language": person.language, "thread": thread,
    }  # fmt: skip
