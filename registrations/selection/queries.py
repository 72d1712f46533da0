"""Who is in a selection, as they stand now."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registrations.models import Registration
from registrations.queries.lists import Wanted, conditions
from registrations.selection.models import SelectionRun

SHOWN = 200  # of those left


def selected(session: Session, event_id: int, wanted: Wanted) -> Sequence[Any]:
    """Those who are asked for, by surname: what is needed to name them and to act on them."""
    return session.execute(
        sa.select(
            Registration.id, Registration.version, Registration.status, Registration.protected,
            Registration.first_name, Registration.last_name, Registration.organisation,
            Registration.municipality, Registration.email, Registration.phone,
            Registration.queued,
        )
        .where(*conditions(event_id, wanted))
        .order_by(Registration.sort_key, Registration.id)
    ).all()  # fmt: skip


def find_run(session: Session, run_id: int) -> SelectionRun | None:
    """The run of that number."""
    return session.get(SelectionRun, run_id)


def left_over(session: Session, run: SelectionRun) -> list[tuple[Any, str]]:
    """With whom it could not be done (None for one that is gone), and why; at most `SHOWN`."""
    left = run.left[:SHOWN]
    people = {
        one.id: one
        for one in selected(session, run.event_id, Wanted(ids=tuple(id_ for id_, _why in left)))
    } if left else {}  # fmt: skip
    return [(people.get(id_), why) for id_, why in left]
