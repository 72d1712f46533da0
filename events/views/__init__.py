"""Pages of events."""

from events.releasing import views as releasing
from events.views import calendars, lists, manage, photos, public
from events.views.blueprint import bp

__all__ = ["bp", "calendars", "lists", "manage", "photos", "public", "releasing"]
