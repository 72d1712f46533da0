"""Is it alive, is it ready, are the invariants whole."""

import shutil
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, Response, current_app, jsonify
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core.clock import now
from core.db import db, reader
from core.jobs import queries as jobs
from core.outbox.models import Outbox
from core.outbox.rules import State
from core.policy import public

bp = Blueprint("health", __name__)
Check = Callable[[Session], Iterable[str]]
SQLITE_WANTED = {"journal_mode": ["wal"], "synchronous": ["2", "3"], "foreign_keys": ["1"]}
POSTGRESQL_WANTED = {
    "fsync": ["on"],
    "synchronous_commit": ["on", "remote_apply"],
    "full_page_writes": ["on"],
}
LATE = timedelta(minutes=15)
LEAST_FREE = 200 * 1024 * 1024  # bytes


def init_app(app: Flask) -> None:
    """Add /healthz, /readyz and `flask check`."""
    app.extensions["checks"] = []
    app.extensions["readiness"] = []
    app.register_blueprint(bp)
    app.cli.add_command(_check)


def checks(app: Flask, check: Check) -> None:
    """Register an invariant: `check(session)` gives one line for each breach."""
    app.extensions["checks"].append(check)


def readiness(app: Flask, reasons: Callable[[], list[str]]) -> None:
    """Register what /readyz asks too: `reasons()` gives a sentence for each thing that is wrong."""
    app.extensions["readiness"].append(reasons)


@bp.get("/healthz")
@public
def alive() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@public
def ready() -> tuple[Response, int]:
    """Whether it may serve: 200, or 503 with the reasons."""
    reasons = _reasons()
    return jsonify({"ready": not reasons, "reasons": reasons}), 503 if reasons else 200


def _reasons() -> list[str]:
    try:
        reasons = trouble() + _behind() + _post() + _work()
    except SQLAlchemyError as error:
        return [f"databasen svarar inte: {type(error).__name__}"]
    for more in current_app.extensions["readiness"]:
        reasons += more()
    if shutil.disk_usage(Path(current_app.instance_path)).free < LEAST_FREE:
        reasons.append("mindre än 200 MB ledigt på disken")
    return reasons


def trouble() -> list[str]:
    """What in the database's own settings endangers the data; one sentence each."""
    with reader(db.engine).connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        ask = "PRAGMA {}" if sqlite else "SHOW {}"
        found = [
            f"{name} är {value}, ska vara {right[0]}"
            for name, right in (SQLITE_WANTED if sqlite else POSTGRESQL_WANTED).items()
            if (value := str(connection.exec_driver_sql(ask.format(name)).scalar_one()))
            not in right
        ]
        if not sqlite:
            theirs = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
            skew = abs((datetime.now(UTC) - theirs).total_seconds())
            if skew > 60:
                found.append(f"databasens klocka går {skew:.0f} sekunder fel")
        return found


def _behind() -> list[str]:
    """Whether the tables are those this version of the program was written for."""
    scripts = ScriptDirectory(str(Path(current_app.root_path) / "migrations"))
    with reader(db.engine).connect() as connection:
        present = set(MigrationContext.configure(connection).get_current_heads())
    if present == set(scripts.get_heads()):
        return []
    return ["databasens tabeller är inte de som programmet väntar sig: kör `flask db upgrade`"]


def _post() -> list[str]:
    """Whether mail stands still: nobody sends it, or the relay refuses us."""
    waiting = sa.select(sa.func.min(Outbox.next_try)).where(Outbox.state == State.WAITING)
    oldest = db.session.scalar(waiting)
    if oldest and now() - oldest > LATE:
        return ["post har väntat i mer än en kvart: kör `flask outbox run`"]
    stopped = sa.select(Outbox.error).where(
        Outbox.state == State.WAITING,
        Outbox.tries == 0,
        Outbox.error != "",
        Outbox.created < now() - LATE,
    )
    error = db.session.scalar(stopped.limit(1))
    return [f"e-postservern tar inte emot post från oss: {error}"] if error else []


def _work() -> list[str]:
    """Whether nobody does the long work."""
    if next(jobs.standing_still(db.session, now()), None) is None:
        return []
    return ["arbete har väntat i mer än en kvart: kör `flask jobs run`"]


@click.command("check")
@with_appcontext
def _check() -> None:
    """Check the invariants; exit 1 and a line for each breach."""
    db.session.rollback()
    _see_one_moment(db.session)
    breaches = [line for check in current_app.extensions["checks"] for line in check(db.session)]
    for line in breaches:
        click.echo(line)
    if breaches:
        raise SystemExit(1)
    click.echo("Allt stämmer.")


def _see_one_moment(session: Session) -> None:
    """All questions of this transaction see the same moment, also where people register meanwhile.

    (SQLite's reading transactions do so by themselves.)
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
