"""Disposal: nothing is erased without a rule with a decision number, and never by the way.

Arkivlagen (1990:782) 10 § lets an authority erase public documents only by a decision (RA-FS
2021:6 and the authority's own). A rule names a kind of data, how many days after the event and
the decision; the run writes what kind, how many and by which decision, never the content.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts.models import Authority, User
from accounts.services import record
from events.models import Event
from events.speaking import disposal as speakers
from registrations.calendars.models import CalendarReply, OwnFeed
from registrations.invitations.models import Representative
from registrations.models import (
    CheckIn,
    DisposalRule,
    DisposalRun,
    Invitation,
    ItemChoice,
    Need,
    Registration,
)
from registrations.parties.models import Party, PartyMember
from registrations.questions import disposal as answers
from registrations.rules import NEEDS_LIFE, DataKind, Status
from registrations.services.people import search_text

SUGGESTED_DAYS = {
    DataKind.NEEDS: NEEDS_LIFE.days,
    DataKind.WAITING_LIST: 90,
    DataKind.CONTACT: 730,
    DataKind.ANSWERS: 0,  # each question says how long; a decision may say longer
    DataKind.SPEAKER_NEEDS: NEEDS_LIFE.days,
    DataKind.SPEAKER_CONTACT: 730,
}
UNFINISHED = frozenset({Status.WAITING, Status.PENDING, Status.DECLINED})
OF_REGISTRATIONS = (DataKind.NEEDS, DataKind.WAITING_LIST, DataKind.CONTACT)
LATE = timedelta(days=2)  # a run that was missed for so long is a breach


@dataclass(frozen=True)
class Due:
    """Data of one kind at one event whose time is up; `decision` is "" where none covers it."""

    authority: Authority
    event: Event
    kind: DataKind
    count: int
    days: int
    decision: str


def due(session: Session, *, now: datetime) -> list[Due]:
    """What may be erased at `now`, and what only waits for a decision (by suggested days)."""
    rules = {
        (rule.authority_id, rule.data_kind): rule
        for rule in session.scalars(sa.select(DisposalRule))
    }
    decided = {key[0]: rule.days for key, rule in rules.items() if key[1] == DataKind.ANSWERS}
    counts = {kind: _counts(session, kind, now) for kind in OF_REGISTRATIONS}
    counts[DataKind.ANSWERS] = answers.counts(session, decided, now=now)
    counts[DataKind.SPEAKER_NEEDS] = speakers.needs_counts(session, now=now)
    counts[DataKind.SPEAKER_CONTACT] = speakers.contact_counts(session, now=now)
    ids = {event_id for of_kind in counts.values() for event_id in of_kind}
    found = []
    for event in session.scalars(sa.select(Event).where(Event.id.in_(ids))):
        for kind in DataKind:
            rule = rules.get((event.authority_id, kind.value))
            days = rule.days if rule else SUGGESTED_DAYS[kind]
            number = counts[kind].get(event.id, 0)
            if number and now >= event.ends + timedelta(days=days):
                decision = rule.decision_number if rule else ""
                found.append(Due(event.authority, event, kind, number, days, decision))
    return sorted(found, key=lambda one: (one.authority.name, one.kind, one.event.id))


def dispose(session: Session, one: Due, *, now: datetime) -> int:
    """Erase what is due, in the caller's transaction; how many. Without a decision nothing.

    The rule and the period are looked at again: a decision may have been taken back meanwhile.
    """
    rule = rule_of(session, one.authority.id, one.kind)
    if rule is None or not rule.decision_number or now < one.event.ends + timedelta(days=rule.days):
        return 0
    if one.kind is DataKind.ANSWERS:
        number = answers.erase(session, one.event, now=now)
    elif one.kind is DataKind.SPEAKER_CONTACT:
        number = speakers.erase_contact(session, one.event.id, now=now)
    else:
        number = _ERASE[one.kind](session, one.event.id)
    if not number:
        return 0
    run = DisposalRun(
        authority_id=one.authority.id, event_id=one.event.id, data_kind=one.kind.value,
        count=number, decision_number=rule.decision_number, at=now,
    )  # fmt: skip
    session.add(run)
    session.flush()
    record(
        session, by=None, action="disposal.run", subject=run, now=now,
        authority_id=one.authority.id, event_id=one.event.id,
        details={"kind": one.kind.value, "count": number, "decision": rule.decision_number},
    )  # fmt: skip
    return number


def set_rule(
    session: Session,
    authority: Authority,
    *,
    kind: DataKind,
    days: int,
    decision_number: str,
    by: User,
    now: datetime,
) -> DisposalRule:
    """Write down a disposal decision; one that is there for the kind is replaced."""
    rule = rule_of(session, authority.id, kind)
    if rule is None:
        rule = DisposalRule(authority_id=authority.id, data_kind=kind.value)
        session.add(rule)
    rule.days, rule.decision_number, rule.decided = days, decision_number, now
    session.flush()
    record(
        session, by=by, action="disposal.rule", subject=rule, now=now, authority_id=authority.id,
        details={"kind": kind.value, "days": days, "decision": decision_number},
    )  # fmt: skip
    return rule


def rule_of(session: Session, authority_id: int, kind: DataKind) -> DisposalRule | None:
    """The authority's decision about a kind of data."""
    return session.scalar(
        sa.select(DisposalRule).filter_by(authority_id=authority_id, data_kind=kind.value)
    )


