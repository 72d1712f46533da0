"""What minutes plug into the application: commands, hooks, letters, invariants."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Plug in."""
