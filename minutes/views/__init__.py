"""Pages of minutes."""

from minutes.views import manage, public
from minutes.views.blueprint import bp

__all__ = ["bp", "manage", "public"]
