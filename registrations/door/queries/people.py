"""Who may come: found by name, organisation, number or code."""

from collections.abc import Sequence
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
    """Those who answer to a search, one more than are shown, by surname. One query.

    Protected persons answer only to their number (see `registrations.protection`). The code on
    a badge finds its bearer, and costs a query of its own.
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


def remembered(session: Session, post: Post, since: datetime | None = None) -> Sequence[Any]:
    """What a page at the door keeps in its memory for when the net goes, one row a person.

    The columns that `registrations.protection.shown` reads, and `came`, `left`, `line`,
    `ticked_by`, `chosen`. With `since` those whose registration has changed from then on.
    """
    columns = _about(
        post,
        Registration.id, Registration.first_name, Registration.last_name,
        Registration.organisation, Registration.municipality, Registration.status,
        Registration.mode, Registration.protected, sa.literal("").label("email"),
        sa.literal("").label("phone"),
    ).order_by(*_BY_NAME)  # fmt: skip
    if since is not None:
        return session.execute(columns.where(Registration.updated >= since)).all()
    return session.execute(columns.where(Registration.status != Status.DECLINED)).all()


def latest_change(session: Session, event_id: int) -> datetime | None:
    """When a registration of the event last changed."""
    return session.scalar(
        sa.select(sa.func.max(Registration.updated)).where(Registration.event_id == event_id)
    )


def _visitors(
    session: Session, post: Post, conditions: list[sa.ColumnElement[bool]], limit: int | None
) -> list[Visitor]:
    rows = session.execute(
        _about(post, Registration).where(*conditions).order_by(*_BY_NAME).limit(limit)
    )
    return [
        Visitor(row.Registration, row.came, row.left, row.ticked_by or "", bool(row.chosen))
        for row in rows
    ]


def _about(post: Post, *columns: Any) -> sa.Select[Any]:
    """A question for `columns` of the people of an event and what the log says of them."""
    there = present(post.event_id, post.item_id)
    chosen: sa.ColumnElement[bool] = sa.true()
    if post.has_seats:
        chosen = sa.exists().where(
            ItemChoice.registration_id == Registration.id, ItemChoice.item_id == post.item_id
        )
    return (
        sa.select(
            *columns,
            there.c.at.label("came"),
            there.c.left,
            there.c.line,
            User.name.label("ticked_by"),
            chosen.label("chosen"),
        )
        .select_from(Registration)
        .outerjoin(there, there.c.registration_id == Registration.id)
        .outerjoin(CheckIn, CheckIn.id == there.c.line)
        .outerjoin(User, User.id == CheckIn.user_id)
        .where(Registration.event_id == post.event_id)
    )
