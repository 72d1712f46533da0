"""Carry a placement out: seat by seat, some people at a time, each with one letter.

What was worked out is kept with the run; here each seat is taken by the conditional update, from
people who still have a place and no other seat then. So it can be stopped anywhere and go on.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import record
from core.errors import Refusal
from core.jobs.services import start
from core.outbox.services import enqueue
from events.models import Event, Pool, ProgrammeItem
from registrations import seats
from registrations.models import ItemChoice, Registration
from registrations.placement import queries
from registrations.placement.models import Placement, PlacementRun
from registrations.placement.preview import Preview
from registrations.placement.rules import Outcome, RunState
from registrations.rules import Status

AT_ONCE = 100  # people who are placed in the request itself; more become a job
STEP = 50  # people in one transaction of the job
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
    # Two who press at the same time meet at the row of the event.
    session.execute(sa.select(Event.id).where(Event.id == event.id).with_for_update())
    if queries.under_way(session, event.id) is not None:
        raise Refusal(_("En fördelning pågår redan. Vänta tills den är klar."))
    if not preview.entries:
        raise Refusal(_("Det finns ingen att fördela: ingen utan plats har önskat något."))
    run = PlacementRun(
        event_id=event.id, at=now, by_id=by.id if by else None, fill=fill, anew=anew,
        letters=letters, state=RunState.RUNNING, numbers=preview.numbers,
        plan=[[id_, mine] for id_, mine in preview.entries.items()], done=0, missed=0,
    )  # fmt: skip
    session.add(run)
    session.flush()
    record(
        session, by=by, action="placement.applied", subject=run, now=now,
        authority_id=event.authority_id, event_id=event.id,
        details={
            "people": len(run.plan), "fill": fill, "anew": anew, "letters": letters,
            **{name: sum(slot[name] for slot in run.numbers)
               for name in ("first", "second", "room", "none")},
        },
    )  # fmt: skip
    if len(run.plan) <= AT_ONCE:
        while proceed(session, run, now=now):
            pass
    else:
        run.job_id = start(
            session, kind=KIND, payload={"run": run.id}, total=len(run.plan), now=now,
            authority_id=event.authority_id, event_id=event.id, by=by, about=event.title,
        ).id  # fmt: skip
    return run


def proceed(session: Session, run: PlacementRun, *, now: datetime) -> bool:
    """Place the next people of a run; whether more remain."""
    pools = {
        pool.item_id: pool.id
        for pool in seats.of_event(session, run.event_id, lock=True)
        if pool.item_id
    }
    if run.anew and not run.done:
        _release(session, run.event_id)
    some = run.plan[run.done : run.done + STEP]
    ids = [id_ for id_, _entries in some]
    people = {
        person.id: person
        for person in session.scalars(
            sa.select(Registration).where(
                Registration.id.in_(ids), Registration.status == Status.CONFIRMED
            )
        )
    }
    held = _held(session, ids)
    rows: list[Placement] = []
    for id_, entries in some:
        if id_ in people:
            given = _seat(session, run, id_, entries, held.get(id_, []), pools, now)
            run.missed += any(row.why.get("full_since") for row in given)
            rows += given
            if run.letters and given:
                _write_to(session, run, people[id_], now)
        else:
            run.missed += 1
    _keep(session, rows)
    _renew(session, people.values(), now)
    run.done += len(some)
    if run.done < len(run.plan):
        session.flush()
        return True
    run.state, run.plan = RunState.DONE, []
    session.flush()
    return False


def _held(session: Session, ids: Sequence[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in session.execute(
        sa.select(
            ItemChoice.registration_id, ItemChoice.item_id, ProgrammeItem.group,
            ProgrammeItem.starts, ProgrammeItem.ends,
        )
        .join(ProgrammeItem, ProgrammeItem.id == ItemChoice.item_id)
        .where(ItemChoice.registration_id.in_(ids))
    ):  # fmt: skip
        found.setdefault(row.registration_id, []).append(row)
    return found


def _seat(
    session: Session,
    run: PlacementRun,
    id_: int,
    entries: Sequence[Any],
    held: Sequence[Any],
    pools: dict[int, int],
    now: datetime,
) -> list[Placement]:
    """Give one person their seats; a slot in which somebody has got one meanwhile is left alone."""
    settled = {row.group for row in held}
    made = []
    for slot, item_id, outcome, why in entries:
        if slot in settled:
            continue
        if item_id is not None:
            pool = pools.get(item_id)
            if pool is None or seats.take(session, [pool]) is not None:
                item_id, outcome = None, Outcome.NONE  # noqa: PLW2901
                why = why | {"full_since": True}  # noqa: PLW2901
            else:
                session.add(ItemChoice(registration_id=id_, item_id=item_id))
        made.append(
            Placement(
                registration_id=id_, run_id=run.id, group=slot, item_id=item_id,
                outcome=Outcome(outcome), why=why, at=now,
            )
        )  # fmt: skip
    return made


def _keep(session: Session, rows: Sequence[Placement]) -> None:
    """Put these in the place of what the same people had been given before in the same slots."""
    by_slot: dict[str, list[int]] = {}
    for row in rows:
        by_slot.setdefault(row.group, []).append(row.registration_id)
    for group, ids in by_slot.items():
        session.execute(
            sa.delete(Placement)
            .where(Placement.group == group, Placement.registration_id.in_(ids))
            .execution_options(synchronize_session=False)
        )
    session.add_all(rows)
    session.flush()


def _renew(session: Session, people: Collection[Registration], now: datetime) -> None:
    """Nobody saves a form that was opened before: it does not know the new seats."""
    session.execute(
        sa.update(Registration)
        .where(Registration.id.in_([person.id for person in people]))
        .values(version=Registration.version + 1, updated=now)
        .execution_options(synchronize_session=False)
    )
    for person in people:
        session.expire(person)


def _write_to(session: Session, run: PlacementRun, person: Registration, now: datetime) -> None:
    if not person.email:
        return
    enqueue(
        session, kind="placement.placed", to=person.email,
        payload={"registration": person.id, "run": run.id}, now=now,
        dedupe_key=f"placement:{run.id}:{person.id}", thread=f"placement:{person.id}",
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
