"""Two people in one table: what each changed is kept, and the same cell changed twice is told."""

from collections.abc import Mapping
from dataclasses import dataclass

CELLS = ("day", "when", "title", "kind", "room", "track", "group", "capacity")
Row = Mapping[str, str]


@dataclass(frozen=True)
class Collision:
    """A cell that both have changed since `mine` was opened."""

    cell: str
    mine: str
    theirs: str


def merged(before: Row, mine: Row, theirs: Row) -> tuple[dict[str, str], list[Collision]]:
    """The row with what both changed since `before`, and the cells where they differ.

    In such a cell the merged row holds `mine`. What `before` does not tell counts as changed by
    both: a row of unknown age overwrites nothing.
    """
    row: dict[str, str] = {}
    collisions = []
    for cell in CELLS:
        old, own, other = before.get(cell), mine[cell], theirs[cell]
        if own == other or old == other:
            row[cell] = own
        elif own == old:
            row[cell] = other
        else:
            row[cell] = own
            collisions.append(Collision(cell, own, other))
    return row, collisions
