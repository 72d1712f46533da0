"""Pages and feeds where what is public is found."""

from events.finding.views import feeds, lists, searching

__all__ = ["feeds", "lists", "searching"]
