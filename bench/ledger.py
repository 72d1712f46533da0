"""Whether a rush has been fair: looked at while it goes on, and settled at its end."""

import bisect
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from accounts.models import AuditEntry
from core.db import db, reader
from core.outbox.models import Outbox
from events.models import Event, Pool, ProgrammeItem, Quota
from registrations.invariants import seats as seats_hold
from registrations.models import ItemChoice, Registration
from registrations.organisation_seats import organisation_key
from registrations.rules import SEATED, Status

MOST_LINES = 12  # of what was wrong; the rest is more of the same


class Told(Protocol):
    """Somebody who raced, and what they were told."""

    told: str
    cancelled: bool

    @property
    def email(self) -> str:
        """By which they are found again."""


class Watcher:
    """Looks at the limits in one snapshot after the other, until `over`."""

    def __init__(self, app: Flask, over: threading.Event, pause: float = 0.03) -> None:
        self.app, self.over, self.pause = app, over, pause
        self.looked = 0
        self.wrong: list[str] = []
        self.thread = threading.Thread(target=self._look, daemon=True)

    def _look(self) -> None:
        with self.app.app_context():
            engine = reader(db.engine)
            if engine.dialect.name == "postgresql":
                engine = engine.execution_options(isolation_level="REPEATABLE READ")
            while not self.over.wait(self.pause) and len(self.wrong) < MOST_LINES:
                with Session(engine) as session:
                    found = [*seats_hold(session), *limits_hold(session)]
                self.looked += 1
                self.wrong += [line for line in found if line not in self.wrong]
            db.engine.dispose()


def limits_hold(session: Session) -> Iterator[str]:
    """A line for each limit that is exceeded, counted from the people and what the limits say.

    Beside the pools: if these said something wrong, they would say so of themselves.
    """
    sitting = Registration.status.in_(SEATED)
    by = (Registration.event_id, Registration.mode, Registration.sector, Registration.organisation)
    rows = session.execute(
        sa.select(*by, sa.func.count()).where(sitting).group_by(*by)
    ).all()  # fmt: skip
    room = {
        (event_id, mode): capacity
        for event_id, mode, capacity in session.execute(
            sa.select(Pool.event_id, Pool.mode, Pool.capacity).where(Pool.mode.is_not(None))
        )
    }
    bounds = session.execute(sa.select(Event.id, Event.max_per_organisation))
    most = {row[0]: row[1] for row in bounds}
    of_mode, of_body = Counter[Any](), Counter[Any]()
    for event_id, mode, _sector, organisation, number in rows:
        of_mode[event_id, mode] += number
        of_body[event_id, organisation_key(organisation)] += number
    for key, number in of_mode.items():
        if room[key] is not None and number > room[key]:
            yield f"{number} sit on {room[key]} seats"
    for (event_id, body), number in of_body.items():
        if body and most[event_id] is not None and number > most[event_id]:
            yield f"{number} of {body} sit, {most[event_id]} may"
    for quota in session.scalars(sa.select(Quota).where(Quota.released.is_(None))):
        others = sum(
            row[4]
            for row in rows
            if row[:2] == (quota.event_id, quota.mode) and row[2] != quota.sector
        )
        seats = room[quota.event_id, quota.mode]
        if seats is not None and others > seats - quota.seats:
            yield f"{others} others sit where {quota.seats} of {seats} are kept for {quota.sector}"
    chosen = session.execute(
        sa.select(ProgrammeItem.title, ProgrammeItem.capacity, sa.func.count())
        .join(ItemChoice, ItemChoice.item_id == ProgrammeItem.id)
        .join(Registration, Registration.id == ItemChoice.registration_id)
        .where(sitting)
        .group_by(ProgrammeItem.id, ProgrammeItem.title, ProgrammeItem.capacity)
    )
    for title, capacity, number in chosen:
        if capacity is not None and number > capacity:
            yield f"{number} sit in {title}, which has {capacity} seats"


