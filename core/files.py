"""Files that are too large for the database, each named by a row.

A file lies under a random key, never under a name that somebody gave it. It is put before the
row that names it is committed, and taken away after the row has gone: a killed process leaves at
worst a file that no row names, never a row without its file. What is left over `flask tidy` takes
away after a day; `flask check` names the rows whose file is missing.
"""

import logging
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app, g
from flask_babel import gettext as _
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.db import db
from core.errors import page
from core.health import checks, readiness
from core.storage import Away, Missing, Storage, check_production, checked, place_of, touched
from core.tidy import sweeps

log = logging.getLogger(__name__)
LEFT_OVER = timedelta(days=1)
AT_ONCE = 500  # keys in one question


def init_app(app: Flask) -> None:
    """Find the storage of the settings; refuse to start with one that is unsafe."""
    place = place_of(str(app.config["FILES_URL"]))
    if app.config["ENV"] == "production":
        check_production(place, Path(app.root_path))
    app.extensions["files"] = Storage(place)
    app.extensions["file_columns"] = []
    app.register_error_handler(Away, _away)
    app.register_error_handler(Missing, _missing)
    app.teardown_appcontext(_clear_up)
    checks(app, _whole)
    readiness(app, _answers)
    sweeps(app, "filer", _sweep)


def storage() -> Storage:
    """The storage of this application."""
    found: Storage = current_app.extensions["files"]
    return found


def kept_by(app: Flask, column: InstrumentedAttribute[str]) -> None:
    """Register a column that holds keys: what it names is kept."""
    app.extensions["file_columns"].append(column)


def forget(key: str) -> None:
    """Have the file taken away when the request is done, if no row names it any longer."""
    touched().add(checked(key))


def named(session: Session, keys: Iterable[str]) -> set[str]:
    """Those of the keys that some row names."""
    asked, found = sorted(keys), set[str]()
    for start in range(0, len(asked), AT_ONCE):
        some = asked[start : start + AT_ONCE]
        for column in current_app.extensions["file_columns"]:
            found.update(session.scalars(sa.select(column).where(column.in_(some))))
    return found


def _clear_up(_error: BaseException | None) -> None:
    """Take away the files that this request has put or forgotten and no row names."""
    keys: set[str] = g.pop("touched_files", set())
    if not keys:
        return
    db.session.rollback()
    try:
        for key in keys - named(db.session, keys):
            storage().delete(key)
    except (Away, sa.exc.SQLAlchemyError) as error:
        log.warning("files are left over: %s", type(error).__name__)
    finally:
        db.session.rollback()


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


def _answers() -> list[str]:
    try:
        storage().ask()
    except Away as away:
        log.warning("the storage for files does not answer: %s", away)
        return ["lagret för filer svarar inte"]
    return []


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
