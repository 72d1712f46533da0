"""The public page of an event: all that decides what it looks like now, in one question."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from accounts.models import Authority
from core.clock import today
from core.glimpse import Glimpse
from core.reference import Sector
from events.models import Event, Pool
from events.queries.releases import LATEST_NUMBER
from events.rules import Mode, Registering, State, registering


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
    def left_in_items(self) -> dict[int, int | None]:
        """The seats left in each item that has a limit; none once it is over."""
        if self.registering is Registering.OVER:
            return {}
        return {seats.item_id: seats.left for seats in self.seats if seats.item_id}

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
_STAMP = Glimpse(sa.select(Event.id, Event.shown, LATEST_NUMBER, _SURROUNDINGS).where(*_WHICH))
_GLANCE = Glimpse(
    sa.select(
        Event.id, Event.shown, LATEST_NUMBER, _SURROUNDINGS, _SEATS, Event.state,
        Event.registration_opens, Event.registration_closes, Event.ends,
        Event.registration_paused, Event.invited_only,
    ).where(*_WHICH)
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
