"""What calendars plug into the application: words, letters, commands, the mailbox."""

from flask import Flask

from accounts.words import LOG
from core.jobs.rounds import looks
from core.outbox.worker import writes
from registrations.calendars import cli, letters, mailbox, words


def init_app(app: Flask) -> None:
    """Plug in."""
    LOG.update(words.ACTION)
    cli.init_app(app)
    looks(app, mailbox.look)
    for kind, writer in letters.WRITERS.items():
        writes(app, kind, writer)
