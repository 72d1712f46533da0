"""What the public pages ask: few columns, the same number of questions however much there is."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from accounts.models import Authority
from core.clock import today
from core.db import having
from core.glimpse import Glimpse
from core.reference import Sector
from events.finding.queries import events_with
from events.finding.rules import parse
from events.models import Assignment, Event, Pool, Release, co_organiser
from events.rules import (
    PUBLIC_STATES,
    AssignmentState,
    Kind,
    Mode,
    Registering,
    State,
    registering,
)

PAGE = 20
MOST_IN_SITEMAP = 20_000  # the protocol allows 50,000
MOST_IN_FEED = 2_000
NEWS = 50  # events in the feed of news
TURNS_KEPT = 16

_turns: dict[Any, tuple[datetime, list[datetime]]] = {}


@dataclass(frozen=True)
class Seats:
    """A pool as it stood when it was read."""

    mode: Mode | None
    item_id: int | None
    capacity: int | None
    taken: int
    others_mode: Mode | None = None
    others_than: str = ""

    @property
    def left(self) -> int | None:
        """Seats left; None where there is no limit."""
        return None if self.capacity is None else self.capacity - self.taken


class Stamp(NamedTuple):
    """Everything that decides what an event is called, when and where it is, and who is named.

    `day` is there because consents end with a day.
    """

    id: int
    version: int
    release: int
    surroundings: int
    day: date | None = None


class Glance(NamedTuple):
    """Everything that decides what the page of an event looks like now.

    `pools` are the seats as the question gave them: mode, item, capacity, taken, and which mode
    and sectors they are left by.
    """

    stamp: Stamp
    registering: Registering
    pools: str

    @property
    def seats(self) -> tuple[Seats, ...]:
        """The pools."""
        cells = [pool.split(":") for pool in self.pools.split(";") if pool]
        return tuple(
            Seats(
                mode=Mode(mode) if mode else None,
                item_id=int(item) if item else None,
                capacity=int(capacity) if capacity else None,
                taken=int(taken),
                others_mode=Mode(others) if others else None,
                others_than=than,
            )
            for mode, item, capacity, taken, others, than in cells
        )

    @property
    def kept(self) -> list[tuple[Mode, Sector, int]]:
        """Seats that are still kept for one sector: mode, sector and how many."""
        of_mode = {seats.mode: seats.left for seats in self.modes}
        found = [
            (seats.others_mode, Sector(seats.others_than), left - seats.left)
            for seats in self.seats
            if seats.others_mode and "+" not in seats.others_than and seats.left is not None
            and (left := of_mode.get(seats.others_mode)) is not None
        ]  # fmt: skip
        return [one for one in found if one[2] > 0]

    @property
    def modes(self) -> tuple[Seats, ...]:
        """The pools of the modes one can take part in, the room first."""
        modes = [seats for seats in self.seats if seats.mode is not None]
        return tuple(sorted(modes, key=lambda seats: seats.mode is not Mode.ROOM))

    @property
    def full(self) -> bool:
        """Whether every mode is full."""
        return bool(self.modes) and all(seats.left == 0 for seats in self.modes)


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


_RELEASE = (
    sa.select(sa.func.coalesce(sa.func.max(Release.number), 0))
    .where(Release.event_id == Event.id)
    .scalar_subquery()
)
# The versions of the boards stand for what they are called, which the pages show too.
_SURROUNDINGS = sa.select(sa.func.coalesce(sa.func.sum(Authority.version), 0)).scalar_subquery()


def _text(column: Any) -> Any:
    return sa.func.coalesce(sa.cast(column, sa.String), "")


_SEATS = (
    sa.select(
        sa.func.aggregate_strings(
            _text(Pool.mode) + ":" + _text(Pool.item_id) + ":" + _text(Pool.capacity) + ":"
            + _text(Pool.taken) + ":" + _text(Pool.others_mode) + ":" + _text(Pool.others_than),
            ";",
        )
    )
    .where(Pool.event_id == Event.id, Pool.organisation_key.is_(None))
    .scalar_subquery()
)  # fmt: skip
_WHICH = (Event.slug == sa.bindparam("slug", ""), Event.state != State.DRAFT)
_STAMP = Glimpse(sa.select(Event.id, Event.shown, _RELEASE, _SURROUNDINGS).where(*_WHICH))
_GLANCE = Glimpse(
    sa.select(
        Event.id, Event.shown, _RELEASE, _SURROUNDINGS, _SEATS, Event.state,
        Event.registration_opens, Event.registration_closes, Event.ends,
        Event.registration_paused, Event.invited_only,
    ).where(*_WHICH)
)  # fmt: skip
_FULL = (
    sa.select(sa.func.aggregate_strings(_text(Pool.id), ";"))
    .where(Pool.mode.is_not(None), Pool.taken >= Pool.capacity)
    .scalar_subquery()
)
_LISTS = Glimpse(
    sa.select(sa.func.count(Event.id), sa.func.coalesce(sa.func.sum(Event.shown), 0), _FULL).where(
        Event.state != State.DRAFT
    )
)
_LISTED = (
    Event.id, Event.slug, Event.kind, Event.state, Event.title, Event.starts, Event.ends,
    Event.venue_name, Event.municipality, Event.county_code,
    (Event.online_url != "").label("online"), Event.registration_opens,
    Event.registration_closes, Event.registration_paused, Event.invited_only,
)  # fmt: skip


def stamp(slug: str) -> Stamp | None:
    """What the files of a public event depend on, in one question; None where it has no page."""
    rows = _STAMP.share(slug=slug)
    return Stamp._make((*rows[0], today())) if rows else None


def imagined(event: Event, now: datetime) -> Glance:
    """The glance that `event`, a draft, would have if it were public."""
    pools = ";".join(
        f"{pool.mode or ''}:{pool.item_id or ''}:"
        f"{'' if pool.capacity is None else pool.capacity}:{pool.taken}::"
        for pool in event.pools
    )
    stands = registering(
        state=State.PUBLISHED, opens=event.registration_opens, closes=event.registration_closes,
        ends=event.ends, paused=event.registration_paused, invited_only=event.invited_only,
        now=now,
    )  # fmt: skip
    return Glance(Stamp(event.id, event.shown, 0, 0), stands, pools)


def glance(slug: str, now: datetime) -> Glance | None:
    """What decides the page of a public event, in one question; None where it has no page."""
    rows = _GLANCE.share(slug=slug)
    if not rows:
        return None
    id_, version, release, around, pools, state, opens, closes, ends, paused, invited = rows[0]
    standing = registering(
        state=state, opens=opens, closes=closes, ends=ends, paused=paused,
        invited_only=invited, now=now,
    )  # fmt: skip
    return Glance(Stamp(id_, version, release, around, today()), standing, pools or "")


def whole_event(session: Session, event_id: int) -> Event:
    """The event with all that its page names."""
    return session.scalars(
        sa.select(Event)
        .where(Event.id == event_id)
        .options(joinedload(Event.assignment), selectinload(Event.co_organisers))
    ).one()


def latest_releases(session: Session, event_ids: Iterable[int]) -> dict[int, Release]:
    """The release that the public sees, by event."""
    ids = list(event_ids)
    latest = (
        sa.select(Release.event_id, sa.func.max(Release.number).label("number"))
        .where(Release.event_id.in_(ids))
        .group_by(Release.event_id)
        .subquery()
    )
    found = session.scalars(
        sa.select(Release).join(
            latest,
            (Release.event_id == latest.c.event_id) & (Release.number == latest.c.number),
        )
    )
    return {release.event_id: release for release in found}


def latest_release(session: Session, event_id: int) -> Release | None:
    """The release that the public sees, if there is one."""
    return latest_releases(session, [event_id]).get(event_id)


def listed(
    session: Session, wanted: Wanted, page: int, most: int = PAGE
) -> tuple[Sequence[Any], int]:
    """A page of `most` of the list of events, and how many there are in all.

    One question: what is searched for is found once. Two for a page after the last.
    """
    number = sa.func.count().over().label("number")
    order = (
        (Event.starts.desc(), Event.id.desc()) if wanted.latest_first else (Event.starts, Event.id)
    )
    chosen = _narrowed(session, sa.select(*_LISTED, number), wanted).order_by(*order)
    rows = session.execute(chosen.limit(most).offset((page - 1) * most)).all()
    if rows or page == 1:
        return rows, rows[0].number if rows else 0
    return rows, session.scalar(_narrowed(session, sa.select(sa.func.count(Event.id)), wanted)) or 0


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
    question = _narrowed(session, sa.select(Event), wanted)
    if board_id is not None:
        question = question.where(Event.authority_id == board_id)
    if after:
        place = sa.tuple_(Event.starts, Event.id)
        here = sa.tuple_(sa.literal(after[0], Event.starts.type), sa.literal(after[1]))
        question = question.where(place < here if wanted.latest_first else place > here)
    order = (
        (Event.starts.desc(), Event.id.desc()) if wanted.latest_first else (Event.starts, Event.id)
    )
    question = question.options(selectinload(Event.pools))
    return session.scalars(question.order_by(*order).limit(most)).all()


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


def latest_changed(session: Session, wanted: Wanted) -> list[tuple[int, int, int]]:
    """Id, version and release of the events that were changed last, the latest first."""
    question = _narrowed(session, sa.select(Event.id, Event.shown, _RELEASE), wanted)
    rows = session.execute(question.order_by(Event.updated.desc(), Event.id.desc()).limit(NEWS))
    return [(row[0], row[1], row[2]) for row in rows]


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


def feed_stamps(session: Session, wanted: Wanted) -> list[tuple[int, int, int]]:
    """Id, version and release of every event of a calendar feed, in the order of their ids."""
    question = _narrowed(session, sa.select(Event.id, Event.shown, _RELEASE), wanted)
    rows = session.execute(question.order_by(Event.starts.desc(), Event.id).limit(MOST_IN_FEED))
    return sorted((row[0], row[1], row[2]) for row in rows)


def events_by_id(session: Session, ids: Iterable[int]) -> list[Event]:
    """These events, with the authorities they belong to."""
    return list(session.scalars(sa.select(Event).where(Event.id.in_(list(ids))).order_by(Event.id)))


def sitemap_events(session: Session) -> Sequence[Any]:
    """Address and last change of the public events, the latest first."""
    return session.execute(
        sa.select(Event.slug, Event.updated)
        .where(Event.state.in_(PUBLIC_STATES))
        .order_by(Event.starts.desc(), Event.id)
        .limit(MOST_IN_SITEMAP)
    ).all()


def assignments(session: Session) -> Sequence[Any]:
    """The assignments that are not drafts, each with how many public events it has led to."""
    count = (
        sa.select(sa.func.count(Event.id))
        .where(Event.assignment_id == Assignment.id, Event.state.in_(PUBLIC_STATES))
        .scalar_subquery()
    )
    return session.execute(
        sa.select(
            Assignment.slug, Assignment.title, Assignment.case_number, Assignment.commissioner,
            Assignment.state, Assignment.decided, Assignment.report_due, count.label("events"),
        )
        .where(Assignment.state != AssignmentState.DRAFT)
        .order_by(Assignment.report_due.desc(), Assignment.id.desc())
        .limit(500)
    ).all()  # fmt: skip


def assignment_by_slug(session: Session, slug: str) -> Assignment | None:
    """An assignment that is not a draft."""
    return session.scalar(
        sa.select(Assignment)
        .where(Assignment.slug == slug, Assignment.state != AssignmentState.DRAFT)
        .options(joinedload(Assignment.authority))
    )


def assignment_events(session: Session, assignment_id: int) -> Sequence[Any]:
    """The public events of an assignment, in the order of time."""
    return session.execute(
        sa.select(
            *_LISTED)
        .where(Event.assignment_id == assignment_id, Event.state.in_(PUBLIC_STATES))
        .order_by(Event.starts, Event.id)
        .limit(500)
    ).all()  # fmt: skip


def _narrowed(session: Session, question: sa.Select[Any], wanted: Wanted) -> sa.Select[Any]:
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
