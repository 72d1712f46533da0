"""The database: one session, read-only unless `write` has opened a write transaction.

SQLite: WAL, synchronous=FULL, foreign keys, BEGIN IMMEDIATE for writes. PostgreSQL: READ
COMMITTED with lock and statement time-outs. What a request reads before `write` is read
again inside it, so no decision rests on what was true before the lock.
"""

import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa
from flask import Flask, current_app
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.orm.exc import StaleDataError

T = TypeVar("T")

RETRY_BUDGET = 3.0  # seconds
RETRY_TIMES = 12
LOCK_WAIT = 1.0  # seconds for one lock, so that three tries fill the budget
PASSING_SQLITE = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN")
RETRY_STATES = {"40001", "40P01", "55P03"}  # serialisation, deadlock, lock not available
NO_SUCH_ROW = "23503"  # or a row that others refer to
LOST_STATES = {"57P01", "57P02", "57P03"}  # the server is going down or coming up
LOST_CLASSES = ("08", "53")  # connection lost; out of disk, memory or connections
NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

_latest_write = [object()]
_writing: ContextVar[bool] = ContextVar("writing", default=False)


class Busy(Exception):
    """The database could not save within the budget; nothing was saved."""


class Stale(Exception):
    """Somebody saved a later version than the one the caller had read."""


class Base(DeclarativeBase):
    """Common base; constraints get predictable names."""

    metadata = sa.MetaData(naming_convention=NAMING)


class Session(FlaskSession):
    """Reads through a read-only view of the engine unless `write` is under way."""

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        """The engine itself inside `write`, else its read-only view."""
        bind = super().get_bind(*args, **kwargs)
        if isinstance(bind, Connection) or _writing.get():
            return bind
        return reader(bind)


def reader(engine: Engine) -> Engine:
    """The view of `engine` through which nothing can be written."""
    view: Engine | None = getattr(engine, "samling_reader", None)
    if view is None:
        view = engine.execution_options(samling_read=True, postgresql_readonly=True)
        engine.samling_reader = view  # type: ignore[attr-defined]
    return view


class Database(SQLAlchemy):
    """Flask-SQLAlchemy, whose `session` passes for the session of the context it is used in."""

    session: Session  # type: ignore[assignment]


db = Database(model_class=Base, session_options={"class_": Session})
migrate = Migrate(render_as_batch=True, compare_type=True)
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class Versioned(Model):
    """Gives a table `version`: a save from an older version is refused."""

    __abstract__ = True

    version: Mapped[int] = mapped_column(sa.Integer, default=1)

    @sa.orm.declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805, D105 - SQLAlchemy's convention
        return {"version_id_col": cls.version}

    def refuse_older(self, version: int | None) -> None:
        """Raise `Stale` where `version`, that the caller had read, is not the row's.

        None, from a caller who has read none, passes.
        """
        if version is not None and self.version != version:
            raise Stale


def init_app(app: Flask) -> None:
    """Connect `app` to its database."""
    url = sa.make_url(app.config["DATABASE_URL"])
    if url.drivername in {"postgresql", "postgres"}:
        url = url.set(drivername="postgresql+psycopg")
    app.config["SQLALCHEMY_DATABASE_URI"] = url.render_as_string(hide_password=False)
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", _engine_options(url))
    app.extensions["write_turn"] = threading.Lock()
    db.init_app(app)
    migrate.init_app(app, db)
    with app.app_context():
        _listen(db.engine)


def write(action: Callable[[], T]) -> T:
    """Run `action` in one write transaction and commit; the whole again if the database asks.

    Deadlocks, locks held by others and lost races for a key are tried again within
    3 seconds; then `Busy`. Raises `Stale` where a versioned row was changed by somebody
    else. Whatever `action` raises rolls everything back. Inside another `write` it joins.
    """
    if _writing.get():
        return action()
    deadline = time.monotonic() + RETRY_BUDGET
    for attempt in range(RETRY_TIMES):
        db.session.rollback()
        with _turn(deadline), _write_mode():
            try:
                result = action()
                db.session.commit()
                _latest_write[0] = object()
            except StaleDataError as stale:
                db.session.rollback()
                raise Stale from stale
            except DBAPIError as error:
                db.session.rollback()
                if not (passing(error) or _lost_race(error)):
                    raise
                if time.monotonic() > deadline or attempt == RETRY_TIMES - 1:
                    if getattr(error.orig, "sqlstate", "") == NO_SUCH_ROW:
                        raise  # nobody else's doing
                    raise Busy from error
            except BaseException:
                db.session.rollback()
                raise
            else:
                return result
        time.sleep(random.uniform(0.005, 0.03) * (attempt + 1))  # noqa: S311 - jitter
    raise Busy


