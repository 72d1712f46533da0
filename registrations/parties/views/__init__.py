"""Pages of parties and of places that go over to a colleague."""

from registrations.parties.views import group, handing_over, mine

__all__ = ["group", "handing_over", "mine"]
