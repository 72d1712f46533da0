"""`flask calendar reply FILE.eml` and `flask calendar fetch`."""

import imaplib
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from core.clock import now
from core.db import db, write
from registrations.calendars import mailbox
from registrations.calendars.answering import take
from registrations.calendars.reading import NoReply
from registrations.calendars.rules import MOST_BYTES
from registrations.calendars.words import ANSWER, STANDING


def init_app(app: Flask) -> None:
    """Add the commands."""
    group = click.Group("calendar", help="Answers to calendar invitations.")
    group.add_command(_reply)
    group.add_command(_fetch)
    app.cli.add_command(group)


@click.command("reply")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False))
@with_appcontext
def _reply(files: tuple[str, ...]) -> None:
    """Take in answers that came by mail, from .eml files."""
    wrong = 0
    for name in files:
        with Path(name).open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
        try:
            kept = write(lambda raw=raw: take(db.session, raw, now=now()))  # type: ignore[misc]
            click.echo(f"{name}: {ANSWER[kept.answer]} ({STANDING[kept.standing]})")
        except NoReply as error:
            wrong += 1
            click.echo(f"{name}: {error}", err=True)
    if wrong:
        raise SystemExit(1)


@click.command("fetch")
@with_appcontext
def _fetch() -> None:
    """Read the mailbox that SAMLING_IMAP_URL names: answers, and mails that came back."""
    if not current_app.config.get("IMAP_URL"):
        raise click.ClickException("Sätt SAMLING_IMAP_URL: imaps://namn:losenord@server/INBOX.")
    try:
        click.echo(f"{mailbox.fetch(db.session, now=now())} svar och returer")
    except (OSError, imaplib.IMAP4.error) as error:
        raise click.ClickException(f"brevlådan kan inte läsas: {type(error).__name__}") from error
