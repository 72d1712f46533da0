"""A filled database behind an application, and how long its pages take to be answered."""

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from bench.servers import ROOT, database
from core.db import db, write
from wsgi import create_app


@dataclass(frozen=True)
class Filled:
    """An application, what its database was filled with, and what that was asked of late."""

    app: Flask
    made: Any
    asked: list[str]

    def took(self, browser: FlaskClient, addresses: Iterable[str]) -> list[float]:
        """Milliseconds for each page; `asked` is then what the last one asked."""
        found = []
        for address in addresses:
            self.asked.clear()
            begun = time.perf_counter()
            answer = browser.get(address)
            found.append((time.perf_counter() - begun) * 1000)
            if answer.status_code != 200:
                raise SystemExit(f"{address}: {answer.status}")
        return found


@contextlib.contextmanager
def filled(kind: str, fill: Callable[[], Any]) -> Iterator[Filled]:
    """An application on an empty database of `kind` in which `fill` has put something."""
    with database(kind) as url:
        app = create_app(DATABASE_URL=url, ENV="test")
        with app.app_context():
            upgrade(directory=str(ROOT / "migrations"))
            made = write(fill)
            _tidied()
            asked = _counting()
        yield Filled(app, made, asked)
        with app.app_context():
            db.engine.dispose()


def _tidied() -> None:
    """Let PostgreSQL know what it holds, as its autovacuum does within a minute."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _counting() -> list[str]:
    """What the database is asked from now on."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    return asked
