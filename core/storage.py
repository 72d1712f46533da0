"""Where large files lie: in a folder or in S3-compatible storage, each under a random key."""

import contextlib
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qs, unquote, urlsplit

import obstore
from flask import g, has_app_context
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from core.db import refuse_while_writing
from core.settings import UnsafeSettings

KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}")
CHUNK = 256 * 1024  # bytes
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
        touched().add(checked(key))
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
            found = obstore.get(self._opened(), checked(key))
        except FileNotFoundError as error:
            raise Missing(key) from error
        except (BaseError, OSError) as error:
            raise Away(_first_line(error)) from error
        return (bytes(piece) for piece in found.stream(min_chunk_size=CHUNK))

    def delete(self, key: str) -> None:
        """Take the file away; nothing where there is none."""
        refuse_while_writing("a file")
        try:
            obstore.delete(self._opened(), checked(key))
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

    def ask(self) -> None:
        """Nothing where files can be read, and in a folder written."""
        try:
            next(iter(obstore.list(self._opened(), prefix="00/", chunk_size=1)), None)
        except (BaseError, OSError) as error:
            raise Away(_first_line(error)) from error
        if self.place.folder and not os.access(self.place.folder, os.R_OK | os.W_OK | os.X_OK):
            raise Away("the folder is closed to us")

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


def new_key() -> str:
    """A key of 128 random bits."""
    name = secrets.token_hex(16)
    return f"{name[:2]}/{name}"


def checked(key: str) -> str:
    """The key, if it is one of ours. Raises ValueError."""
    if not KEY.fullmatch(key):
        raise ValueError("no key of a file")
    return key


def touched() -> set[str]:
    """The keys that this request has touched."""
    if not has_app_context():
        return set()
    found: set[str] = g.setdefault("touched_files", set())
    return found


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


def check_production(place: Place, root: Path) -> None:
    """Raise `UnsafeSettings` for a place that the public could read, or that we may not enter."""
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
