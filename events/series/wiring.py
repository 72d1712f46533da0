"""What series plug into the application: words, a template global, hooks."""

from flask import Flask

from accounts.words import LOG
from core.db import db
from events import hooks
from events.models import Event
from events.series import queries, services, words
from events.series.queries import Neighbours


def init_app(app: Flask) -> None:
    """Plug in."""
    LOG.update(words.ACTION)
    app.jinja_env.globals.update(
        in_series=_in_series, series_kind_words=words.SERIES_KIND, oddity_words=words.ODDITY
    )
    hooks.state_changed.fill(services.moved)
    hooks.event_changed.fill(services.moved)


def _in_series(event: Event) -> Neighbours | None:
    return queries.neighbours(db.session, event)
