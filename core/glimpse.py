"""One small question on the hottest path, asked past the session: compiled once, no transaction.

A public page is answered from memory once it is known that nothing has changed. Finding that
out through the session costs several times what the answer does; a single SELECT sees one
moment of the database by itself and needs neither a transaction nor an identity map.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.pool import PoolProxiedConnection

from core.db import db, latest_write

log = logging.getLogger(__name__)
Row = tuple[Any, ...]
REMEMBERED = 4096  # rows whose cells have been made into dates and enums, and shared answers
FRESH = 0.05  # seconds


class Glimpse:
    """A SELECT with named parameters that have default values. Columns and bound values only."""

    def __init__(self, question: sa.Select[Any]) -> None:
        self.question = question
        self.ready: dict[str, _Compiled] = {}
        self.lately: dict[Hashable, tuple[object, float, list[Row]]] = {}

    def share(self, **values: Any) -> list[Row]:
        """The rows as `ask` gave them a moment ago, to whoever asks the same at the same time.

        Never older than `FRESH`, nor than the last write of this process: who has just saved
        something sees it. For pages that everybody sees; never to decide anything by.
        """
        key = id(db.engine), *values.items()
        known, written = self.lately.get(key), latest_write()
        if known is not None and known[0] is written and time.monotonic() < known[1]:
            return known[2]
        until = time.monotonic() + FRESH
        rows = self.ask(**values)
        if len(self.lately) > REMEMBERED:
            self.lately.clear()
        self.lately[key] = written, until, rows
        return rows

    def ask(self, **values: Any) -> list[Row]:
        """The rows, with the types of their columns. Errors come as the session raises them."""
        engine = db.engine
        compiled = self.ready.get(engine.dialect.name)
        if compiled is None:
            compiled = self.ready[engine.dialect.name] = _Compiled(self.question, engine)
        rows = compiled.ask(engine, values)
        if rows is None:
            return [tuple(row) for row in db.session.execute(self.question, values)]
        return rows


class _Compiled:
    def __init__(self, question: sa.Select[Any], engine: Engine) -> None:
        compiled: Any = question.compile(engine, compile_kwargs={"render_postcompile": True})
        self.text = str(compiled)
        self.fixed = dict(compiled.params)
        self.order: list[str] | None = compiled.positiontup
        self.error = engine.dialect.loaded_dbapi.Error
        self.postgresql = engine.dialect.name == "postgresql"
        self.options = {"prepare": True} if self.postgresql else {}
        converts = [
            (place, convert)
            for place, column in enumerate(question.selected_columns)
            if (convert := _converter(column.type, engine.dialect))
        ]

        @lru_cache(REMEMBERED)
        def typed(row: Row) -> Row:
            cells = list(row)
            for place, convert in converts:
                cells[place] = convert(cells[place])
            return tuple(cells)

        self.typed = typed

    def ask(self, engine: Engine, values: dict[str, Any]) -> list[Row] | None:
        """The rows, or None where this connection cannot say: it is then thrown away."""
        filled = self.fixed | values
        asked: Any = [filled[name] for name in self.order] if self.order is not None else filled
        log.debug("%s", self.text)
        idle = _idle(engine)
        try:
            held = self._idle_one(idle) or self._taken_out(engine)
        except self.error:
            return None
        raw: Any = held.dbapi_connection
        try:
            rows = raw.execute(self.text, asked, **self.options).fetchall()
        except self.error:
            raw.close()  # out of the pool as it is, nobody else does it
            held.invalidate()
            return None
        idle.append(held)
        return [self.typed(row) for row in rows]

    @staticmethod
    def _idle_one(idle: deque[PoolProxiedConnection]) -> PoolProxiedConnection | None:
        try:
            return idle.pop()
        except IndexError:  # none, or another thread was quicker
            return None

    def _taken_out(self, engine: Engine) -> PoolProxiedConnection:
        """A connection of its own, out of the pool for good: no transaction is ever begun on it."""
        held = engine.raw_connection()
        held.detach()
        if self.postgresql:
            raw: Any = held.dbapi_connection
            raw.autocommit = True
        return held


def _idle(engine: Engine) -> deque[PoolProxiedConnection]:
    """The connections that are kept for this use, at most one for each thread."""
    found: deque[PoolProxiedConnection] | None = getattr(engine, "samling_idle", None)
    if found is None:
        found = engine.samling_idle = deque()  # type: ignore[attr-defined]

        @sa.event.listens_for(engine, "engine_disposed")
        def close(_engine: Engine) -> None:
            while found:
                found.pop().close()

    return found


def _converter(type_: sa.types.TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    return type_.dialect_impl(dialect).result_processor(dialect, None)
