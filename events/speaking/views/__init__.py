"""Pages of speakers: the public list, their own page behind the link, and the organiser's."""

from events.speaking.views import manage, mine, public, sending

__all__ = ["manage", "mine", "public", "sending"]
