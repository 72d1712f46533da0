"""Pages of those who work here."""

from accounts.views import colleagues, mails, manage, public
from accounts.views.blueprint import bp

__all__ = ["bp", "colleagues", "mails", "manage", "public"]
