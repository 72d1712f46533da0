"""`flask users`."""

import click
from flask import Flask
from flask.cli import with_appcontext

from accounts import queries, services
from accounts.rules import Role
from core.clock import now
from core.db import db, write
from core.errors import Refusal
from core.tidy import tidies


def init_app(app: Flask) -> None:
    """Add the command, and what `flask tidy` removes here."""
    group = click.Group("users", help="Who works here.")
    group.add_command(_add)
    app.cli.add_command(group)
    tidies(app, "avslutade inloggningar", services.forget_sessions)


@click.command("add")
@click.argument("email")
@click.option("--name", prompt="Namn")
@click.option("--authority", prompt="Myndighet (t.ex. jonkoping)", help="Slug.")
@click.option("--role", "roles", multiple=True, default=["organiser"],
              type=click.Choice([role.value for role in Role]))  # fmt: skip
@click.option("--password", prompt="Lösenord", hide_input=True, confirmation_prompt=True)
@with_appcontext
def _add(email: str, name: str, authority: str, roles: tuple[str, ...], password: str) -> None:
    """Add a user with roles in an authority."""

    try:
        sealed = services.hash_password(password)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None

    def add() -> None:
        services.seed_boards(db.session)
        place = queries.authority_by_slug(db.session, authority)
        if place is None:
            raise click.ClickException(f"Det finns ingen myndighet som heter {authority}.")
        services.add_user(
            db.session, email=email, name=name, password_hash=sealed,
            roles=[(place, Role(role)) for role in roles], by=None, now=now(),
        )  # fmt: skip

    try:
        write(add)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(f"{email} kan nu logga in.")
