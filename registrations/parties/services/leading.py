"""What the contact of a party may do to its people: take one off, put another in the place."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.errors import Refusal
from core.text import clean_line
from events.rules import may_cancel_place
from registrations import services as registration_services
from registrations.models import Registration
from registrations.parties.models import Party, PartyMember
from registrations.parties.queries import is_ours, status_of
from registrations.parties.services.enrolling import NoRoom, enrol, standing
from registrations.parties.services.forming import tell_contact
from registrations.parties.services.handing_over import transfer
from registrations.placement.rules import Pick
from registrations.rules import ACTIVE, Status, seated
from registrations.services.telling import tell_in_turn


def cancel_member(session: Session, member: PartyMember, *, now: datetime) -> None:
    """Take somebody off; the next in the queue gets the place. Twice changes nothing.

    Somebody who had registered without the contact only leaves the contact's list. Raises
    `Refusal` after the last day.
    """
    if status_of(member) not in ACTIVE:
        return
    refuse_late(member.party, now)
    person = member.registration
    if person is not None and is_ours(member):
        had_seat = seated(person.status)
        registration_services.cancel(
            session, person, reason=_("Avanmäld av den som anmälde gruppen"), now=now, notify=False
        )
        tell_in_turn(session, person, "cancelled", now=now, had_seat=had_seat)
    member.gone = now
    session.flush()
    tell_contact(session, member.party, now=now)


def replace_member(
    session: Session,
    member: PartyMember,
    *,
    facts: dict[str, Any],
    picks: Sequence[Pick],
    needs: dict[str, str],
    language: str,
    now: datetime,
) -> None:
    """Let a colleague have somebody's place, as `transfer` does.

    Somebody who had registered without the contact keeps the place: the colleague is then
    registered as anybody new. Raises `Refusal` as `transfer`, and where that finds no seat.
    """
    refuse_late(member.party, now)
    person, was_there = member.registration, standing(session, member.party, facts)
    if person is None or status_of(member) is not Status.CONFIRMED:
        raise Refusal(_("Bara den som har en plats kan överlåta den."))
    if is_ours(member):
        substitute = transfer(
            session, person, facts=facts, picks=picks, needs=needs, language=language, now=now,
            reason=_("Av den som anmälde gruppen"),
        )  # fmt: skip
    else:
        substitute = _instead_of_a_stranger(session, member, facts, picks, needs, now)
    member.gone = now
    member.party.members.append(
        PartyMember(
            registration_id=substitute.id,
            name=clean_line(f"{facts['first_name']} {facts['last_name']}"),
            ours=was_there is None and not substitute.protected,
            outcome=Status.CONFIRMED,
        )
    )
    session.flush()
    tell_contact(session, member.party, now=now)


def refuse_late(party: Party, now: datetime) -> None:
    """Raise `Refusal` after the last day to change."""
    event = party.event
    if not may_cancel_place(cancel_by=event.cancel_by, starts=event.starts, now=now):
        raise Refusal(_("Tiden för ändringar har gått ut. Ring kontaktpersonen i stället."))


def _instead_of_a_stranger(
    session: Session,
    member: PartyMember,
    facts: dict[str, Any],
    picks: Sequence[Pick],
    needs: dict[str, str],
    now: datetime,
) -> Registration:
    mode = member.registration.mode if member.registration else None
    full = Refusal(_("Det går inte att byta den här personen. Kontakta arrangören."))
    person = facts | {"picks": picks, "needs": needs, "mode": mode}
    try:
        made = enrol(session, member.party, person, now=now)
    except NoRoom:
        raise full from None
    if made.status is Status.WAITING:
        raise full
    tell_in_turn(session, made, "receipt", now=now, party=member.party.id)
    return made
