"""Pure decisions of the programme editor: reading text, moving items, what collides, merging."""

from events.editing.rules.clashing import Clash, Conflict, Placed, conflicts, told_once
from events.editing.rules.clock import read_clock, read_span, span_text
from events.editing.rules.grouping import Read
from events.editing.rules.merging import CELLS, Collision, merged
from events.editing.rules.moving import (
    OtherDay,
    Spell,
    blocks,
    columns,
    middle,
    moved_before,
    shifted,
    steps,
)
from events.editing.rules.parsing import Parsed, Problem, Why, parse
from events.editing.rules.people import ReadPerson

__all__ = [
    "CELLS",
    "Clash",
    "Collision",
    "Conflict",
    "OtherDay",
    "Parsed",
    "Placed",
    "Problem",
    "Read",
    "ReadPerson",
    "Spell",
    "Why",
    "blocks",
    "columns",
    "conflicts",
    "merged",
    "middle",
    "moved_before",
    "parse",
    "read_clock",
    "read_span",
    "shifted",
    "span_text",
    "steps",
    "told_once",
]