def settle(app: Flask, people: Sequence[Told]) -> list[str]:
    """What was lost, given twice or given to the wrong one; also what `flask check` says."""
    session = db.session
    rows = session.scalars(sa.select(Registration).order_by(Registration.id)).all()
    wrong = [
        *_acknowledged_are_saved(people, rows), *_one_receipt_each(session, rows),
        *_order_is_kept(session, rows), *_no_seat_is_empty(session, rows), *limits_hold(session),
    ]  # fmt: skip
    for check in app.extensions["checks"]:
        wrong += [f"flask check: {line}" for line in check(session)]
    return wrong[:MOST_LINES]


def _acknowledged_are_saved(people: Sequence[Told], rows: Sequence[Registration]) -> Iterator[str]:
    saved = Counter(row.email for row in rows)
    cancelled = {row.email for row in rows if row.status is Status.CANCELLED}
    for person in people:
        number = saved.pop(person.email, 0)
        if person.told == "acknowledged" and number != 1:
            yield f"{person.email} was acknowledged, and is saved {number} times"
        if person.told not in {"acknowledged", "cut"}:
            yield from [f"{person.email} was told {person.told}, and is saved"] * number
            if person.told == "late":
                yield f"{person.email} had no answer in time"
        if person.cancelled != (person.email in cancelled):
            yield f"{person.email} cancelled: {person.cancelled}, and the database does not agree"
    for email in saved:
        yield f"{email} is saved, and is nobody of those who came"


def _one_receipt_each(session: Session, rows: Sequence[Registration]) -> Iterator[str]:
    kinds = ("registration.receipt", "registration.promoted", "registration.cancelled")
    found = session.execute(
        sa.select(Outbox.kind, Outbox.about, sa.func.count())
        .where(Outbox.kind.in_(kinds))
        .group_by(Outbox.kind, Outbox.about)
    )
    letters = {(kind, about): number for kind, about, number in found}
    promoted = Counter(
        session.scalars(sa.select(AuditEntry.subject_id).filter_by(action="registration.promoted"))
    )
    for row in rows:
        about = f"registration:{row.id}"
        due = (1, promoted[row.id], int(row.status is Status.CANCELLED))
        sent = tuple(letters.get((kind, about), 0) for kind in kinds)
        if sent != due:
            yield f"{row.email} has {sent} letters (receipt, promoted, cancelled) instead of {due}"


def _order_is_kept(session: Session, rows: Sequence[Registration]) -> Iterator[str]:
    """Whoever was given a seat from the queue stood first in it, of those who could sit.

    The log is gone through line by line: its lines have the order of the transactions, as
    whoever writes one holds the seats. Past somebody else of the same sector one goes only where
    that one's organisation had what it may have.
    """
    by_id = {row.id: row for row in rows}
    queues: dict[Any, list[tuple[Any, int]]] = {}
    sitting, most = Counter[str](), None
    for line in session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)):
        if line.action == "places.changed":
            most = line.details.get("max_per_organisation", [None, most])[1]
        row = by_id.get(line.subject_id) if line.subject_type == "registration" else None
        if row is None:
            continue
        queue = queues.setdefault((row.mode, row.sector), [])
        place, body = (row.queued, row.id), organisation_key(row.organisation)
        at = bisect.bisect_left(queue, place)
        waits = at < len(queue) and queue[at] == place
        if line.action == "registration.made" and line.details["status"] == Status.WAITING:
            queue.insert(at, place)
        elif line.action == "registration.made":
            sitting[body] += 1
        elif line.action == "registration.cancelled" and waits:
            queue.pop(at)
        elif line.action == "registration.cancelled":
            sitting[body] -= 1
        elif line.action == "registration.promoted":
            passed = [by_id[id_] for _queued, id_ in queue[:at]]
            keys = [organisation_key(one.organisation) for one in passed]
            over = [one for one in keys if most is None or sitting[one] < most]
            if over or not waits:
                yield f"{row.email} was promoted past {len(over)} who stood before"
            queue.pop(at)
            sitting[body] += 1


def _no_seat_is_empty(session: Session, rows: Sequence[Registration]) -> Iterator[str]:
    """As long as somebody waits, every seat is taken (the crowd is from a thousand bodies)."""
    capacity = session.scalar(sa.select(Pool.capacity).where(Pool.mode.is_not(None)))
    seated = sum(row.status in SEATED for row in rows)
    if any(row.status is Status.WAITING for row in rows) and seated != capacity:
        yield f"{seated} sit on {capacity} seats, while others wait"
