"""Pages of registrations."""

from registrations.invitations import views as invitations
from registrations.views import manage, public
from registrations.views.blueprint import bp

__all__ = ["bp", "invitations", "manage", "public"]
