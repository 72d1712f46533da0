"""The letters to participants, each written when it is sent and as things stand then.

What somebody needs on the day (diet, access) is never repeated in a letter.
"""

from registrations.calendars.entries import own_calendar
from registrations.letters import news, own, places
from registrations.letters.common import letter_about, living, own_link

__all__ = ["WRITERS", "letter_about", "living", "own_calendar", "own_link"]

WRITERS = {
    "registration.receipt": own.receipt,
    "registration.promoted": places.promoted,
    "registration.offered": places.offered,
    "registration.offer_ended": places.offer_ended,
    "registration.unproven": own.unproven,
    "registration.approved": places.approved,
    "registration.declined": places.declined,
    "registration.changed": own.changed,
    "registration.already": own.already,
    "registration.cancelled": own.cancelled,
    "registration.links": own.links,
    "event.news": news.news,
    "event.changed": news.older("event.changed"),
    "event.state": news.older("event.state"),
}
