"""`flask tidy`: throw away what has served its time. Run it once a day."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import click
import sqlalchemy as sa
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from core.clock import now
from core.db import Model, db, write
from core.idempotency import IdempotencyKey
from core.throttle import RateCount, Turns

KEYS_KEPT = timedelta(days=7)  # a form left open longer than this is sent as a new one
COUNTS_KEPT = timedelta(days=2)
Tidier = Callable[[Session, datetime], int]


def init_app(app: Flask) -> None:
    """Add the command."""
    app.extensions["tidiers"] = {"formulärnycklar": _keys, "räknare": _counts, "turer": _turns}
    app.extensions["sweepers"] = {}
    app.cli.add_command(_tidy)


def tidies(app: Flask, what: str, tidier: Tidier) -> None:
    """Have `tidier(session, now)` called too; it removes rows and answers how many."""
    app.extensions["tidiers"][what] = tidier


def sweeps(app: Flask, what: str, sweeper: Callable[[Session], int]) -> None:
    """Have `sweeper(session)` called too, outside of any write: it removes what is no row."""
    app.extensions["sweepers"][what] = sweeper


def remove(session: Session, table: type[Model], *conditions: sa.ColumnElement[bool]) -> int:
    """Delete the rows that meet the conditions; how many."""
    statement = sa.delete(table).where(*conditions)
    result = session.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)  # type: ignore[attr-defined]


def _keys(session: Session, now: datetime) -> int:
    return remove(session, IdempotencyKey, IdempotencyKey.created < now - KEYS_KEPT)


def _counts(session: Session, now: datetime) -> int:
    return remove(session, RateCount, RateCount.window_starts < now - COUNTS_KEPT)


def _turns(session: Session, now: datetime) -> int:
    return remove(session, Turns, Turns.last < now - COUNTS_KEPT)


@click.command("tidy")
@with_appcontext
def _tidy() -> None:
    """Remove used form keys, old counts of tries, ended sessions and files that no row names."""
    for what, tidier in current_app.extensions["tidiers"].items():
        removed = write(partial(tidier, db.session, now()))
        click.echo(f"{what}: {removed} borttagna")
    for what, sweeper in current_app.extensions["sweepers"].items():
        click.echo(f"{what}: {sweeper(db.session)} borttagna")
