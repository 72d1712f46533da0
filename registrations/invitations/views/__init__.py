"""Pages of organisations, invitations and the public register."""

from registrations.invitations.views import answer, councils, manage, organisations

__all__ = ["answer", "councils", "manage", "organisations"]
