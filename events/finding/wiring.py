"""What finding plugs into the application: a command, an invariant, and a look now and then."""

from datetime import datetime

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.orm import Session

from core.db import db, write
from core.health import checks
from core.jobs.rounds import looks
from events.finding import services

commands = AppGroup("search", help="What is found by searching.")


def init_app(app: Flask) -> None:
    """Plug in."""
    app.cli.add_command(commands)
    checks(app, services.astray)
    looks(app, _catch_up)


def _catch_up(session: Session, *, now: datetime) -> None:  # noqa: ARG001 - as all looks are called
    """Index what is public and cannot be found, as after an upgrade; a part at a time."""
    if services.missing(session, 1):
        write(lambda: services.keep(session, services.missing(session, services.BATCH)))


@commands.command("rebuild")
@with_appcontext
def _rebuild() -> None:
    """Make the index of everything public anew."""
    click.echo(f"{write(lambda: services.rebuild(db.session))} dokument i sökregistret.")