def runs(session: Session, authority_id: int, limit: int = 50) -> list[DisposalRun]:
    """What has been erased, the latest first."""
    return list(
        session.scalars(
            sa.select(DisposalRun)
            .filter_by(authority_id=authority_id)
            .order_by(DisposalRun.id.desc())
            .limit(limit)
        )
    )


def overdue(session: Session, *, now: datetime) -> Iterable[str]:
    """A line for each kind of data that a decision says should have been erased days ago."""
    for one in due(session, now=now - LATE):
        if one.decision:
            yield (
                f"gallring: {one.count} poster ({one.kind.value}) i evenemang {one.event.id} "
                f"skulle ha raderats enligt {one.decision}: kör `flask dispose`"
            )


def _counts(session: Session, kind: DataKind, now: datetime) -> dict[int, int]:
    """How many of a kind there are at each event that is over."""
    statement = (
        sa.select(Registration.event_id, sa.func.count())
        .join(Event, Event.id == Registration.event_id)
        .where(Event.ends <= now, *_which(kind))
        .group_by(Registration.event_id)
    )
    if kind is DataKind.NEEDS:
        statement = statement.join(Need, Need.registration_id == Registration.id)
    return {row[0]: row[1] for row in session.execute(statement)}


def _which(kind: DataKind) -> list[sa.ColumnElement[bool]]:
    """Which registrations hold data of the kind. Who came is on the list, whatever the status."""
    if kind is DataKind.WAITING_LIST:
        came = sa.select(CheckIn.registration_id)
        return [Registration.status.in_(UNFINISHED), Registration.id.not_in(came)]
    if kind is DataKind.CONTACT:
        return [sa.or_(Registration.email != "", Registration.phone != "")]
    return []


def _erase_needs(session: Session, event_id: int) -> int:
    mine = sa.select(Registration.id).where(Registration.event_id == event_id)
    return _rows(session, sa.delete(Need).where(Need.registration_id.in_(mine)))


def _erase_waiting_list(session: Session, event_id: int) -> int:
    ids = list(
        session.scalars(
            sa.select(Registration.id).where(
                Registration.event_id == event_id, *_which(DataKind.WAITING_LIST)
            )
        )
    )
    parties = sa.select(Party.id).where(Party.event_id == event_id)
    _rows(session, sa.delete(PartyMember).where(
        PartyMember.party_id.in_(parties), PartyMember.registration_id.is_(None)
    ))  # fmt: skip
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        for table in (Need, ItemChoice):
            _rows(session, sa.delete(table).where(table.registration_id.in_(some)))
        _rows(session, sa.delete(Registration).where(Registration.id.in_(some)))
    return len(ids)


def _erase_contact(session: Session, event_id: int) -> int:
    """Addresses and telephones go, and with them the secret links; names stay on the list.

    Of those who registered a group nothing is kept: they are contacts and no participants. Nor
    of what invited organisations wrote of whom they named.
    """
    parties = sa.select(Party.id).where(Party.event_id == event_id)
    _rows(session, sa.delete(PartyMember).where(PartyMember.party_id.in_(parties)))
    _rows(session, sa.delete(Party).where(Party.event_id == event_id))
    invitations = sa.select(Invitation.id).where(Invitation.event_id == event_id)
    _rows(session, sa.delete(Representative).where(Representative.invitation_id.in_(invitations)))
    people = session.scalars(
        sa.select(Registration).where(Registration.event_id == event_id, *_which(DataKind.CONTACT))
    ).all()
    mine = sa.select(Registration.id).where(Registration.event_id == event_id)
    _rows(session, sa.delete(CalendarReply).where(CalendarReply.registration_id.in_(mine)))
    for person in people:
        person.email = person.phone = ""
        person.email_key = f"#{person.id}"  # keeps two of the same name apart
        person.token_hash = None
        person.search = search_text(person)
    session.flush()
    # A calendar of an address that is registered nowhere any more is of no use.
    known = sa.select(Registration.email_key)
    _rows(session, sa.delete(OwnFeed).where(OwnFeed.email_key.not_in(known)))
    return len(people)


_ERASE: dict[DataKind, Callable[[Session, int], int]] = {
    DataKind.NEEDS: _erase_needs,
    DataKind.WAITING_LIST: _erase_waiting_list,
    DataKind.CONTACT: _erase_contact,
    DataKind.SPEAKER_NEEDS: speakers.erase_needs,
}


def _rows(session: Session, statement: Any) -> int:
    result = session.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)  # type: ignore[attr-defined]
