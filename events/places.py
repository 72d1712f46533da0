"""Where an event is, in one line, the same in every format."""

from core.reference import municipality_name


def address(street: str, municipality: str | None) -> str:
    """Street and town; the town is not said twice."""
    town = municipality_name(municipality)
    if not town or town.casefold() in street.casefold():
        return street
    return f"{street}, {town}" if street else town


def place(venue: str, street: str, municipality: str | None) -> str:
    """Venue, street and town, as far as they are known."""
    return ", ".join(part for part in (venue, address(street, municipality)) if part)
