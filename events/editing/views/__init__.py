"""Pages of the editor."""

from events.editing.views import pasting, rooms, shifting, table

__all__ = ["pasting", "rooms", "shifting", "table"]
