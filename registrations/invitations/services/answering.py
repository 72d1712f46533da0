"""An organisation's answer: yes, with names, or no. It may be changed until the last day."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.services import record
from core.errors import Refusal
from core.outbox.services import enqueue
from core.text import clean_line
from events import services as event_services
from events.models import Event
from events.rules import Mode
from registrations import organisation_seats
from registrations import services as registration_services
from registrations.invitations.models import Representative
from registrations.invitations.queries.invited import held
from registrations.invitations.queries.named import Named, WhoKey, named
from registrations.invitations.rules import may_answer
from registrations.models import Invitation
from registrations.queries.known import known_person
from registrations.questions import services as questions
from registrations.rules import ACTIVE, Answer, RoleKind, Source, Status
from registrations.services.people import keys, refuse_organisation
from registrations.services.room import room, room_of

Person = dict[str, Any]


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

    A person is first_name, last_name, email and, if wanted, role_kind, mode, answers (to
    the event's own questions) and row (the number of the form's row, for the sentences of a
    `Refusal`). Those named before and not now are
    cancelled. Who is registered already stays as they were; the answer does not tell. Raises
    `Refusal` for nobody, too many, one person twice, and where seats do not suffice; `Stale` as
    its name says.
    """
    event, invitation = held(session, invitation)
    _refuse_late(event, invitation, version, now)
    before = {one.who: one for one in named(session, invitation.id)}
    people = _told_apart(invitation, representatives)
    for who, one in before.items():
        if who not in people:
            _let_go(session, one, _("Ersatt av organisationen"), now)
        else:
            _change_role(session, one, people[who], now)
    new = [person for who, person in people.items() if who not in before]
    _refuse_too_many(session, event, invitation, new)
    for person in new:
        _name(session, event, invitation, person, language, now)
    _answered(session, event, invitation, Answer.ACCEPTED, now, {"people": len(people)})
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
    for one in named(session, invitation.id):
        _let_go(session, one, _("Organisationen har tackat nej"), now)
    invitation.message = message
    _answered(session, event, invitation, Answer.DECLINED, now, {})


def _let_go(session: Session, one: Named, reason: str, now: datetime) -> None:
    """The organisation no longer sends this person: who came by its answer is cancelled.

    Who had registered without it keeps the place: naming somebody gives no power over them.
    """
    person = one.row.registration
    if one.ours:
        registration_services.cancel(session, person, reason=reason, now=now)
    elif person.invitation_id == one.row.invitation_id:
        person.invitation_id = None
    session.delete(one.row)
    session.flush()


def _change_role(session: Session, one: Named, person: Person, now: datetime) -> None:
    """In what role the person comes; told to the registration only where it is the answerer's."""
    role = person.get("role_kind")
    if not role or role == one.role_kind:
        return
    one.row.role_kind = role
    if one.ours:
        registration_services.change(
            session, one.row.registration, facts={"role_kind": role}, now=now, notify=False
        )


def _refuse_late(event: Event, invitation: Invitation, version: int | None, now: datetime) -> None:
    invitation.refuse_older(version)
    if invitation.answer is Answer.DRAFT:
        raise Refusal(_("Inbjudan är inte skickad än."))
    if not may_answer(
        state=event.state, closes=event.registration_closes, starts=event.starts, now=now
    ):
        raise Refusal(_("Det går inte längre att svara. Ring eller mejla kontaktpersonen."))


def _told_apart(invitation: Invitation, representatives: Sequence[Person]) -> dict[WhoKey, Person]:
    """The people by what they are known again by. Raises `Refusal` for nobody or too many."""
    if not representatives:
        raise Refusal(_("Skriv minst en person, eller tacka nej."), "first_name_1")
    people: dict[WhoKey, Person] = {}
    for number, person in enumerate(representatives, 1):
        row = person.get("row", number)
        if number > invitation.seats:
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


def _refuse_too_many(
    session: Session, event: Event, invitation: Invitation, people: Sequence[Person]
) -> None:
    """Raise `Refusal` at the row of the first for whom there is no seat.

    Counts those too who are registered already: else the answer would tell that they are.
    """
    organisation = invitation.organisation
    most = organisation_seats.most_per_organisation(session, event.id)
    for_us = room_of(session, event.id, organisation.name[:200])
    used: Counter[Mode] = Counter()
    for number, person in enumerate(people, 1):
        mode = Mode(person.get("mode") or default_mode(event))
        used[mode] += 1
        left = room(session, event.id, mode, organisation.sector)
        if left is not None and used[mode] > left:
            raise _no_seat(person)
        if for_us is not None and number > for_us:
            refusal = refuse_organisation(organisation.name, most)
            raise Refusal(str(refusal), f"first_name_{person['row']}")


def _no_seat(person: Person) -> Refusal:
    return Refusal(
        _("Det finns inte plats för så många. Ta bort någon, eller ring kontaktpersonen."),
        f"first_name_{person['row']}",
    )


def _name(
    session: Session,
    event: Event,
    invitation: Invitation,
    person: Person,
    language: str,
    now: datetime,
) -> None:
    """Register somebody, or let them be who are registered; keep what was written of them."""
    organisation = invitation.organisation
    role = person.get("role_kind") or RoleKind.OTHER
    mode = Mode(person.get("mode") or default_mode(event))
    who = keys(person["first_name"], person["last_name"], person["email"])
    known = known_person(session, event.id, who["email_key"], who["name_key"])
    stands = known is not None and known.status in ACTIVE
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
            "role_kind": role,
            "mode": mode,
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
    if not stands and registration.status is not Status.CONFIRMED:
        raise _no_seat(person)
    if "answers" in person and stands:
        questions.refuse_changed(session, event.id, person["answers"])
    elif "answers" in person:
        questions.keep(session, registration, person["answers"], now=now)
    session.add(
        Representative(
            invitation_id=invitation.id, registration_id=registration.id, role_kind=role, mode=mode,
            ours=not stands and not registration.protected,
            **{name: clean_line(person[name]) for name in ("first_name", "last_name", "email")},
        )
    )  # fmt: skip
    session.flush()


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
        details=details,
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
