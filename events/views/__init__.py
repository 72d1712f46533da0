"""Pages of events."""

from events.finding import views as finding
from events.releasing import views as releasing
from events.views import calendars, lists, manage, photos, public
from events.views.blueprint import bp

__all__ = ["bp", "calendars", "finding", "lists", "manage", "photos", "public", "releasing"]
