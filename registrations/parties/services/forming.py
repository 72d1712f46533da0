"""Register several colleagues in one go: everybody or nobody, or as many as fit."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.services import record
from core import crypto
from core.errors import Refusal
from core.outbox.services import enqueue
from core.text import clean_line, email_key
from events.models import Event
from registrations import seats
from registrations.parties.models import Party
from registrations.parties.rules import MOST, How
from registrations.parties.services.enrolling import add
from registrations.parties.services.fitting import refuse_too_many
from registrations.rules import Status
from registrations.services.people import keys
from registrations.services.telling import PUT_OFF_PLACE, receipt_time

Person = dict[str, Any]


def register_party(
    session: Session,
    event: Event,
    *,
    contact: dict[str, Any],
    people: Sequence[Person],
    how: How,
    key: str,
    language: str,
    now: datetime,
) -> Party:
    """Register `people`, each with a letter of their own, and send the contact a link to them.

    `contact` has name, email, phone, organisation, sector and municipality. A person is
    first_name, last_name, email and, if wanted, phone, role_kind, mode, picks (of the slots),
    needs, answers (to the event's own questions, where it asks any) and row (the number of the
    form's row, for the sentences of a `Refusal`). `key` is that of the form. Who is registered
    already stays as they were; the answer does not tell.

    Raises `Refusal`, with nothing changed, for nobody, too many, one person twice, whatever
    `services.register` refuses, and with `How.ALL` where seats do not suffice for everybody.
    """
    people = _told_apart(people)
    seats.of_event(session, event.id, lock=True)
    if how is How.ALL and not event.approval:
        refuse_too_many(session, event.id, contact, people)
    party = Party(
        event=event, contact_name=clean_line(contact["name"]), how=how, language=language,
        contact_email=clean_line(contact["email"]), contact_phone=contact.get("phone") or "",
        email_key=email_key(contact["email"]), made_with=crypto.digest(key),
        organisation=clean_line(contact["organisation"]), sector=contact["sector"],
        municipality=contact["municipality"] or None, token_version=1, created=now,
    )  # fmt: skip
    session.add(party)
    session.flush()
    party.token_hash = crypto.digest(link_token(party))
    for person in people:
        add(session, party, person, now=now)
    session.flush()
    outcomes = [one.outcome for one in party.members]
    record(
        session, by=None, action="party.made", subject=party, now=now,
        details={"people": len(people), "confirmed": outcomes.count(Status.CONFIRMED)},
    )  # fmt: skip
    tell_contact(session, party, now=now)
    return party


def answer_held(party: Party) -> None:
    """Answer about those who had registered before as about the others, who are to confirm."""
    for one in party.members:
        if not one.ours and one.outcome is Status.CONFIRMED:
            one.outcome = Status.UNPROVEN


def link_token(party: Party) -> str:
    """The contact's secret link; derived from the key, so that the database holds none."""
    return crypto.derived_token("party", party.id, party.token_version)


def tell_contact(session: Session, party: Party, *, now: datetime) -> None:
    """Put the contact's own letter in the outbox; an older one that has not gone is superseded."""
    at = receipt_time(session, party.contact_email, now=now, wait=PUT_OFF_PLACE)
    if at is None:
        record(session, by=None, action="party.untold", subject=party, now=now)
        return
    enqueue(
        session, kind="party.receipt", to=party.contact_email, payload={"party": party.id},
        now=now, at=at, thread=f"party:{party.id}", authority_id=party.event.authority_id,
        about=f"party:{party.id}", language=party.language,
    )  # fmt: skip


def _told_apart(people: Sequence[Person]) -> list[Person]:
    """The people with their rows. Raises `Refusal` for nobody, too many or one person twice."""
    if not people:
        raise Refusal(_("Skriv minst en person."), "first_name_1")
    if len(people) > MOST:
        raise Refusal(_("En grupp får vara högst %(n)s personer.", n=MOST))
    known, told = set(), []
    for number, person in enumerate(people, 1):
        row = person.get("row", number)
        who = keys(person["first_name"], person["last_name"], person["email"])
        if (who["email_key"], who["name_key"]) in known:
            raise Refusal(_("Samma person står två gånger. Ta bort den ena."), f"first_name_{row}")
        known.add((who["email_key"], who["name_key"]))
        told.append({**person, "row": row})
    return told
