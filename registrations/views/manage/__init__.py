"""The organiser's side: who comes, what they need, what is erased."""

from registrations.views.manage import disposal, needs, person

__all__ = ["disposal", "needs", "person"]
