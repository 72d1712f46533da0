"""What the editor plugs in."""

from flask import Flask

from accounts.words import LOG
from events import hooks
from events.editing import services, words


def init_app(app: Flask) -> None:
    """Plug in."""
    LOG.update(words.ACTION)
    app.jinja_env.globals.update(
        conflict_told=words.told, why_unread=words.WHY, template_words=words.TEMPLATE
    )
    hooks.event_copied.fill(services.copy_rooms)
