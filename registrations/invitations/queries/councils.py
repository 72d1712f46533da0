"""The public register: which sakråd there are, who was asked and why, who answered and came.

Never a person: no column of a registration leaves this file but the number of the invitation.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from core.clock import STOCKHOLM, to_local
from core.reference import counties, municipality_name
from events.models import Event
from events.rules import PUBLIC_STATES, Kind
from registrations import hooks
from registrations.invitations.queries.invited import came
from registrations.invitations.rules import Invited, Status, status
from registrations.models import CheckIn, Invitation, Organisation
from registrations.rules import Answer

PER_PAGE = 20


@dataclass(frozen=True)
class Wanted:
    """What of the register is asked for."""

    county: str = ""
    text: str = ""
    year: int | None = None


@dataclass(frozen=True)
class Council:
    """A sakråd as everybody may know it."""

    event: Event
    status: Status
    invited: list[Invited]
    documented: bool

    def answers(self, answer: Answer) -> int:
        """How many organisations have given that answer."""
        return sum(1 for one in self.invited if one.answer is answer)

    @property
    def came(self) -> int:
        """How many organisations took part."""
        return sum(1 for one in self.invited if one.came)


def listing(
    session: Session, wanted: Wanted, *, page: int, per_page: int, now: datetime
) -> tuple[list[Council], int]:
    """One page of the register, the latest first, and how many there are in all.

    Six queries, whatever there is.
    """
    conditions = _conditions(wanted)
    total = session.scalar(sa.select(sa.func.count(Event.id)).where(*conditions)) or 0
    events = session.scalars(
        sa.select(Event)
        .where(*conditions)
        .order_by(Event.starts.desc(), Event.id.desc())
        .limit(per_page)
        .offset((page - 1) * per_page)
    ).all()
    ids = [event.id for event in events]
    facts = _invited(session, events, now)
    written: set[int] = set().union(*hooks.documented(session, ids)) if ids else set()
    found = [
        Council(
            event=event,
            status=status(state=event.state, ends=event.ends, now=now),
            invited=facts.get(event.id, []),
            documented=event.id in written,
        )
        for event in events
    ]
    return found, total


def invited_to(session: Session, event: Event, now: datetime) -> list[Invited]:
    """What everybody may know about those invited to one public event."""
    return _invited(session, [event], now).get(event.id, [])


def years(session: Session) -> list[int]:
    """The years from the first sakråd to the last, the latest first."""
    council = _conditions(Wanted())
    first = session.scalar(sa.select(sa.func.min(Event.starts)).where(*council))
    last = session.scalar(sa.select(sa.func.max(Event.starts)).where(*council))
    if first is None or last is None:
        return []
    return list(range(to_local(last).year, to_local(first).year - 1, -1))


def stamp(session: Session, now: datetime) -> tuple[object, ...]:
    """What the whole register depends on, in two small queries.

    Answers, publishing and new names raise an event's version; the door's log and the clock
    do not, and are asked for themselves.
    """
    council = _conditions(Wanted())
    events = session.execute(
        sa.select(
            sa.func.count(Event.id),
            sa.func.sum(Event.shown),
            sa.func.max(Event.updated),
            sa.func.sum(sa.case((Event.ends <= now, 1), else_=0)),
            sa.func.sum(sa.case((Event.starts <= now, 1), else_=0)),
        ).where(*council)
    ).one()
    door = session.execute(
        sa.select(sa.func.max(CheckIn.id)).join(Event, CheckIn.event_id == Event.id).where(*council)
    ).one()
    return (*events, *door)


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found = [Event.kind == Kind.ISSUE_COUNCIL, Event.state.in_(PUBLIC_STATES)]
    if wanted.county:
        found.append(Event.county_code == wanted.county)
    if wanted.year:
        found.append(Event.starts >= datetime(wanted.year, 1, 1, tzinfo=STOCKHOLM))
        found.append(Event.starts < datetime(wanted.year + 1, 1, 1, tzinfo=STOCKHOLM))
    for word in wanted.text.casefold().split()[:8]:
        asked = (
            sa.select(Invitation.id)
            .join(Organisation)
            .where(
                Invitation.event_id == Event.id,
                Invitation.answer != Answer.DRAFT,
                Organisation.search.contains(word, autoescape=True),
            )
            .exists()
        )
        found.append(sa.or_(Event.search.contains(word, autoescape=True), asked))
    return found


def _invited(session: Session, events: Sequence[Event], now: datetime) -> dict[int, list[Invited]]:
    """By event and name: those that have been asked. A draft is nobody's business yet."""
    by_id = {event.id: event for event in events}
    if not by_id:
        return {}
    rows = session.scalars(
        sa.select(Invitation)
        .join(Invitation.organisation)
        .options(contains_eager(Invitation.organisation).selectinload(Organisation.names))
        .where(Invitation.event_id.in_(by_id), Invitation.answer != Answer.DRAFT)
        .order_by(Organisation.sort_key, Invitation.id)
    ).all()
    there = came(session, _begun(events, now))
    found: dict[int, list[Invited]] = {}
    for row in rows:
        event = by_id[row.event_id]
        found.setdefault(row.event_id, []).append(
            _facts(row, event, (row.id in there) if event.starts <= now else None)
        )
    return found


def _begun(events: Iterable[Event], now: datetime) -> list[int]:
    return [event.id for event in events if event.starts <= now]


def _facts(row: Invitation, event: Event, there: bool | None) -> Invited:
    organisation = row.organisation
    county = counties().get(organisation.county_code or "")
    return Invited(
        slug=organisation.slug,
        organisation=organisation.name_on(to_local(event.starts).date()),
        sector=organisation.sector.value,
        municipality=municipality_name(organisation.municipality),
        county=county.name if county else "",
        criterion=row.criterion,
        reason=row.reason,
        seats=row.seats,
        answer=row.answer,
        came=there,
    )
