"""Pages of events."""

from events.views import manage, public
from events.views.blueprint import bp

__all__ = ["bp", "manage", "public"]
