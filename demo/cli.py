"""`flask seed FILE` and `flask demo`."""

import json
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from flask import Flask, current_app
from flask_migrate import upgrade

from accounts.models import User
from core.clock import now
from core.db import db, write
from demo.door import add_open_door
from demo.extras import add_assignment, add_minutes
from demo.files import add_files
from demo.limits import add_limits
from demo.mailings import add_mailings
from demo.papers import add_wishes
from demo.parties import add_party
from demo.placement import add_placements
from demo.questions import add_questions
from demo.releases import add_releases
from demo.scenario import ScenarioError, read
from demo.seed import Seeder
from demo.series import add_series
from demo.speakers import add_speakers
from demo.two_days import add_two_days

DATA = Path(__file__).parent / "data"
SCENARIOS = ("users", "conferences_2016", "inspiration_2016", "sakrad", "upcoming", "limits")
MINUTES = ("minutes_2016", "sakrad_minutes")
LISTED = "mottagande-och-etablering-i-jonkopings-lan"


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(_seed)
    app.cli.add_command(_demo)


@click.command("seed")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def _seed(file: Path) -> None:
    """Add what FILE (a scenario in JSON) holds and the database does not; all or nothing."""
    try:
        added = _apply(file)
    except ScenarioError as error:
        raise click.ClickException(str(error)) from None
    click.echo(", ".join(f"{kind}: {number} nya" for kind, number in added.items()))


@click.command("demo")
@click.option("--migrate", is_flag=True, help="Bring the database up to date first.")
@click.option("--if-empty", is_flag=True, help="Only where nobody can sign in yet.")
def _demo(*, migrate: bool, if_empty: bool) -> None:
    """Load the demonstration data; what is there already stays."""
    if current_app.config["ENV"] == "production":
        raise click.ClickException("Demonstrationsdata laddas inte i produktion.")
    if migrate:
        upgrade(directory=str(Path(current_app.root_path) / "migrations"))
    if if_empty and db.session.scalar(sa.select(User.id).limit(1)):
        return
    for name in SCENARIOS:
        _apply(DATA / f"{name}.json")
    write(lambda: add_placements(db.session, now=now()))
    write(lambda: add_assignment(db.session, _data("assignment_2016"), now=now()))
    write(lambda: add_two_days(db.session, now=now()))
    write(lambda: add_limits(db.session, now=now()))
    write(lambda: add_questions(db.session, now=now()))
    write(lambda: add_party(db.session, LISTED, now=now()))
    write(lambda: add_mailings(db.session, now=now()))
    write(lambda: add_open_door(db.session, now=now()))
    for name in MINUTES:
        add_minutes(_data(name))
    write(lambda: add_wishes(db.session, LISTED, now=now()))
    add_speakers(now=now())
    write(lambda: add_releases(db.session, now=now()))
    add_files(LISTED, now=now())
    write(lambda: add_series(db.session, now=now()))
    click.echo("Demonstrationsdata finns på plats.")


def _apply(path: Path) -> dict[str, int]:
    scenario = read(path)
    return write(lambda: Seeder(db.session, now=now()).apply(scenario))


def _data(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return loaded
