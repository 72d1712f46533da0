"""What the door plugs into the application."""

from flask import Flask

from core.health import checks
from events import hooks
from registrations.door import invariants, overview, services, words


def init_app(app: Flask) -> None:
    """Plug in."""
    app.jinja_env.globals.update(
        door_story=overview.door_story, tick_words=words.TICK, corrected_words=words.CORRECTED
    )
    hooks.item_removed.fill(services.keep_item)
    checks(app, invariants.breaches)
    checks(app, invariants.guarded)
