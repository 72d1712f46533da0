"""`flask dispose`."""

import click
from flask import Flask

from core.clock import now
from core.db import db, write
from registrations import disposal
from registrations.words import DATA_KIND


def init_app(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(_dispose)


@click.command("dispose")
@click.option("--dry-run", is_flag=True, help="Say what would be erased; erase nothing.")
def _dispose(dry_run: bool) -> None:
    """Erase what a disposal decision covers and whose time is up; say what lacks a decision."""
    found = disposal.due(db.session, now=now())
    if not found:
        click.echo("Inget att gallra.")
    for one in found:
        what = f"{one.authority.name}: {DATA_KIND[one.kind]}, {one.event.slug}"
        if not one.decision:
            click.echo(f"väntar på beslut  {what}: {one.count} ({one.days} dagar har gått)")
        elif dry_run:
            click.echo(f"skulle raderas    {what}: {one.count} enligt {one.decision}")
        else:
            number = write(lambda one=one: disposal.dispose(db.session, one, now=now()))  # type: ignore[misc]
            click.echo(f"raderat           {what}: {number} enligt {one.decision}")
