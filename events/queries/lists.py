"""The public lists of events: few columns, the same number of questions however much there is."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from accounts.models import Authority
from core.columns import having
from core.glimpse import Glimpse
from events.finding.queries import events_with
from events.finding.rules import parse
from events.models import Event, Pool, co_organiser
from events.queries.pages import Seats
from events.rules import PUBLIC_STATES, Kind, Mode, State

PAGE = 20
TURNS_KEPT = 16

LISTED = (
    Event.id, Event.slug, Event.kind, Event.state, Event.title, Event.starts, Event.ends,
    Event.venue_name, Event.municipality, Event.county_code,
    (Event.online_url != "").label("online"), Event.registration_opens,
    Event.registration_closes, Event.registration_paused, Event.invited_only,
)  # fmt: skip
_FULL = (
    sa.select(sa.func.aggregate_strings(sa.cast(Pool.id, sa.String), ";"))
    .where(Pool.mode.is_not(None), Pool.taken >= Pool.capacity)
    .scalar_subquery()
)
_LISTS = Glimpse(
    sa.select(sa.func.count(Event.id), sa.func.coalesce(sa.func.sum(Event.shown), 0), _FULL).where(
        Event.state != State.DRAFT
    )
)

_turns: dict[Any, tuple[datetime, list[datetime]]] = {}


@dataclass(frozen=True)
class Wanted:
    """What a list of events is narrowed to: those that end after `since` and begin before `until`,
    begin no sooner than `begins`, and are over at `over`.
    """

    county: str = ""
    kind: Kind | None = None
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None
    latest_first: bool = False
    theme: str = ""
    audience: str = ""
    mode: Mode | None = None
    begins: datetime | None = None
    over: datetime | None = None
    authority: str = ""
    series: int = 0


def listed(
    session: Session, wanted: Wanted, page: int, most: int = PAGE
) -> tuple[Sequence[Any], int]:
    """A page of `most` of the list of events, and how many there are in all.

    One question: what is searched for is found once. Two for a page after the last.
    """
    number = sa.func.count().over().label("number")
    chosen: Any = sa.select(*LISTED, number)
    chosen = narrowed(session, chosen, wanted).order_by(*_order(wanted))
    rows = session.execute(chosen.limit(most).offset((page - 1) * most)).all()
    if rows or page == 1:
        return rows, rows[0].number if rows else 0
    return rows, session.scalar(narrowed(session, sa.select(sa.func.count(Event.id)), wanted)) or 0


def following(
    session: Session,
    wanted: Wanted,
    after: tuple[datetime, int] | None,
    most: int,
    *,
    board_id: int | None = None,
) -> Sequence[Event]:
    """At most `most` events of a list, from the one after that with this beginning and id.

    Only those of one board, where `board_id` says which. Costs the same however far into the list
    it is. Two questions.
    """
    question = narrowed(session, sa.select(Event), wanted)
    if board_id is not None:
        question = question.where(Event.authority_id == board_id)
    if after:
        place = sa.tuple_(Event.starts, Event.id)
        here = sa.tuple_(sa.literal(after[0], Event.starts.type), sa.literal(after[1]))
        question = question.where(place < here if wanted.latest_first else place > here)
    question = question.options(selectinload(Event.pools))
    return session.scalars(question.order_by(*_order(wanted)).limit(most)).all()


def mode_seats(session: Session, event_ids: Iterable[int]) -> dict[int, list[Seats]]:
    """The pools of the modes of several events."""
    found: dict[int, list[Seats]] = {}
    for event_id, mode, capacity, taken in session.execute(
        sa.select(Pool.event_id, Pool.mode, Pool.capacity, Pool.taken)
        .where(Pool.event_id.in_(list(event_ids)), Pool.mode.is_not(None))
        .order_by(Pool.id)
    ):
        found.setdefault(event_id, []).append(Seats(mode, None, capacity, taken))
    return found


def list_stamp(session: Session, now: datetime) -> tuple[Any, ...]:
    """Everything that decides what the lists of events look like now, in one question.

    What of it goes by the clock is whether registration is open and what is over: when that turns
    for any event is asked once for each state of the rest. Seats are shown as full or not.
    """
    row: tuple[Any, ...] = _LISTS.share()[0]
    key = id(session.get_bind().engine), row
    if key not in _turns or now < _turns[key][0]:
        if len(_turns) >= TURNS_KEPT:
            _turns.clear()
        _turns[key] = now, _turns_after(session, now)
    return *row, bisect_right(_turns[key][1], now), _turns[key][0]


def _turns_after(session: Session, now: datetime) -> list[datetime]:
    """The instants at which registration to some event opens or closes, or an event ends."""
    later = sa.union_all(
        *(
            sa.select(column).where(column > now, Event.state != State.DRAFT)
            for column in (Event.registration_opens, Event.registration_closes, Event.ends)
        )
    )
    return sorted(instant for instant in session.scalars(later) if instant)


def _order(wanted: Wanted) -> tuple[Any, Any]:
    if wanted.latest_first:
        return Event.starts.desc(), Event.id.desc()
    return Event.starts, Event.id


def narrowed(session: Session, question: sa.Select[Any], wanted: Wanted) -> sa.Select[Any]:
    """The question, asked of the public events that are wanted alone."""
    conditions: list[tuple[Any, Any]] = [
        (wanted.county, lambda: Event.county_code == wanted.county),
        (wanted.authority, lambda: _arranged_by(wanted.authority)),
        (wanted.kind, lambda: Event.kind == wanted.kind),
        (wanted.since, lambda: Event.ends > wanted.since),
        (wanted.until, lambda: Event.starts < wanted.until),
        (wanted.begins, lambda: Event.starts >= wanted.begins),
        (wanted.over, lambda: Event.ends <= wanted.over),
        (wanted.series, lambda: Event.series_id == wanted.series),
        (wanted.theme, lambda: having(Event.themes, wanted.theme)),
        (wanted.audience, lambda: having(Event.audiences, wanted.audience)),
    ]
    asked = [condition() for value, condition in conditions if value]
    if wanted.mode:
        asked.append(_offers(wanted.mode))
    if wanted.text:
        asked.append(Event.id.in_(events_with(session, parse(wanted.text))))
    return question.where(Event.state.in_(PUBLIC_STATES), *asked)


def _offers(mode: Mode) -> sa.ColumnElement[bool]:
    offered = sa.exists().where(Pool.event_id == Event.id, Pool.mode == mode)
    return offered | (Event.online_url != "") if mode is Mode.ONLINE else offered


def _arranged_by(slug: str) -> sa.ColumnElement[bool]:
    """The events of an authority, and those that it arranges together with others."""
    whose = sa.select(Authority.id).where(Authority.slug == slug).scalar_subquery()
    together = sa.select(co_organiser.c.event_id).where(co_organiser.c.authority_id == whose)
    return sa.or_(Event.authority_id == whose, Event.id.in_(together))
