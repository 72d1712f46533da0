"""Pages of events."""

from events.api import views as api
from events.attachments import views as attachments
from events.editing import views as editing
from events.embedding import views as embedding
from events.finding import views as finding
from events.printing import views as printing
from events.releasing import views as releasing
from events.series import views as series
from events.speaking import views as speaking
from events.staff_feed import views as staff_feed
from events.views import calendars, lists, manage, photos, public
from events.views.blueprint import bp

__all__ = [
    "api",
    "attachments",
    "bp",
    "calendars",
    "editing",
    "embedding",
    "finding",
    "lists",
    "manage",
    "photos",
    "printing",
    "public",
    "releasing",
    "series",
    "speaking",
    "staff_feed",
]
