"""A group at a conference that is to come: one contact, some with a place, one who has changed."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.reference import Sector
from events.models import Event
from events.rules import Mode, Registering, registering
from registrations.parties import services
from registrations.parties.models import Party
from registrations.parties.rules import How
from registrations.rules import RoleKind, Status

KEY = "demonstration-grupp"
CONTACT = {
    "name": "Margareta Lindqvist",
    "email": "margareta.lindqvist@vaggeryd.example.se",
    "phone": "010-555 01 20",
    "organisation": "Vaggeryds kommun",
    "sector": Sector.MUNICIPALITY,
    "municipality": "0665",
}
PEOPLE = (
    ("Margareta", "Lindqvist", RoleKind.OFFICIAL),
    ("Omar", "Haddad", RoleKind.OFFICIAL),
    ("Birgitta", "Svärd", RoleKind.ELECTED),
    ("Jonas", "Åkerlund", RoleKind.OFFICIAL),
)


def add_party(session: Session, slug: str, *, now: datetime) -> None:
    """Add the group to that event, unless it has one; one has handed the place over since."""
    event = session.scalar(sa.select(Event).filter_by(slug=slug))
    if event is None or session.scalar(sa.select(Party.id).filter_by(event_id=event.id).limit(1)):
        return
    at = now - timedelta(hours=3)
    stands = registering(
        state=event.state, opens=event.registration_opens, closes=event.registration_closes,
        ends=event.ends, paused=event.registration_paused, invited_only=event.invited_only, now=at,
    )  # fmt: skip
    if stands is not Registering.OPEN:
        return
    party = services.register_party(
        session, event, contact=CONTACT, how=How.QUEUE, key=f"{KEY}-{event.id}", language="sv",
        now=at,
        people=[
            {
                "first_name": first,
                "last_name": last,
                "email": f"{_plain(first)}.{_plain(last)}@vaggeryd.example.se",
                "role_kind": role,
                "mode": Mode.ROOM,
                "needs": {"diet": "vegetariskt", "access": ""} if first == "Omar" else {},
            }
            for first, last, role in PEOPLE
        ],
    )  # fmt: skip
    last = party.members[-1]
    if last.outcome is Status.CONFIRMED:
        services.replace_member(
            session, last, language="sv", picks=[], needs={}, now=now - timedelta(hours=1),
            facts={"first_name": "Ylva", "last_name": "Berggren", "phone": "",
                   "email": "ylva.berggren@vaggeryd.example.se", "role_kind": RoleKind.OFFICIAL},
        )  # fmt: skip


def _plain(name: str) -> str:
    return name.casefold().translate(str.maketrans("åäö", "aao"))
