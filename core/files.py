"""Files that are too large for the database: in a folder or in S3-compatible storage.

A file lies under a random key, never under a name that somebody gave it. It is put before the
row that names it is committed, and taken away after the row has gone: a killed process leaves at
worst a file that no row names, never a row without its file. What is left over `flask tidy` takes
away after a day; `flask check` names the rows whose file is missing.
"""

import contextlib
import logging
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qs, unquote, urlsplit

import obstore
import sqlalchemy as sa
from flask import Flask, current_app, g, has_app_context
from flask_babel import gettext as _
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.db import db, refuse_while_writing
from core.errors import page
from core.health import checks
from core.settings import UnsafeSettings
from core.tidy import sweeps

log = logging.getLogger(__name__)
KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}")
CHUNK = 256 * 1024  # bytes
LEFT_OVER = timedelta(days=1)
AT_ONCE = 500  # keys in one question
CLOSED = 0o700  # the folder is the owner's alone
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
PROVED_BY = (
    "AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
)  # fmt: skip
SHAPE = (
    "SAMLING_FILES_URL ska vara en mapp (/var/lib/samling/filer) eller se ut så här: "
    "s3://hink/mapp?endpoint=https://s3.example.se&region=eu-north-1."
)


class Away(Exception):
    """The storage does not answer, or refuses us."""


class Missing(Exception):
    """There is no file under that key."""


@dataclass(frozen=True)
class Place:
    """Where files lie: a folder, or a bucket with a prefix."""

    folder: Path | None = None
    bucket: str = ""
    prefix: str = ""
    endpoint: str = ""
    region: str = ""


