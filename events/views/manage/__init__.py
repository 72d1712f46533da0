"""The organiser's pages."""

from events.views.manage import start

__all__ = ["start"]
