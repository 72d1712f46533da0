"""Questions at the door: who answers to a name, what the log says, how many have come."""

from registrations.door.queries.log import (
    has_lines,
    latest_line,
    latest_number,
    line_of,
    lines_of,
    lines_since,
    take_turn,
)
from registrations.door.queries.numbers import Counts, Share, counts, item_counts
from registrations.door.queries.people import (
    AT_MOST,
    Visitor,
    answering,
    by_code,
    everybody,
    latest_change,
    remembered,
    visitor,
)
from registrations.door.queries.posts import Post, find_post, posts

__all__ = [
    "AT_MOST",
    "Counts",
    "Post",
    "Share",
    "Visitor",
    "answering",
    "by_code",
    "counts",
    "everybody",
    "find_post",
    "has_lines",
    "item_counts",
    "latest_change",
    "latest_line",
    "latest_number",
    "line_of",
    "lines_of",
    "lines_since",
    "posts",
    "remembered",
    "take_turn",
    "visitor",
]
