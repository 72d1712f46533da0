"""What calendars plug into the application: words and letters."""

from flask import Flask

from accounts.words import LOG
from core.outbox.worker import writes
from registrations.calendars import letters, words


def init_app(app: Flask) -> None:
    """Plug in."""
    LOG.update(words.ACTION)
    for kind, writer in letters.WRITERS.items():
        writes(app, kind, writer)
