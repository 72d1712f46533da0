"""Register one person of a party, or note that there was no room."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.errors import Refusal
from core.text import clean_line
from registrations.models import Registration
from registrations.parties.models import Party, PartyMember
from registrations.parties.rules import How
from registrations.parties.services.fitting import not_everybody
from registrations.placement import services as placement
from registrations.queries.known import known_person
from registrations.questions import services as questions
from registrations.rules import ACTIVE, Source, Status
from registrations.services.people import keys
from registrations.services.room import mode_of, room, room_of
from registrations.services.telling import tell_already, tell_in_turn

Person = dict[str, Any]
SHARED = ("organisation", "sector", "municipality")


class NoRoom(Exception):
    """Somebody would have to wait where the contact does not want that, or cannot come at all."""


def add(session: Session, party: Party, person: Person, *, now: datetime) -> None:
    """Register one of them with a letter of their own, or note that they were left out.

    Raises `Refusal` as `services.register`, and where everybody or nobody was wanted.
    """
    known = standing(session, party, person)
    member = PartyMember(
        name=clean_line(f"{person['first_name']} {person['last_name']}"), ours=known is None
    )
    if known is not None:
        member.outcome = _as_for_a_stranger(session, party, person, now)
        if member.outcome is not Status.DECLINED:
            member.registration_id = known.id
            tell_already(session, known, now=now)
    else:
        try:
            made = _seated(session, party, person, now)
        except NoRoom:
            if party.how is How.ALL:
                raise not_everybody(member.name) from None
            member.outcome = Status.DECLINED
        else:
            member.registration_id, member.outcome = made.id, made.status
            member.ours = not made.protected  # see `registrations.services.registering`
            if "answers" in person:
                questions.keep(session, made, person["answers"], now=now)
            tell_in_turn(session, made, "receipt", now=now, party=party.id)
    party.members.append(member)
    session.flush()


def enrol(session: Session, party: Party, person: Person, *, now: datetime) -> Registration:
    """Register one person as the party's, without a letter. Refuses at the person's row.

    Raises `NoRoom` where the organisation has taken all the seats it may.
    """
    try:
        return placement.register(
            session,
            party.event,
            facts={name: getattr(party, name) for name in SHARED}
            | {name: person[name] for name in ("first_name", "last_name", "email", "role_kind")}
            | {"mode": person.get("mode"), "phone": person.get("phone") or ""},
            picks=person.get("picks") or [],
            needs=person.get("needs") or {},
            source=Source.GROUP,
            language=party.language,
            now=now,
            notify=False,
        )
    except Refusal as refusal:
        if refusal.field == "organisation":
            raise NoRoom from None
        raise _at_row(refusal, person) from None


def standing(session: Session, party: Party, person: Person) -> Registration | None:
    """The registration that somebody of that name and address has already."""
    who = keys(person["first_name"], person["last_name"], person["email"])
    known = known_person(session, party.event_id, who["email_key"], who["name_key"])
    return known if known is not None and known.status in ACTIVE else None


def _seated(session: Session, party: Party, person: Person, now: datetime) -> Registration:
    """Register somebody; nothing is left of it where they would wait and should not."""
    with session.begin_nested():
        made = enrol(session, party, person, now=now)
        if made.status is Status.WAITING and party.how is not How.QUEUE:
            session.expunge(made)
            raise NoRoom
        return made


def _as_for_a_stranger(session: Session, party: Party, person: Person, now: datetime) -> Status:
    """What somebody new would have got, so that no answer tells who is registered."""
    enrol(session, party, person, now=now)  # refuses what it would refuse to somebody new
    if "answers" in person:
        questions.refuse_changed(session, party.event_id, person["answers"])
    if party.event.approval:
        return Status.PENDING
    mode = mode_of(session, party.event_id, person)
    if mode and room(session, party.event_id, mode, party.sector) == 0:
        return Status.WAITING if party.how is How.QUEUE else Status.DECLINED
    if room_of(session, party.event_id, party.organisation) == 0:
        return Status.DECLINED
    return Status.CONFIRMED


def _at_row(refusal: Refusal, person: Person) -> Refusal:
    """The same sentence at the field of the person's row, with the name of whom it is about."""
    row = person.get("row")
    name = f"{person['first_name']} {person['last_name']}"
    field = f"{refusal.field}_{row}" if refusal.field and row else None
    return Refusal(f"{name}: {refusal}", field)