def latest_write() -> object:
    """Another object for each write transaction that this process has committed."""
    return _latest_write[0]


def writing() -> bool:
    """Whether a write transaction is under way."""
    return _writing.get()


def refuse_while_writing(what: str) -> None:
    """Mail, files and PDF must not be made while the write lock is held."""
    if _writing.get():
        raise RuntimeError(f"{what} inside a write transaction")


@contextmanager
def _turn(deadline: float) -> Iterator[None]:
    """On SQLite the writers of one process go one by one, each as soon as the last is done.

    SQLite itself lets them sleep and try again, and under load some sleep past their time.
    Writers in other processes are still met by its own lock.
    """
    if db.engine.dialect.name != "sqlite" or current_app.config["UNSAFE_SEATS"]:
        yield
        return
    lock: threading.Lock = current_app.extensions["write_turn"]
    if not lock.acquire(timeout=max(0.0, deadline - time.monotonic())):
        raise Busy
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _write_mode() -> Iterator[None]:
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def passing(error: DBAPIError) -> bool:
    """Whether the database is busy, full or away, rather than asked for something wrong.

    A full disk is not helped by trying again at once, but is answered like a busy database.
    """
    original = error.orig
    name = getattr(original, "sqlite_errorname", None)
    if name is not None:
        return str(name).startswith(PASSING_SQLITE)
    state = getattr(original, "sqlstate", None)
    if state is None:
        return error.connection_invalidated or isinstance(error, OperationalError)
    return state in RETRY_STATES | LOST_STATES or state.startswith(LOST_CLASSES)


def _lost_race(error: DBAPIError) -> bool:
    """Whether somebody else took the same unique key a moment before.

    Or, on PostgreSQL, named a row that we take away, or took away one that we name.
    """
    name = getattr(error.orig, "sqlite_errorname", "")
    state = getattr(error.orig, "sqlstate", "")
    return isinstance(error, IntegrityError) and (
        state in {"23505", NO_SUCH_ROW}
        or name in {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}
    )


def _engine_options(url: sa.URL) -> dict[str, Any]:
    if url.get_backend_name() == "sqlite":
        # One in memory, made only to look at the application, has a single connection.
        sizes = {"pool_size": 16, "max_overflow": 16} if url.database else {}
        return {
            "connect_args": {"timeout": LOCK_WAIT},
            "hide_parameters": True,  # what people have written is not for the log
            **sizes,
        }
    options = (
        f"-c timezone=UTC -c lock_timeout={LOCK_WAIT * 1000:.0f} -c statement_timeout=20000 "
        "-c idle_in_transaction_session_timeout=60000"
    )
    return {
        "connect_args": {"options": options, "connect_timeout": 5},
        "pool_size": 16,
        "max_overflow": 16,
        "pool_pre_ping": False,
        "pool_recycle": 1800,
        "hide_parameters": True,
    }


def _listen(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def connect(dbapi: sqlite3.Connection, _record: Any) -> None:
        dbapi.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            dbapi.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("samling_read", False)
        raw: Any = connection.connection.dbapi_connection
        raw.execute(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
        if reading:
            raw.execute("BEGIN")
        else:
            _begin_writing(raw)


def _begin_writing(raw: sqlite3.Connection) -> None:
    """BEGIN IMMEDIATE as soon as the writers of other processes let us.

    SQLite's own waiting sleeps longer and longer, up to 100 ms, while the lock comes and goes:
    under load some never meet it free. We look again every half millisecond.
    """
    give_up = time.monotonic() + LOCK_WAIT
    raw.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                raw.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if time.monotonic() > give_up or error.sqlite_errorname != "SQLITE_BUSY":
                    raise OperationalError("BEGIN IMMEDIATE", None, error) from error
                time.sleep(0.0005)
            else:
                return
    finally:
        raw.execute(f"PRAGMA busy_timeout={LOCK_WAIT * 1000:.0f}")
