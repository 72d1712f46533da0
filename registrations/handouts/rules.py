"""Who may have what is for those who take part."""

from registrations.rules import Status


def may_have(status: Status) -> bool:
    """Whether somebody with that standing has a place, and with it the files."""
    return status is Status.CONFIRMED
