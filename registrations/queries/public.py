"""What the participant's own pages ask: the event, what can be chosen, one's own registration."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts.models import Authority
from core import crypto
from core.glimpse import Glimpse
from core.text import email_key, slugify
from events.models import Event, Pool, Release
from events.queries.releases import released_items
from events.rules import Mode, Registering, State, registering
from registrations.models import ItemChoice, Registration
from registrations.rules import ACTIVE, SEATED, Status
from registrations.seats import PARTS, SHARED, Seats


@dataclass(frozen=True)
class Option:
    """A programme item that can be chosen, as the public programme names it."""

    id: int
    title: str
    room: str
    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class Group:
    """Items that run side by side; one of them is chosen in the form field `field`.

    Where they are `placed`, what is chosen is a wish and takes no seat (see
    `registrations.placement`); those `in_room` are not for people who take part online.
    """

    name: str
    field: str
    options: tuple[Option, ...]
    placed: bool = False
    in_room: frozenset[int] = frozenset()

    @property
    def second(self) -> str:
        """The form field of the second choice."""
        return self.field.replace("choice", "choice2", 1)


@dataclass(frozen=True)
class Standing:
    """What the form depends on: the event as it is called now, whether it is open, its seats.

    `authorities` grows when a board changes its name or telephone number.
    """

    event_id: int
    version: int
    release: int
    authorities: int
    registering: Registering
    pools: tuple[Seats, ...]

    @property
    def called(self) -> tuple[int, int, int, int]:
        """What all texts about the event depend on."""
        return self.event_id, self.version, self.release, self.authorities

    @property
    def modes(self) -> list[Mode]:
        """The ways to take part."""
        return [pool.mode for pool in self.pools if pool.mode]

    @property
    def full(self) -> bool:
        """Whether every mode is full."""
        left = [pool.left for pool in self.pools if pool.mode]
        return bool(left) and not any(seats is None or seats for seats in left)


_STANDING = Glimpse(
    sa.select(
        Event.id, Event.shown,
        sa.select(sa.func.coalesce(sa.func.max(Release.number), 0))
        .where(Release.event_id == Event.id)
        .scalar_subquery(),
        sa.select(sa.func.coalesce(sa.func.sum(Authority.version), 0)).scalar_subquery(),
        Event.state, Event.registration_opens, Event.registration_closes, Event.ends,
        Event.registration_paused, Event.invited_only,
        *PARTS,
    )
    .outerjoin(Pool, (Pool.event_id == Event.id) & SHARED)
    .where(Event.slug == sa.bindparam("slug"), Event.state != State.DRAFT)
    .order_by(Pool.id)
)  # fmt: skip


def standing(slug: str, now: datetime, *, shared: bool = False) -> Standing | None:
    """How registration to a public event stands, in one question; None where there is none.

    `shared` for a page that everybody sees (see `core.glimpse`).
    """
    rows = _STANDING.share(slug=slug) if shared else _STANDING.ask(slug=slug)
    if not rows:
        return None
    id_, version, release, authorities, state, opens, closes, ends, paused, invited = rows[0][:10]
    stands = registering(
        state=state, opens=opens, closes=closes, ends=ends, paused=paused, invited_only=invited,
        now=now,
    )  # fmt: skip
    pools = tuple(Seats(*row[10:]) for row in rows if row[10] is not None)
    return Standing(id_, version, release, authorities, stands, pools)


def field_of(group: str) -> str:
    """The form field of a group of parallel items, e.g. "choice_11-00" for "11.00"."""
    return f"choice_{slugify(group) or 'val'}"


_EVENT = sa.select(Event).where(Event.id == sa.bindparam("id"))


def event_by_id(session: Session, event_id: int) -> Event:
    """The event, as it stands in this transaction."""
    return session.scalars(_EVENT, {"id": event_id}).one()


def groups(session: Session, event_id: int, release: int) -> tuple[Group, ...]:
    """What can be chosen in the programme as it was released; by time, then as in the programme."""
    content = session.scalar(
        sa.select(Release.content).where(Release.event_id == event_id, Release.number == release)
    )
    found: dict[str, list[Option]] = {}
    for item in (content or {}).get("items", []):
        if item.get("group"):
            found.setdefault(item["group"], []).append(
                Option(
                    id=item["id"],
                    title=item["title"],
                    room=item.get("room") or "",
                    starts=datetime.fromisoformat(item["starts"]),
                    ends=datetime.fromisoformat(item["ends"]),
                )
            )
    fields: set[str] = set()
    made = []
    for name, options in sorted(found.items(), key=lambda pair: (pair[1][0].starts, pair[0])):
        field = field_of(name)
        while field in fields:
            field += "-2"
        fields.add(field)
        made.append(Group(name, field, tuple(options)))
    return tuple(made)


def by_link(session: Session, token: str) -> Registration | None:
    """The registration whose secret link this is."""
    return session.scalar(
        sa.select(Registration).where(Registration.token_hash == crypto.digest(token))
    )


def own(session: Session, registration_id: int, token_version: int) -> Registration | None:
    """A registration, if its secret link has not been changed since `token_version`."""
    return session.scalar(
        sa.select(Registration).where(
            Registration.id == registration_id, Registration.token_version == token_version
        )
    )


def chosen(session: Session, registration_id: int) -> list[int]:
    """The ids of the items somebody has chosen."""
    return list(
        session.scalars(
            sa.select(ItemChoice.item_id)
            .where(ItemChoice.registration_id == registration_id)
            .order_by(ItemChoice.item_id)
        )
    )


def chosen_items(session: Session, registration_id: int) -> Sequence[Any]:
    """The items somebody has chosen, as they were released, in the order of the day."""
    return list(released_items(session, chosen(session, registration_id)).values())


def item_titles(session: Session, ids: Sequence[int]) -> list[str]:
    """The titles of items, as they were released, in the order of the day."""
    return [item.title for item in released_items(session, ids).values()]


def active_of_event(session: Session, event_id: int) -> Sequence[Registration]:
    """Everybody who has a place at an event or waits for one."""
    return session.scalars(
        sa.select(Registration)
        .where(
            Registration.event_id == event_id,
            Registration.status.in_(SEATED | {Status.WAITING}),
        )
        .order_by(Registration.id)
    ).all()


def active_of_address(session: Session, email: str, now: datetime) -> Sequence[Registration]:
    """The registrations of an address at events that are not over, the next event first."""
    return session.scalars(
        sa.select(Registration)
        .join(Event)
        .where(
            Registration.email_key == email_key(email),
            Registration.status.in_(ACTIVE),
            Event.ends > now,
        )
        .order_by(Event.starts, Registration.id)
        .limit(50)
    ).all()
