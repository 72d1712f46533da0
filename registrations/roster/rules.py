"""Which columns the list of participants has."""

import enum
from collections.abc import Iterable


class Column(enum.StrEnum):
    """What can be told of each in the list, beside the name; in the order of the table."""

    STATUS = "status"
    CAME = "came"
    ORGANISATION = "organisation"
    SECTOR = "sector"
    MUNICIPALITY = "municipality"
    COUNTY = "county"
    ROLE = "role"
    MODE = "mode"
    CHOICES = "choices"
    TIME = "time"
    SOURCE = "source"
    CONSENT = "consent"


DEFAULT = (
    Column.STATUS, Column.CAME, Column.ORGANISATION, Column.MUNICIPALITY, Column.MODE, Column.TIME,
)  # fmt: skip


def in_order(names: Iterable[str]) -> list[Column]:
    """Those of `names` that are columns, in the order of the table."""
    wanted = set(names)
    return [column for column in Column if column.value in wanted]
