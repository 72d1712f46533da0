"""What news plug into the application: hooks, and what pages show."""

from flask import Flask

from events import hooks
from registrations.news import pages, services


def init_app(app: Flask) -> None:
    """Plug in."""
    app.jinja_env.globals.update(
        programme_news=pages.programme_news, programme_changes=pages.programme_changes
    )
    hooks.event_changed.fill(services.event_changed)
    hooks.state_changed.fill(services.state_changed)
    hooks.programme_released.fill(services.programme_released)
