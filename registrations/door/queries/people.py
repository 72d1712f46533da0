"""Who may come: found by name, organisation, number or code."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts.models import User
from core.text import clean_line
from registrations.door.queries.posts import Post
from registrations.door.rules import LET_IN, asks_for_protected
from registrations.door_code import registration_by_code
from registrations.models import CheckIn, ItemChoice, Registration
from registrations.queries.lists import matches
from registrations.queries.presence import present
from registrations.rules import Status

AT_MOST = 20  # people shown for one search
# The protected last and by number: nothing can be read out of their place.
_BY_NAME: tuple[Any, ...] = (
    Registration.protected,
    sa.case((Registration.protected, None), else_=Registration.sort_key),
    Registration.id,
)


@dataclass(frozen=True)
class Visitor:
    """Somebody who may come: when they came and left, who ticked them last.

    `chosen` says whether they have a seat in the item whose door it is; True at the event's own.
    """

    registration: Registration
    came: datetime | None
    left: datetime | None = None
    ticked_by: str = ""
    chosen: bool = True

    @property
    def is_here(self) -> bool:
        """Whether the person came and has not left."""
        return self.came is not None and self.left is None


def answering(session: Session, post: Post, text: str) -> list[Visitor]:
    """Those who answer to a search, one more than are shown, by surname. Three queries at most.

    Protected persons answer only to their number (see `registrations.protection`). The code on
    a badge finds its bearer.
    """
    bearer = by_code(session, post.event_id, text)
    if bearer is not None:
        return [visitor(session, bearer, post)]
    if asks_for_protected(text):
        digits = "".join(c for c in clean_line(text) if c in "0123456789")[:9]
        asked: list[sa.ColumnElement[bool]] = [Registration.protected.is_(True)]
        if digits:
            asked.append(Registration.id == int(digits))
    else:
        asked = matches(text)
    return _visitors(session, post, [*asked, Registration.status != Status.DECLINED], AT_MOST + 1)


def by_code(session: Session, event_id: int, text: str) -> Registration | None:
    """Whose code the text is, if it is one."""
    return registration_by_code(session, event_id, text) if "-" in text else None


def visitor(session: Session, registration: Registration, post: Post | None = None) -> Visitor:
    """One person as the door sees them."""
    mine = [Registration.id == registration.id]
    return _visitors(session, post or Post(registration.event_id), mine, 1)[0]


def everybody(session: Session, event_id: int) -> list[Visitor]:
    """Everybody who has a place or waits, by surname in Swedish order; the protected last."""
    return _visitors(session, Post(event_id), [Registration.status.in_(LET_IN)], None)


def remembered(
    session: Session, post: Post, since: datetime | None = None
) -> list[tuple[Any, Any, bool]]:
    """Whom a page at the door keeps in its memory for when the net goes, by surname.

    A row with the columns that `registrations.protection.shown` reads, status and mode; how it
    stands (`at`, `left`, `line`, `ticked_by`; None for those who have not come); and whether
    they have a seat. With `since` those whose registration has changed from then on.
    """
    wanted = (
        Registration.status != Status.DECLINED if since is None else Registration.updated >= since
    )
    nothing = sa.literal("")
    rows = session.execute(
        sa.select(
            Registration.id, Registration.first_name, Registration.last_name,
            Registration.organisation, Registration.municipality, Registration.status,
            Registration.mode, Registration.protected, nothing.label("email"),
            nothing.label("phone"),
        )
        .where(Registration.event_id == post.event_id, wanted)
        .order_by(*_BY_NAME)
    ).all()  # fmt: skip
    ids = None if since is None else [row.id for row in rows]
    there = {row.registration_id: row for row in session.execute(_standing(post, ids))}
    seats = _seats(session, post, ids)
    return [(row, there.get(row.id), row.id in seats) for row in rows]


def latest_change(session: Session, event_id: int) -> datetime | None:
    """When a registration of the event last changed."""
    return session.scalar(
        sa.select(sa.func.max(Registration.updated)).where(Registration.event_id == event_id)
    )


def _visitors(
    session: Session, post: Post, conditions: list[sa.ColumnElement[bool]], limit: int | None
) -> list[Visitor]:
    """First whom, then what the log says: of those few only, where there is a limit."""
    people = session.scalars(
        sa.select(Registration)
        .where(Registration.event_id == post.event_id, *conditions)
        .order_by(*_BY_NAME)
        .limit(limit)
    ).all()
    ids = None if limit is None else [person.id for person in people]
    there = {row.registration_id: row for row in session.execute(_standing(post, ids))}
    seats = _seats(session, post, ids)
    return [_seen(person, there.get(person.id), person.id in seats) for person in people]


def _seen(person: Registration, row: Any, chosen: bool) -> Visitor:
    if row is None:
        return Visitor(person, None, chosen=chosen)
    return Visitor(person, row.at, row.left, row.ticked_by or "", chosen)


def _standing(post: Post, ids: Sequence[int] | None = None) -> sa.Select[Any]:
    """How it stands with those who came: `at`, `left`, the last line's number, who wrote it."""
    there = present(post.event_id, post.item_id, ids)
    return (
        sa.select(
            there.c.registration_id, there.c.at, there.c.left, there.c.line,
            User.name.label("ticked_by"),
        )
        .join(CheckIn, CheckIn.id == there.c.line)
        .outerjoin(User, User.id == CheckIn.user_id)
    )  # fmt: skip


class _Everybody:
    def __contains__(self, _person_id: object) -> bool:
        return True


def _seats(session: Session, post: Post, ids: Sequence[int] | None) -> Container[int]:
    """Who of them has a seat: everybody, but at an item that is chosen beforehand."""
    if not post.has_seats:
        return _Everybody()
    asked = sa.select(ItemChoice.registration_id).where(ItemChoice.item_id == post.item_id)
    if ids is not None:
        asked = asked.where(ItemChoice.registration_id.in_(ids))
    return set(session.scalars(asked))