class Storage:
    """Puts, gets, deletes and lists files. Raises `Away` and `Missing`."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._store: LocalStore | S3Store | None = None

    def put(self, key: str, body: bytes | IO[bytes], mimetype: str) -> None:
        """Keep `body` under `key`; whole or not at all. Where it is a file it is read in parts."""
        refuse_while_writing("a file")
        _ours().add(_checked(key))
        attributes = {} if self.place.folder else {"Content-Type": mimetype}
        try:
            obstore.put(self._opened(), key, body, attributes=attributes)
            if self.place.folder:
                _settle_on_disk(self.place.folder / key)
        except (BaseError, OSError) as error:
            raise Away(_first_line(error)) from error

    def get(self, key: str) -> Iterator[bytes]:
        """The file in pieces. Whether it is there is known when this returns."""
        try:
            found = obstore.get(self._opened(), _checked(key))
        except FileNotFoundError as error:
            raise Missing(key) from error
        except (BaseError, OSError) as error:
            raise Away(_first_line(error)) from error
        return (bytes(piece) for piece in found.stream(min_chunk_size=CHUNK))

    def delete(self, key: str) -> None:
        """Take the file away; nothing where there is none."""
        refuse_while_writing("a file")
        try:
            obstore.delete(self._opened(), _checked(key))
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise Away(_first_line(error)) from error

    def all(self) -> Iterator[tuple[str, datetime]]:
        """Every key with when its file was put there."""
        try:
            for some in obstore.list(self._opened()):
                for file in some:
                    if KEY.fullmatch(file["path"]):
                        yield file["path"], file["last_modified"]
        except (BaseError, OSError) as error:
            raise Away(_first_line(error)) from error

    def clear_unfinished(self, before: datetime) -> int:
        """Take away what a killed process never finished writing; how many. In a folder only."""
        gone = 0
        for path in self.place.folder.glob("??/*#*") if self.place.folder else ():
            with contextlib.suppress(FileNotFoundError):  # finished while we looked
                if path.stat().st_mtime < before.timestamp():
                    path.unlink()
                    gone += 1
        return gone

    def _opened(self) -> LocalStore | S3Store:
        """Opened when it is first needed, in the process that needs it."""
        if self._store is None:
            self._store = _open(self.place)
        return self._store


def init_app(app: Flask) -> None:
    """Find the storage of the settings; refuse to start with one that is unsafe."""
    place = place_of(str(app.config["FILES_URL"]))
    if app.config["ENV"] == "production":
        _check_production(place, Path(app.root_path))
    app.extensions["files"] = Storage(place)
    app.extensions["file_columns"] = []
    app.register_error_handler(Away, _away)
    app.register_error_handler(Missing, _missing)
    app.teardown_appcontext(_clear_up)
    checks(app, _whole)
    sweeps(app, "filer", _sweep)


def storage() -> Storage:
    """The storage of this application."""
    found: Storage = current_app.extensions["files"]
    return found


def kept_by(app: Flask, column: InstrumentedAttribute[str]) -> None:
    """Register a column that holds keys: what it names is kept."""
    app.extensions["file_columns"].append(column)


def new_key() -> str:
    """A key of 128 random bits."""
    name = secrets.token_hex(16)
    return f"{name[:2]}/{name}"


def forget(key: str) -> None:
    """Have the file taken away when the request is done, if no row names it any longer."""
    _ours().add(_checked(key))


def place_of(url: str) -> Place:
    """What FILES_URL says. Raises `UnsafeSettings` where it says nothing we understand."""
    if "://" not in url:
        return Place(folder=Path(url))
    parts = urlsplit(url)
    if parts.scheme == "file" and not parts.netloc and parts.path.strip("/"):
        return Place(folder=Path(unquote(parts.path)))
    if parts.username or parts.password:
        raise UnsafeSettings(
            "Ta bort namn och lösenord ur SAMLING_FILES_URL: sätt AWS_ACCESS_KEY_ID och "
            "AWS_SECRET_ACCESS_KEY i miljön."
        )
    asked = parse_qs(parts.query)
    if parts.scheme != "s3" or not BUCKET.fullmatch(parts.netloc) or set(asked) - {
        "endpoint", "region",
    }:  # fmt: skip
        raise UnsafeSettings(SHAPE)
    endpoint = asked.get("endpoint", [""])[0].rstrip("/")
    if endpoint and not (
        urlsplit(endpoint).scheme in {"http", "https"} and urlsplit(endpoint).hostname
    ):
        raise UnsafeSettings(SHAPE)
    return Place(
        bucket=parts.netloc,
        prefix=parts.path.strip("/"),
        endpoint=endpoint,
        region=asked.get("region", [os.environ.get("AWS_REGION", "us-east-1")])[0],
    )


def _check_production(place: Place, root: Path) -> None:
    if place.folder:
        if not place.folder.is_absolute():
            raise UnsafeSettings("SAMLING_FILES_URL ska vara en hel sökväg, som börjar med /.")
        if place.folder.resolve().is_relative_to(root / "static"):
            raise UnsafeSettings("SAMLING_FILES_URL får inte vara en mapp som alla kan läsa.")
        return
    host = urlsplit(place.endpoint).hostname
    if place.endpoint.startswith("http://") and host not in {"localhost", "127.0.0.1", "::1"}:
        raise UnsafeSettings("SAMLING_FILES_URL ska ha en endpoint som börjar med https://.")
    if not any(os.environ.get(name) for name in PROVED_BY):
        raise UnsafeSettings(
            "Sätt AWS_ACCESS_KEY_ID och AWS_SECRET_ACCESS_KEY: de krävs för SAMLING_FILES_URL."
        )


def _open(place: Place) -> LocalStore | S3Store:
    if place.folder:
        place.folder.mkdir(mode=CLOSED, parents=True, exist_ok=True)
        return LocalStore(place.folder)
    more: dict[str, Any] = {"endpoint": place.endpoint} if place.endpoint else {}
    return S3Store(
        place.bucket,
        prefix=place.prefix or None,
        region=place.region,
        virtual_hosted_style_request=not place.endpoint,
        client_options={
            "allow_http": place.endpoint.startswith("http://"),
            "connect_timeout": "2s",
            "timeout": "60s",
        },
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=5)},
        **more,
    )


def _checked(key: str) -> str:
    if not KEY.fullmatch(key):
        raise ValueError("no key of a file")
    return key


def _settle_on_disk(path: Path) -> None:
    """A row is on the disk when it is committed; so shall its file be."""
    for what in (path, path.parent, path.parent.parent):
        descriptor = os.open(what, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:300]


def _ours() -> set[str]:
    """The keys that this request has touched."""
    if not has_app_context():
        return set()
    found: set[str] = g.setdefault("touched_files", set())
    return found


def _clear_up(_error: BaseException | None) -> None:
    """Take away the files that this request has put or forgotten and no row names."""
    touched: set[str] = g.pop("touched_files", set())
    if not touched:
        return
    db.session.rollback()
    try:
        for key in touched - named(db.session, touched):
            storage().delete(key)
    except (Away, sa.exc.SQLAlchemyError) as error:
        log.warning("files are left over: %s", type(error).__name__)
    finally:
        db.session.rollback()


def named(session: Session, keys: Iterable[str]) -> set[str]:
    """Those of the keys that some row names."""
    asked, found = sorted(keys), set[str]()
    for start in range(0, len(asked), AT_ONCE):
        some = asked[start : start + AT_ONCE]
        for column in current_app.extensions["file_columns"]:
            found.update(session.scalars(sa.select(column).where(column.in_(some))))
    return found


def _sweep(session: Session) -> int:
    """Take away what no row names and is older than a day; how many."""
    store, before = storage(), datetime.now(UTC) - LEFT_OVER
    old = [key for key, put_at in store.all() if put_at < before]
    unnamed = set(old) - named(session, old)
    session.rollback()
    for key in unnamed:
        store.delete(key)
    return len(unnamed) + store.clear_unfinished(before)


def _whole(session: Session) -> Iterator[str]:
    """A line for each row whose file is missing."""
    rows = [
        (column.class_.__tablename__, id_, key)
        for column in current_app.extensions["file_columns"]
        for id_, key in session.execute(sa.select(column.class_.id, column))
    ]
    if not rows:
        return
    try:
        there = {key for key, _put_at in storage().all()}
    except Away as away:
        yield f"fillagret svarar inte: {away}"
        return
    for table, id_, key in rows:
        if key not in there:
            yield f"{table} {id_}: filen {key} saknas"


def _away(error: Away) -> Any:
    log.error("the storage for files does not answer: %s", error)
    return page(
        503,
        _(
            "Lagret för filer svarar inte just nu. Inget är sparat. Vänta en stund och försök "
            "igen; skickade du en fil behöver du välja den en gång till."
        ),
    )


def _missing(error: Missing) -> Any:
    log.error("no file under %s", error)
    return page(404, _("Filen finns inte längre. Fråga kontaktpersonen för evenemanget."))
