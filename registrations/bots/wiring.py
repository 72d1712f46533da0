"""What the watch over forms plugs into the application: the upkeep, words."""

from flask import Flask

from accounts.words import LOG
from core.jobs.rounds import looks
from registrations import words as registration_words
from registrations.bots import upkeep, words


def init_app(app: Flask) -> None:
    """Plug in."""
    LOG.update(words.DONE)
    registration_words.DONE.update(words.DONE)
    looks(app, upkeep.upkeep)
