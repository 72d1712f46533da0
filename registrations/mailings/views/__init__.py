"""Pages of mailings."""

from registrations.mailings.views import opting_out, reminders, sending, writing

__all__ = ["opting_out", "reminders", "sending", "writing"]
