"""What people have been told of an event and its programme, and what concerns them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import crypto
from core.outbox.models import Outbox
from core.outbox.rules import State as MailState
from events.models import Event, Release
from events.releasing.rules import NOTHING, Change, Content, changes
from registrations.models import ItemChoice, Registration
from registrations.news.rules import NEVER, known_release
from registrations.placement.models import Wish
from registrations.queries.public import active_of_event


@dataclass
class Told:
    """What has been told in the threads of an event: the letters that wait, and the last sent."""

    waiting: dict[str, dict[str, Any]] = field(default_factory=dict)
    sent: dict[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class Audience:
    """How many a change concerns, of everybody who can be told."""

    concerned: int
    everybody: int


class Programmes:
    """The releases of an event, and what is another in the latest than somebody knows it."""

    def __init__(self, session: Session, event_id: int) -> None:
        rows = session.scalars(
            sa.select(Release).filter_by(event_id=event_id).order_by(Release.number)
        ).all()
        self.contents: dict[int, Content] = {NEVER: NOTHING}
        self.contents |= {row.number: row.content for row in rows}
        self.dates = [(row.number, row.published) for row in rows]
        self.latest = rows[-1].number if rows else NEVER
        self.made: dict[int, tuple[Change, ...]] = {}

    def since(self, number: int) -> tuple[Change, ...]:
        """The changes from that release to the latest."""
        if number not in self.made:
            before = self.contents.get(number, NOTHING)
            self.made[number] = changes(before, self.contents[self.latest])
        return self.made[number]

    def known(self, since: datetime) -> int:
        """The release that somebody has seen who looked at `since`."""
        return known_release(self.dates, since)


def facts(event: Event) -> dict[str, Any]:
    """What calendars and letters depend on, as it is kept in the outbox."""
    names = ("title", "starts", "ends", "venue_name", "venue_address", "municipality")
    found = {name: as_kept(name, getattr(event, name)) for name in names}
    return found | {
        "online_url": as_kept("online_url", event.online_url), "state": event.state.value
    }  # fmt: skip


def as_kept(name: str, value: Any) -> Any:
    """A fact as JSON; of the link only whether it is the same."""
    if name == "online_url":
        return crypto.digest(f"link:{value}")[:16]
    return value.isoformat() if isinstance(value, datetime) else value or ""


def thread_of(event_id: int, registration_id: int) -> str:
    """What the letters to one person about one event are known by: the newest counts."""
    return f"event:{event_id}:{registration_id}"


def read(kind: str, payload: dict[str, Any]) -> dict[str, Any]:
    """What a letter in the outbox holds. Older ones named what had changed, not what it was."""
    if kind == "event.news":
        return payload
    changed = ["state"] if kind == "event.state" else payload.get("changed", [])
    return {**payload, "known": dict.fromkeys(changed)}


def told(session: Session, event_id: int) -> Told:
    """The letters of the event that wait, and when the last to each was sent. One query."""
    found = Told()
    rows = session.execute(
        sa.select(Outbox.thread, Outbox.state, Outbox.payload, Outbox.sent, Outbox.kind)
        .where(
            Outbox.thread.startswith(f"event:{event_id}:"),
            Outbox.state.in_([MailState.WAITING, MailState.SENT]),
        )
        .order_by(Outbox.id)
    )
    for thread, state, payload, sent, kind in rows:
        if state is MailState.WAITING:
            found.waiting[thread] = read(kind, payload)
        elif sent is not None:
            found.sent[thread] = sent
    return found


def chosen(session: Session, event_id: int) -> dict[int, set[int]]:
    """The parallel items that each person has, or wishes for. Two queries."""
    found: dict[int, set[int]] = {}
    for table in (ItemChoice, Wish):
        rows = session.execute(
            sa.select(table.registration_id, table.item_id)
            .join(Registration, Registration.id == table.registration_id)
            .where(Registration.event_id == event_id)
        )
        for person_id, item_id in rows:
            found.setdefault(person_id, set()).add(item_id)
    return found


def chosen_by(session: Session, registration_id: int) -> set[int]:
    """The parallel items that somebody has, or wishes for. One query."""
    return set(
        session.scalars(
            sa.union(
                sa.select(ItemChoice.item_id).filter_by(registration_id=registration_id),
                sa.select(Wish.item_id).filter_by(registration_id=registration_id),
            )
        )
    )


def concerning(found: Iterable[Change], items: Iterable[int]) -> list[Change]:
    """The changes that concern somebody who has these of the parallel items."""
    have = set(items)
    return [change for change in found if change.concerns(have)]


def audience(session: Session, event: Event, found: Sequence[Change]) -> Audience:
    """Whom these changes concern, of those who have a place or wait and have an address."""
    items: Mapping[int, set[int]] = chosen(session, event.id)
    people = [person for person in active_of_event(session, event.id) if person.email]
    concerned = sum(bool(concerning(found, items.get(person.id, ()))) for person in people)
    return Audience(concerned, len(people))
