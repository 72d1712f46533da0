"""An organisation's answer: yes, with names, or no. It may be changed until the last day."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.services import record
from core.db import Stale
from core.errors import Refusal
from core.outbox.services import enqueue
from events import services as event_services
from events.models import Event
from events.rules import Mode
from registrations import services as registration_services
from registrations.invitations.queries.invited import held, people_of
from registrations.invitations.rules import may_answer
from registrations.models import Invitation, Registration
from registrations.rules import Answer, RoleKind, Source, Status
from registrations.services.people import keys

Person = dict[str, Any]
WhoKey = tuple[str, str]


def accept(
    session: Session,
    invitation: Invitation,
    *,
    representatives: Sequence[Person],
    now: datetime,
    version: int | None = None,
    language: str = "sv",
) -> None:
    """Say yes and register these people, each with a letter of their own; all or nobody.

    A person is first_name, last_name, email and, if wanted, role_kind, mode and row (the number
    of the form's row, for the sentences of a `Refusal`). Those named before and not now are
    cancelled. Raises `Refusal` for nobody, too many, one person twice, one who is registered
    through another invitation, and where seats do not suffice; `Stale` as its name says.
    """
    event, invitation = held(session, invitation)
    _refuse_late(event, invitation, version, now)
    before = people_of(session, invitation.id)
    hidden = sum(1 for one in before if one.protected)
    people = _told_apart(invitation, representatives, hidden)
    known = {(one.email_key, one.name_key): one for one in before if not one.protected}
    for who, one in known.items():
        if who not in people:
            _let_go(session, one, _("Ersatt av organisationen"), now)
    new = {who: person for who, person in people.items() if who not in known}
    for who, one in known.items():
        role = people[who].get("role_kind") if who in people else None
        if role and role != one.role_kind and one.source is Source.INVITATION:
            registration_services.change(
                session, one, facts={"role_kind": role}, now=now, notify=False
            )
    for person in new.values():
        _register(session, event, invitation, person, language, now)
    _answered(session, event, invitation, Answer.ACCEPTED, now, {"people": len(people) + hidden})
    _thank(session, event, invitation, now)


def decline(
    session: Session,
    invitation: Invitation,
    *,
    message: str,
    now: datetime,
    version: int | None = None,
) -> None:
    """Say no, with a message to the organiser if wanted; people already named are cancelled.

    Raises `Refusal` where it is too late, `Stale` where `version` is no longer the row's.
    """
    event, invitation = held(session, invitation)
    _refuse_late(event, invitation, version, now)
    for one in people_of(session, invitation.id):
        _let_go(session, one, _("Organisationen har tackat nej"), now)
    invitation.message = message
    _answered(session, event, invitation, Answer.DECLINED, now, {})


def _let_go(session: Session, one: Registration, reason: str, now: datetime) -> None:
    """The organisation no longer sends this person: who came by its answer is cancelled.

    Who had registered without it keeps the place: naming somebody gives no power over them.
    """
    if one.source is not Source.INVITATION:
        one.invitation_id = None
        session.flush()
        return
    registration_services.cancel(session, one, reason=reason, now=now)


def _refuse_late(event: Event, invitation: Invitation, version: int | None, now: datetime) -> None:
    if version is not None and invitation.version != version:
        raise Stale
    if invitation.answer is Answer.DRAFT:
        raise Refusal(_("Inbjudan är inte skickad än."))
    if not may_answer(
        state=event.state, closes=event.registration_closes, starts=event.starts, now=now
    ):
        raise Refusal(_("Det går inte längre att svara. Ring eller mejla kontaktpersonen."))


def _told_apart(
    invitation: Invitation, representatives: Sequence[Person], hidden: int
) -> dict[WhoKey, Person]:
    """The people by what they are known again by. Raises `Refusal` for nobody or too many."""
    most = invitation.seats - hidden
    if not representatives and not hidden:
        raise Refusal(_("Skriv minst en person, eller tacka nej."), "first_name_1")
    people: dict[WhoKey, Person] = {}
    for number, person in enumerate(representatives, 1):
        row = person.get("row", number)
        if number > most:
            raise Refusal(
                _("Ni får vara högst %(n)s. Ta bort någon.", n=invitation.seats),
                f"first_name_{row}",
            )
        known = keys(person["first_name"], person["last_name"], person["email"])
        who = known["email_key"], known["name_key"]
        if who in people:
            raise Refusal(_("Samma person står två gånger. Ta bort den ena."), f"email_{row}")
        people[who] = {**person, "row": row}
    return people


def _register(
    session: Session,
    event: Event,
    invitation: Invitation,
    person: Person,
    language: str,
    now: datetime,
) -> None:
    organisation = invitation.organisation
    registration = registration_services.register(
        session,
        event,
        facts={
            "first_name": person["first_name"],
            "last_name": person["last_name"],
            "email": person["email"],
            "phone": "",
            "organisation": organisation.name[:200],
            "sector": organisation.sector,
            "municipality": organisation.municipality,
            "role_kind": person.get("role_kind") or RoleKind.OTHER,
            "mode": person.get("mode") or default_mode(event),
            "list_consent": False,
            "protected": False,
        },
        choices=[],
        needs={},
        source=Source.INVITATION,
        language=language,
        now=now,
        invitation=invitation,
    )
    if registration.invitation_id is None:
        registration.invitation_id = invitation.id
    elif registration.invitation_id != invitation.id:
        raise Refusal(
            _("Den här personen är redan anmäld. Fråga kontaktpersonen."),
            f"email_{person['row']}",
        )
    if registration.status is not Status.CONFIRMED:
        raise Refusal(
            _("Det finns inte plats för så många. Ta bort någon, eller ring kontaktpersonen."),
            f"first_name_{person['row']}",
        )


def default_mode(event: Event) -> Mode:
    """How a representative takes part where nothing else is said: in the room, if there is one."""
    offered = [pool.mode for pool in event.pools if pool.mode]
    return Mode.ROOM if Mode.ROOM in offered or not offered else offered[0]


def _answered(
    session: Session,
    event: Event,
    invitation: Invitation,
    answer: Answer,
    now: datetime,
    details: dict[str, Any],
) -> None:
    invitation.answer, invitation.answered = answer, now
    session.flush()
    event_services.touch(session, event, now=now)
    record(
        session, by=None, action=f"invitation.{answer.value}", subject=invitation, now=now,
        authority_id=event.authority_id, event_id=event.id, details=details,
    )  # fmt: skip


def _thank(session: Session, event: Event, invitation: Invitation, now: datetime) -> None:
    at = registration_services.receipt_time(session, invitation.email, now=now)
    if at is None:
        return
    enqueue(
        session,
        kind="invitation.accepted",
        to=invitation.email,
        payload={"invitation": invitation.id, "token_version": invitation.token_version},
        now=now,
        at=at,
        thread=f"invitation:{invitation.id}",
        authority_id=event.authority_id,
        about=f"invitation:{invitation.id}",
    )
