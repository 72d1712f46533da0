"""What columns hold: instants, codes of a fixed list, keys, texts."""

import enum
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import mapped_column

E = TypeVar("E", bound=enum.StrEnum)


class UTCDateTime(sa.types.TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Any) -> datetime | None:
        """Refuse naive times; hand over UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time is no instant")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Any) -> datetime | None:
        """SQLite keeps no zone: what it holds is UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Codes(sa.types.TypeDecorator[tuple[str, ...]]):
    """A few codes of a fixed list, kept as "|one|another|" so that `having` finds one of them."""

    impl = sa.String(400)
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, _dialect: Any) -> str:
        """With a stroke on each side of each."""
        return f"|{'|'.join(value)}|" if value else ""

    def process_result_value(self, value: str | None, _dialect: Any) -> tuple[str, ...]:
        """The codes in their order."""
        return tuple(value.strip("|").split("|")) if value else ()


def having(column: Any, code: str) -> sa.ColumnElement[bool]:
    """Whether a column of `Codes` holds `code`."""
    return sa.type_coerce(column, sa.String).contains(f"|{code}|", autoescape=True)


Key = Annotated[int, mapped_column(primary_key=True)]
Instant = Annotated[datetime, mapped_column(UTCDateTime())]
Line = Annotated[str, mapped_column(sa.String(300))]
Code = Annotated[str, mapped_column(sa.String(100))]
Prose = Annotated[str, mapped_column(sa.Text())]


def choice(of: type[E]) -> sa.Enum:
    """A column type that stores the value (not the name) of a string enum."""
    return sa.Enum(
        of, native_enum=False, length=40, values_callable=lambda members: [m.value for m in members]
    )
