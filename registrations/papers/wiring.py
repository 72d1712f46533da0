"""What lists and badges plug into the application: what the log calls them, and long work."""

from flask import Flask

from accounts.words import LOG
from registrations.papers import words, work


def init_app(app: Flask) -> None:
    """Plug in."""
    LOG.update(words.ACTION)
    work.init_app(app)
