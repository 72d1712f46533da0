"""Carry a placement out: seat by seat, some people at a time, each with one letter.

What was worked out is kept with the run; here each seat is taken by the conditional update, from
people who still have a place and no other seat then. So it can be stopped anywhere and go on.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session, joinedload

from accounts.models import User
from accounts.services import record
from core.db import Stale
from core.errors import Refusal
from core.jobs.services import start
from core.outbox.models import Outbox
from core.outbox.rules import State as MailState
from core.outbox.services import enqueue
from events.models import Event, Pool, ProgrammeItem
from registrations import seats
from registrations.models import ItemChoice, Registration
from registrations.placement import queries
from registrations.placement.models import Placement, PlacementRun, Planned
from registrations.placement.preview import Preview
from registrations.placement.rules import Outcome, RunState
from registrations.rules import Status

AT_ONCE = 100  # people who are placed in the request itself; more become a job
STEP = 25  # people in one transaction of the job
KIND = "registrations.placement"


def begin(
    session: Session,
    event: Event,
    preview: Preview,
    *,
    fill: bool,
    anew: bool,
    letters: bool,
    by: User | None,
    now: datetime,
) -> PlacementRun:
    """Carry out what was previewed: at once where people are few, else as a job.

    Raises `Refusal` where another placement is under way or there is nobody to place.
    """
    # Two who press at the same time meet at the row of the event. (KEY SHARE: whoever writes a row
    # that refers to it need not wait, who may hold the pools already.)
    mine = sa.select(Event.id).where(Event.id == event.id).with_for_update(key_share=True)
    session.execute(mine)
    if queries.under_way(session, event.id) is not None:
        raise Refusal(_("En fördelning pågår redan. Vänta tills den är klar."))
    if not preview.entries:
        raise Refusal(_("Det finns ingen att fördela: ingen utan plats har önskat något."))
    run = PlacementRun(
        event_id=event.id, at=now, by_id=by.id if by else None, rule=preview.rule, fill=fill,
        anew=anew, letters=letters, state=RunState.RUNNING, numbers=preview.numbers,
        total=len(preview.entries), done=0, missed=0,
    )  # fmt: skip
    session.add(run)
    session.flush()
    planned = [
        {"run_id": run.id, "turn": turn, "registration_id": id_, "entries": mine}
        for turn, (id_, mine) in enumerate(preview.entries.items())
    ]
    session.execute(sa.insert(Planned), planned)
    record(
        session, by=by, action="placement.applied", subject=run, now=now,
        authority_id=event.authority_id, event_id=event.id,
        details={
            "people": run.total, "rule": run.rule.value, "fill": fill, "anew": anew,
            "letters": letters,
            **{name: sum(slot[name] for slot in run.numbers)
               for name in ("first", "second", "room", "none")},
        },
    )  # fmt: skip
    if run.total <= AT_ONCE:
        while proceed(session, run, now=now):
            pass
    else:
        run.job_id = start(
            session, kind=KIND, payload={"run": run.id}, total=run.total, now=now,
            authority_id=event.authority_id, event_id=event.id, by=by, about=event.title,
        ).id  # fmt: skip
    return run


def proceed(session: Session, run: PlacementRun, *, now: datetime) -> bool:
    """Place the next people of a run; whether more remain."""
    if run.anew and not run.done:
        _release(session, run.event_id)
    # Whoever cancels or moves waits for these locks, and then sees what has been given.
    pools = {
        pool.item_id: pool
        for pool in seats.of_event(session, run.event_id, lock=True)
        if pool.item_id
    }
    upto = min(run.total, run.done + STEP)
    rows = session.execute(
        sa.select(Planned.registration_id, Planned.entries).where(
            Planned.run_id == run.id, Planned.turn >= run.done, Planned.turn < upto
        )
    )
    plans = {row.registration_id: row.entries for row in rows}
    people = session.scalars(
        sa.select(Registration)
        .options(joinedload(Registration.event))
        .where(Registration.id.in_(plans), Registration.status == Status.CONFIRMED)
    ).all()
    held, given, taken = _held(session, list(plans)), {}, Counter[int]()
    for person in people:
        given[person.id] = [
            row | {"registration_id": person.id, "run_id": run.id, "at": now}
            for row in _given(plans[person.id], held.get(person.id, set()), pools, taken)
        ]
    _take(session, pools, taken)
    _keep(session, [row for mine in given.values() for row in mine])
    told = [person for person in people if given[person.id]]
    if run.letters:
        _write_to(session, run, told, now)
    _renew(session, people, now)
    run.missed += upto - run.done - len(people)
    run.missed += sum(any(row["why"].get("full_since") for row in mine) for mine in given.values())
    run.done, more = upto, upto < run.total
    if not more:
        run.state = RunState.DONE
        session.execute(sa.delete(Planned).where(Planned.run_id == run.id))
    session.flush()
    return more


def _held(session: Session, ids: Sequence[int]) -> dict[int, set[str]]:
    """The slots in which these people have a seat."""
    found: dict[int, set[str]] = {}
    for id_, group in session.execute(
        sa.select(ItemChoice.registration_id, ProgrammeItem.group)
        .join(ProgrammeItem, ProgrammeItem.id == ItemChoice.item_id)
        .where(ItemChoice.registration_id.in_(ids))
    ):
        found.setdefault(id_, set()).add(group)
    return found


def _given(
    entries: Sequence[Any],
    settled: set[str],
    pools: Mapping[int, seats.Seats],
    taken: Counter[int],
) -> list[dict[str, Any]]:
    """What one person is given; a slot in which somebody has got a seat meanwhile is left alone."""
    made = []
    for slot, item_id, outcome, why in entries:
        if slot in settled:
            continue
        pool = pools.get(item_id)
        if item_id is not None and (
            pool is None or (pool.left is not None and taken[item_id] >= pool.left)
        ):
            item_id, outcome = None, Outcome.NONE.value  # noqa: PLW2901
            why = why | {"full_since": True}  # noqa: PLW2901
        elif item_id is not None:
            taken[item_id] += 1
        made.append({"group": slot, "item_id": item_id, "outcome": Outcome(outcome), "why": why})
    return made


def _take(session: Session, pools: Mapping[int, seats.Seats], taken: Counter[int]) -> None:
    """Take the seats by conditional updates, in the order of the pools' ids.

    Raises `Stale` where they are not there after all: the step is then done again.
    """
    for pool in pools.values():
        number = taken[pool.item_id or 0]
        if not number:
            continue
        done = session.execute(
            sa.update(Pool)
            .where(
                Pool.id == pool.id,
                sa.or_(Pool.capacity.is_(None), Pool.taken + number <= Pool.capacity),
            )
            .values(taken=Pool.taken + number)
            .execution_options(synchronize_session=False)
        )
        if not done.rowcount:  # type: ignore[attr-defined]
            raise Stale


def _keep(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write the seats, and why, in the place of what the same people had been told before."""
    by_slot: dict[str, list[int]] = {}
    for row in rows:
        by_slot.setdefault(row["group"], []).append(row["registration_id"])
    for group, ids in by_slot.items():
        session.execute(
            sa.delete(Placement)
            .where(Placement.group == group, Placement.registration_id.in_(ids))
            .execution_options(synchronize_session=False)
        )
    choices = [
        {"registration_id": row["registration_id"], "item_id": row["item_id"]}
        for row in rows
        if row["item_id"] is not None
    ]
    if choices:
        session.execute(sa.insert(ItemChoice), choices)
    if rows:
        session.execute(sa.insert(Placement), list(rows))


