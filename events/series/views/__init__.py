"""Pages of series."""

from events.series.views import manage, public

__all__ = ["manage", "public"]
