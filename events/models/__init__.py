"""Assignments, events, programme items, speakers, seats and the frozen releases of a programme."""

from events.models.occasions import Assignment, Event, co_organiser
from events.models.programme import Appearance, ProgrammeItem, Release
from events.models.seats import Pool, Quota
from events.models.speakers import Photo, Speaker

__all__ = [
    "Appearance",
    "Assignment",
    "Event",
    "Photo",
    "Pool",
    "ProgrammeItem",
    "Quota",
    "Release",
    "Speaker",
    "co_organiser",
]
