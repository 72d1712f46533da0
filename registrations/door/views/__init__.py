"""Pages of the door."""

from registrations.door.views import page, presence, ticking, told

__all__ = ["page", "presence", "ticking", "told"]