def _renew(session: Session, people: Collection[Registration], now: datetime) -> None:
    """Nobody saves a form that was opened before, or keeps the calendar entry of before."""
    session.execute(
        sa.update(Registration)
        .where(Registration.id.in_([person.id for person in people]))
        .values(version=Registration.version + 1, updated=now, sequence=Registration.sequence + 1)
        .execution_options(synchronize_session=False)
    )
    for person in people:
        session.expire(person)


def _write_to(
    session: Session, run: PlacementRun, people: Sequence[Registration], now: datetime
) -> None:
    """One letter to each, once for this run; an older one that has not gone is not sent."""
    threads = {person.id: f"placement:{person.id}" for person in people if person.email}
    session.execute(
        sa.update(Outbox)
        .where(Outbox.thread.in_(threads.values()), Outbox.state == MailState.WAITING)
        .values(state=MailState.SUPERSEDED)
        .execution_options(synchronize_session=False)
    )
    for person in people:
        if not person.email:
            continue
        enqueue(
            session, kind="placement.placed", to=person.email,
            payload={"registration": person.id, "run": run.id}, now=now,
            dedupe_key=f"placement:{run.id}:{person.id}", thread=threads[person.id], first=True,
            authority_id=person.authority_id, about=f"registration:{person.id}",
            language=person.language,
        )  # fmt: skip


def _release(session: Session, event_id: int) -> None:
    """Take back the seats that earlier placements gave, for a whole new one."""
    rows = session.execute(queries.placed_seats(event_id)).all()
    for item_id, number in sorted(Counter(row.item_id for row in rows).items()):
        session.execute(
            sa.update(Pool)
            .where(Pool.item_id == item_id)
            .values(taken=Pool.taken - number)
            .execution_options(synchronize_session=False)
        )
    for table, numbers in (
        (ItemChoice, [row.choice for row in rows]),
        (Placement, [row.placement for row in rows]),
    ):
        for start_ in range(0, len(numbers), 500):
            session.execute(
                sa.delete(table)
                .where(table.id.in_(numbers[start_ : start_ + 500]))
                .execution_options(synchronize_session=False)
            )
    session.expire_all()
