"""From draft to closed, each change at the same address."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import record
from core.errors import Refusal
from events import hooks
from events.models import Event
from events.queries.drafts import draft_content
from events.rules import MAY_FOLLOW, State
from events.services.occasions import change_event, touch
from events.services.releases import release_programme
from events.times import moved, wall_delta
from events.words import STATE


def set_state(
    session: Session, event: Event, state: State, *, note: str = "", by: User | None, now: datetime
) -> None:
    """Go to `state`, with a note that is shown to everybody. Asked for the present one: nothing.

    Raises `Refusal` where it may not follow. What becomes public has a released programme.
    """
    before = event.state
    if state is before:
        return
    if state not in MAY_FOLLOW[before]:
        raise Refusal(
            _(
                "Evenemanget är %(before)s och kan inte bli %(after)s.",
                before=str(STATE[before]).lower(),
                after=str(STATE[state]).lower(),
            )
        )
    if state is State.PUBLISHED and not event.releases:
        release_programme(session, event, by=by, now=now)
    event.state, event.state_note = state, note
    event.sequence += 1
    if event.published is None:
        event.published = now
    touch(session, event, now=now)
    hooks.state_changed(session, event, before, now)
    record(
        session, by=by, action=f"event.{state.value}", subject=event, now=now, event_id=event.id,
        details={"before": before.value},
    )  # fmt: skip


def publish(session: Session, event: Event, *, by: User | None, now: datetime) -> None:
    """Publish the event with the programme as it stands now."""
    if State.PUBLISHED in MAY_FOLLOW[event.state]:
        latest = event.releases[-1].content if event.releases else None
        if latest != draft_content(event):
            release_programme(session, event, by=by, now=now)
    set_state(session, event, State.PUBLISHED, by=by, now=now)


def postpone(
    session: Session,
    event: Event,
    *,
    starts: datetime | None,
    ends: datetime | None,
    note: str,
    by: User | None,
    now: datetime,
) -> None:
    """Postpone, to a new time if there is one; last days move with it. Raises `Refusal`."""
    set_state(session, event, State.POSTPONED, note=note, by=by, now=now)
    if starts is None:
        return
    delta = wall_delta(event.starts, starts)
    facts: dict[str, datetime | None] = {
        name: moved(value, delta) if (value := getattr(event, name)) else None
        for name in ("registration_closes", "cancel_by")
    }
    facts |= {"starts": starts, "ends": ends or moved(event.ends, delta)}
    change_event(session, event, facts=facts, by=by, now=now)
