"""Pages of registrations."""

from registrations.views import manage, public
from registrations.views.blueprint import bp

__all__ = ["bp", "manage", "public"]
