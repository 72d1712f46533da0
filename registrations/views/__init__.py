"""Pages of registrations."""

from registrations.bots import views as bots
from registrations.calendars import views as calendars
from registrations.circles import views as circles
from registrations.door import views as door
from registrations.doubles import views as doubles
from registrations.handouts import views as handouts
from registrations.importing import views as importing
from registrations.invitations import views as invitations
from registrations.mailings import views as mailings
from registrations.papers import views as papers
from registrations.parties import views as parties
from registrations.placement import views as placement
from registrations.places import views as places
from registrations.questions import views as questions
from registrations.roster import views as roster
from registrations.selection import views as selection
from registrations.views import manage, mine, public
from registrations.views.blueprint import bp

__all__ = [
    "bots",
    "bp",
    "calendars",
    "circles",
    "door",
    "doubles",
    "handouts",
    "importing",
    "invitations",
    "mailings",
    "manage",
    "mine",
    "papers",
    "parties",
    "placement",
    "places",
    "public",
    "questions",
    "roster",
    "selection",
]
