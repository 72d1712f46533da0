"""What the lists of series plug into the application."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from accounts.words import LOG
from events import hooks
from registrations.circles import services

ACTION = {
    "series.list_taken": _l("Tog över en lista till en serie"),
    "series.asked_removed": _l("Tog bort en organisation från en series lista"),
}


def init_app(app: Flask) -> None:  # noqa: ARG001 - as all wirings are called
    """Plug in."""
    LOG.update(ACTION)
    hooks.joined_series.fill(services.begin_with)
