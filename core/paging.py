"""Lists are shown a page at a time."""


def page_count(rows: int, size: int) -> int:
    """How many pages of `size` rows there are; one where there is nothing to show."""
    return max(1, -(-rows // size))
