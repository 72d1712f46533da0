"""Those of a scenario who are invited and who register."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.errors import Refusal
from core.reference import Sector
from demo.scenario import ScenarioError, municipality, one_of
from events.models import Event
from events.rules import Mode, State
from registrations import services as registration_services
from registrations.invitations import services as invitation_services
from registrations.models import Invitation, Organisation, Registration
from registrations.rules import RoleKind, Source, Status


def organisation_by_slug(session: Session, slug: str) -> Organisation | None:
    """The organisation of the register with that slug."""
    return session.scalar(sa.select(Organisation).filter_by(slug=slug))


def invite(
    session: Session, event: Event, fields: dict[str, Any], place: str, planned: datetime
) -> list[Registration]:
    """Invite, and answer as the scenario says; those who came by the answer and were there."""
    organisation = organisation_by_slug(session, fields["organisation"])
    if organisation is None:
        raise ScenarioError(f"{place}.organisation: {fields['organisation']!r} finns inte")
    invitation = invitation_services.invite(
        session, event, organisation=organisation,
        facts={
            "seats": fields.get("seats", 1), "criterion": fields.get("criterion", ""),
            "reason": fields.get("reason", ""), "email": fields.get("email", ""),
        },
        by=None, now=planned,
    )  # fmt: skip
    if event.state is State.DRAFT:
        return []
    invitation_services.send(session, invitation, by=None, now=planned)
    return _answer(session, invitation, fields, planned + timedelta(days=5))


def _answer(
    session: Session, invitation: Invitation, fields: dict[str, Any], at: datetime
) -> list[Registration]:
    if fields.get("answer") == "declined":
        invitation_services.decline(session, invitation, message=fields.get("message", ""), now=at)
    if fields.get("answer") != "accepted":
        return []
    people = fields.get("representatives", [])
    invitation_services.accept(session, invitation, representatives=people, now=at)
    session.flush()
    session.refresh(invitation, ["registrations"])
    present = {person["email"].lower() for person in people if person.get("came")}
    return [r for r in invitation.registrations if r.email.lower() in present]


def register(
    session: Session, event: Event, fields: dict[str, Any], place: str, at: datetime
) -> list[Registration]:
    """Register somebody; them, if they were there. Raises `ScenarioError`."""
    modes = [pool.mode for pool in event.pools if pool.mode]
    facts = {
        "first_name": fields.get("first_name", ""),
        "last_name": fields.get("last_name", ""),
        "email": fields.get("email", ""),
        "phone": fields.get("phone", ""),
        "organisation": fields.get("organisation", ""),
        "sector": one_of(Sector, fields.get("sector", "other"), place),
        "municipality": municipality(fields.get("municipality"), place=place),
        "role_kind": one_of(RoleKind, fields.get("role_kind", "official"), place),
        "mode": one_of(Mode, fields.get("mode", modes[0] if modes else "room"), place),
        "list_consent": bool(fields.get("list_consent", False)),
        "protected": bool(fields.get("protected", False)),
    }
    status = one_of(Status, fields["status"], place) if fields.get("status") else None
    try:
        registration = registration_services.register(
            session, event, facts=facts, choices=_choices(event, fields, place),
            needs={"diet": fields.get("diet", ""), "access": fields.get("access_needs", "")},
            source=Source.IMPORT, language="sv", now=at, by=None, notify=False,
            status=None if status is Status.CONFIRMED else status,
        )  # fmt: skip
    except Refusal as refusal:
        raise ScenarioError(f"{place}: {refusal}") from None
    return [registration] if fields.get("came") else []


def _choices(event: Event, fields: dict[str, Any], place: str) -> list[int]:
    chosen = []
    for group, title in fields.get("choices", {}).items():
        found = [i.id for i in event.items if (i.group, i.title) == (group, title)]
        if not found:
            raise ScenarioError(f"{place}.choices.{group}: {title!r} finns inte i programmet")
        chosen += found
    return chosen
