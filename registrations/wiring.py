"""What registrations plug into the application: commands, hooks, letters, invariants."""

from typing import Any

from flask import Flask

from core.reference import SECTOR_WORDS
from registrations import overview, words


def init_app(app: Flask) -> None:
    """Plug in."""
    known: dict[str, Any] = {
        "sector_words": SECTOR_WORDS,
        "status_words": words.STATUS,
        "role_kind_words": words.ROLE_KIND,
        "source_words": words.SOURCE,
        "latest_registrations": overview.latest_registrations,
        "event_figures": overview.event_figures,
    }
    app.jinja_env.globals.update(known)
