"""A place that goes over to a colleague (överlåta plats): the seat stays taken throughout."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import record
from core.errors import Refusal
from core.text import clean_line
from events.rules import State, may_cancel_place
from registrations import seats
from registrations.invitations.models import Representative
from registrations.invitations.queries.named import of_registration
from registrations.models import Registration
from registrations.parties.rules import may_hand_over
from registrations.placement import services as placement
from registrations.placement.rules import Pick
from registrations.queries.known import known_person
from registrations.rules import ACTIVE, Source, Status
from registrations.services.people import give_link, keys
from registrations.services.queue import promote
from registrations.services.sitting import leave_seats
from registrations.services.telling import tell, tell_already, tell_in_turn

Facts = dict[str, Any]
FROM_THE_ONE_BEFORE = ("organisation", "sector", "municipality", "mode")


def transfer(
    session: Session,
    registration: Registration,
    *,
    facts: Facts,
    picks: Sequence[Pick],
    needs: dict[str, str],
    language: str,
    now: datetime,
    reason: str = "",
    by: User | None = None,
    version: int | None = None,
) -> Registration:
    """Let a colleague have the place; their registration, which has the seat.

    `facts` are the substitute's own: names, email, phone, role_kind. The
    organisation and the mode are those of the one before; needs are never handed over. The one
    before is cancelled and told, with a calendar file that takes the day out again, and their
    link is dead. Seats taken stay as many, but for programme choices that are changed.

    Somebody who waits for the same mode gets the place; who has one already keeps that, and this
    one goes to the queue. Raises `Refusal` after the last day (for whoever does not work here),
    where there is no place to hand over, for the same person, and for an item that is full;
    `Stale` for another `version`.
    """
    registration.refuse_older(version)
    _refuse_unless_allowed(registration, by, now)
    who = keys(facts["first_name"], facts["last_name"], facts["email"])
    if (who["email_key"], who["name_key"]) == (registration.email_key, registration.name_key):
        raise Refusal(_("Det är samma person. Skriv den som kommer i stället."), "first_name")
    event = registration.event
    seats.of_event(session, event.id, lock=True)
    known = known_person(session, event.id, who["email_key"], who["name_key"])
    named = of_registration(session, registration)
    _leave(session, registration, reason, now)
    if known is not None and known.status in ACTIVE:
        _take_known(session, known, registration, now)
        substitute = known
    else:
        substitute = placement.register(
            session, event, picks=picks, needs=needs, source=Source.TRANSFER,
            language=language, now=now, by=by, invitation=registration.invitation,
            notify=False, status=Status.CONFIRMED,
            facts={name: getattr(registration, name) for name in FROM_THE_ONE_BEFORE} | facts,
        )  # fmt: skip
        if registration.source is Source.INVITATION:
            substitute.source = Source.INVITATION  # the organisation still says who comes
        _tell(session, substitute, "receipt", by=by, now=now, instead=True)
    if named is not None:
        _name(named, substitute, facts, ours=substitute is not known)
    _tell(session, registration, "cancelled", by=by, now=now, had_seat=True, handed_over=True)
    _record(session, registration, substitute, reason, by, now)
    promote(session, event, now=now)
    return substitute


def _refuse_unless_allowed(registration: Registration, by: User | None, now: datetime) -> None:
    event = registration.event
    if registration.protected:
        raise Refusal(
            _(
                "Den här platsen kan inte överlåtas här. Avanmäl personen och lägg in ersättaren "
                "för sig."
            )
        )
    if registration.unproven or not may_hand_over(
        registration.status, protected=registration.protected
    ):
        raise Refusal(_("Bara den som har en plats kan överlåta den."))
    if event.state in {State.CANCELLED, State.CLOSED} or event.ends <= now:
        raise Refusal(_("Det går inte längre att överlåta platser till det här evenemanget."))
    if by is None and not may_cancel_place(cancel_by=event.cancel_by, starts=event.starts, now=now):
        raise Refusal(_("Tiden för ändringar har gått ut. Ring kontaktpersonen i stället."))


def _leave(session: Session, person: Registration, reason: str, now: datetime) -> None:
    """Cancel the one before and let go of the seats, which the next lines take again."""
    leave_seats(session, person)
    person.status, person.cancelled, person.updated = Status.CANCELLED, now, now
    person.cancel_reason = ": ".join(part for part in (_("Överlåten plats"), reason) if part)[:500]
    person.sequence += 1
    person.token_version += 1
    give_link(person)
    session.flush()


def _take_known(session: Session, known: Registration, before: Registration, now: datetime) -> None:
    """Who waits for the same mode is put first in its queue; else nothing is theirs to gain."""
    if known.status is Status.WAITING and known.mode is before.mode:
        first = session.scalar(
            sa.select(sa.func.min(Registration.queued)).where(
                Registration.event_id == known.event_id,
                Registration.mode == known.mode,
                Registration.status == Status.WAITING,
            )
        )
        known.queued = (first or now) - timedelta(seconds=1)
        known.updated = now
        session.flush()
    else:
        tell_already(session, known, now=now)


def _name(row: Representative, substitute: Registration, facts: Facts, *, ours: bool) -> None:
    """The organisation that sends them sees the substitute, registered before or not."""
    row.registration, row.ours = substitute, ours and not substitute.protected
    for name in ("first_name", "last_name", "email"):
        setattr(row, name, clean_line(facts[name]))
    row.role_kind = facts.get("role_kind") or row.role_kind


def _tell(
    session: Session,
    person: Registration,
    kind: str,
    *,
    by: User | None,
    now: datetime,
    **more: Any,
) -> None:
    """Those who work here may write to anybody; others only as often as a mailbox bears."""
    if by is None:
        tell_in_turn(session, person, kind, now=now, **more)
    else:
        tell(session, person, kind, now=now, **more)


def _record(
    session: Session,
    before: Registration,
    substitute: Registration,
    reason: str,
    by: User | None,
    now: datetime,
) -> None:
    for action, subject, details in (
        ("registration.transferred", before, {"with": substitute.id, "reason": reason}),
        ("registration.took_over", substitute, {"with": before.id, "reason": reason}),
    ):
        record(
            session, by=by, action=action, subject=subject, now=now, details=details,
            authority_id=before.authority_id, event_id=before.event_id,
        )  # fmt: skip
