"""Pages of those who work here."""

from accounts.views import manage, public
from accounts.views.blueprint import bp

__all__ = ["bp", "manage", "public"]
