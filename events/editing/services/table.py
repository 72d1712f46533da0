"""The whole table of a programme saved at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from accounts.models import User
from core.db import Stale
from core.errors import Refusal
from events.editing.cells import cells_of, facts_of
from events.editing.rules import Collision, merged
from events.models import Event, ProgrammeItem
from events.queries.drafts import programme
from events.services import add_item, change_item, refuse_closed

FIELDS = {"ends": "when", "starts": "when"}  # where a rule's sentence stands in a row


@dataclass(frozen=True)
class SentRow:
    """A row as it was sent: `before` is what it showed when it was opened. A new one has no id."""

    place: int
    id: int | None
    before: dict[str, str]
    cells: dict[str, str]


class Collided(Stale):
    """Two have changed the same cell, or a row that one changed was removed by the other."""

    def __init__(self, rows: dict[int, list[Collision]], gone: list[int]) -> None:
        super().__init__()
        self.rows = rows
        self.gone = gone


def save_table(
    session: Session, event: Event, *, rows: Sequence[SentRow], by: User | None, now: datetime
) -> int:
    """Save what was changed and add what is new; how many items that were.

    What somebody else has saved meanwhile in other cells stays. Raises `Collided` where both
    changed the same, `Refusal` (its field begins with `rows-<place>-`) as the services of items
    do; then nothing is saved.
    """
    refuse_closed(event)
    items = {item.id: item for item in programme(session, event.id)}
    wanted = _merged(rows, items)
    changed = 0
    for row in rows:
        try:
            if row.id is None:
                _add(session, event, row, by, now)
                changed += 1
            elif row.id in wanted:
                item = items[row.id]
                changed += bool(
                    change_item(session, item, facts=facts_of(wanted[row.id]), by=by, now=now)
                )
        except Refusal as refusal:
            field = FIELDS.get(refusal.field or "", refusal.field or "title")
            raise Refusal(str(refusal), f"rows-{row.place}-{field}") from None
    return changed


def _merged(rows: Sequence[SentRow], items: dict[int, ProgrammeItem]) -> dict[int, dict[str, str]]:
    """What is to stand in each changed row, by the id of its item."""
    wanted, collided, gone = {}, {}, []
    for row in rows:
        if row.id is None or row.cells == row.before:
            continue
        if row.id not in items:
            gone.append(row.place)
            continue
        cells, collisions = merged(row.before, row.cells, cells_of(items[row.id]))
        wanted[row.id] = cells
        if collisions:
            collided[row.place] = collisions
    if collided or gone:
        raise Collided(collided, gone)
    return wanted


def _add(
    session: Session, event: Event, row: SentRow, by: User | None, now: datetime
) -> ProgrammeItem:
    return add_item(session, event, facts=facts_of(row.cells), speakers=[], by=by, now=now)
