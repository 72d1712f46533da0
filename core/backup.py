"""`flask backup PATH` and `flask restore PATH`: the whole database as one file, and the files.

Files in a folder are copied to PATH.files (a tar) after the database, so that every row of the
copy has its file; those in S3-compatible storage are copied there, by whoever owns it.

A copy taken while the service runs is whole: SQLite by its online backup, PostgreSQL by pg_dump
(which sees one snapshot). To lose nothing since the last copy, PostgreSQL needs WAL archiving.
The key that seals sensitive needs (SECRET_KEY) is not in the copy: keep it elsewhere.
"""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import click
import sqlalchemy as sa
from flask import Flask
from flask.cli import with_appcontext

from core.db import db, reader
from core.files import storage
from core.storage import KEY

CLOSED = 0o600  # rw for the owner alone: it holds personal data


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(_backup)
    app.cli.add_command(_restore)


@click.command("backup")
@click.argument("path", type=click.Path(path_type=Path))
@with_appcontext
def _backup(path: Path) -> None:
    """Copy the database to PATH, and the files, while the service runs. Never overwrites."""
    if _files_of(path).exists():
        raise click.ClickException(f"{_files_of(path)} finns redan. Flytta undan den först.")
    with _unfinished(path) as unfinished:
        if _is_sqlite():
            _copy(_sqlite_file(), unfinished)
            _check_whole(unfinished)
        else:
            _postgresql("pg_dump", "--format=custom", f"--file={unfinished}")
    click.echo(f"{path}: {path.stat().st_size} byte")
    folder = storage().place.folder
    if folder is None:
        click.echo("Filerna ligger i S3-lagret och kopieras där.")
        return
    copy = _files_of(path)
    with _unfinished(copy) as unfinished:
        _pack(folder, unfinished)
    click.echo(f"{copy}: {copy.stat().st_size} byte")


@click.command("restore")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@with_appcontext
def _restore(path: Path) -> None:
    """Put the copy PATH where the settings say database and files are. Never overwrites."""
    folder, files = storage().place.folder, _files_of(path)
    if folder and files.exists() and folder.exists() and any(folder.iterdir()):
        raise click.ClickException(f"Mappen {folder} är inte tom. Flytta undan den först.")
    if _is_sqlite():
        _check_whole(path)
        file = _sqlite_file()
        with _unfinished(file) as unfinished:
            for leftover in file.parent.glob(f"{file.name}-*"):
                raise click.ClickException(f"{leftover} är kvar efter en databas. Flytta den.")
            _copy(path, unfinished)
    else:
        if sa.inspect(reader(db.engine)).get_table_names():
            raise click.ClickException("Databasen är inte tom. Skapa en ny och återställ dit.")
        _postgresql("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", path)
    if folder and files.exists():
        _unpack(files, folder)
    click.echo("Databasen är återställd. Kör `flask db upgrade` och `flask check`.")


def _files_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.files")


def _pack(folder: Path, target: Path) -> None:
    """Every file under a key; what is being put there and what is taken away is left out."""
    with tarfile.open(target, "w") as archive:
        for file in sorted(folder.glob("??/*")):
            key = file.relative_to(folder).as_posix()
            if KEY.fullmatch(key):
                with contextlib.suppress(FileNotFoundError):
                    archive.add(file, key, recursive=False)
    with target.open("rb") as written:
        os.fsync(written.fileno())


def _unpack(copy: Path, folder: Path) -> None:
    with tarfile.open(copy) as archive:
        for member in archive:
            body = archive.extractfile(member) if KEY.fullmatch(member.name) else None
            if body is not None:
                target = folder / member.name
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with target.open("xb") as file:
                    shutil.copyfileobj(body, file)


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def _sqlite_file() -> Path:
    name = db.engine.url.database
    if not name or name == ":memory:":
        raise click.ClickException("Databasen ligger i minnet och kan inte kopieras.")
    return Path(name).absolute()


@contextlib.contextmanager
def _unfinished(path: Path) -> Iterator[Path]:
    """A file beside `path` that takes its place when all has gone well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.touch(exist_ok=False)
    except FileExistsError:
        raise click.ClickException(f"{path} finns redan. Flytta undan den först.") from None
    try:
        unfinished.touch(mode=CLOSED)
        yield unfinished
        unfinished.replace(path)
    except BaseException:
        path.unlink()
        unfinished.unlink(missing_ok=True)
        raise


def _copy(source: Path, target: Path) -> None:
    with (
        contextlib.closing(
            sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)
        ) as old,
        contextlib.closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")
    with target.open("rb") as file:
        os.fsync(file.fileno())


def _check_whole(path: Path) -> None:
    """Raise ClickException where the file is no whole database of ours."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    try:
        with contextlib.closing(sqlite3.connect(address, uri=True)) as copy:
            answer = copy.execute("PRAGMA integrity_check").fetchone()[0]
            stray = copy.execute("PRAGMA foreign_key_check").fetchone()
            copy.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise click.ClickException(f"{path} är ingen databas från Samling: {error}") from None
    if answer != "ok" or stray:
        raise click.ClickException(f"{path} är skadad: {answer if answer != 'ok' else stray}")


def _postgresql(program: str, *arguments: str | Path) -> None:
    found = shutil.which(program)
    if not found:
        raise click.ClickException(
            f"Programmet {program} saknas här. Installera PostgreSQL:s klientprogram, eller kör "
            f"{program} på databasservern."
        )
    url = db.engine.url
    environment = {**os.environ, "PGPASSWORD": url.password or ""}
    place = url.set(drivername="postgresql", password=None).render_as_string()
    done = subprocess.run(  # noqa: S603 - our own arguments, no shell
        [found, f"--dbname={place}", *(str(argument) for argument in arguments)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise click.ClickException(f"{program}: {done.stderr.strip()[:500]}")
