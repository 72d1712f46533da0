"""Two versions of a text side by side, as text: the templates escape it."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from minutes.rules import COMPARED_LINES


@dataclass(frozen=True)
class Row:
    """Lines that stand opposite each other; the same on both sides unless `changed`."""

    saved: str
    mine: str
    changed: bool


def side_by_side(saved: str, mine: str) -> list[Row]:
    """What was saved and what I have, paired line by line. Very long texts are one pair."""
    ours, theirs = saved.splitlines(), mine.splitlines()
    if max(len(ours), len(theirs)) > COMPARED_LINES:
        return [Row(saved, mine, saved != mine)]
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    return [
        Row("\n".join(ours[i:j]), "\n".join(theirs[k:m]), kind != "equal")
        for kind, i, j, k, m in matcher.get_opcodes()
    ]
