"""Persons with protected identity: where their name stands, and what stands instead.

Three kinds exist (secrecy marking, protected registration, fictitious identity); which one is
never asked and never kept. The organiser enters the person by telephone, under a display name
that the person chooses, and ticks the flag. The rule (offentlighets- och sekretesslagen 21:3):

- The name, address and organisation are shown on the participants' page and on the person's own
  page under it, to administrators and organisers of the authority. Nowhere else.
- Everybody else on that page, and everybody at the door, on paper lists, in the overview and on
  the list of needs, meets "Skyddad deltagare 17" without organisation, municipality, address or
  telephone. The person is told the number, and is found at the door by it.
- Files that leave the service (CSV, XLSX) leave the person out altogether.
- Searching and sorting by name or organisation never find or place a protected person for those
  who may not see them, so that nothing can be read out of the order. Numbers count everybody.
"""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from core.reference import municipality_name


@dataclass(frozen=True)
class Person:
    """What of a registered person may stand on a page."""

    id: int
    name: str
    sorted_name: str
    organisation: str
    municipality: str
    email: str
    phone: str
    protected: bool


def stand_in(registration_id: int) -> str:
    """What a protected person is called, e.g. "Skyddad deltagare 17"."""
    return _("Skyddad deltagare %(number)s", number=registration_id)


def shown(registration: Any, *, openly: bool = False) -> Person:
    """The person of a registration (or of a row with its columns) as a page may show them.

    `openly` is given only by the participants' page, for administrators and organisers.
    """
    if registration.protected and not openly:
        alias = stand_in(registration.id)
        return Person(registration.id, alias, alias, "", "", "", "", protected=True)
    return Person(
        id=registration.id,
        name=f"{registration.first_name} {registration.last_name}".strip(),
        sorted_name=", ".join(
            part for part in (registration.last_name, registration.first_name) if part
        ),
        organisation=registration.organisation,
        municipality=municipality_name(registration.municipality),
        email=registration.email,
        phone=registration.phone,
        protected=registration.protected,
    )
