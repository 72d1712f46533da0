"""What the door's log says."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from registrations.door.queries.posts import Post
from registrations.models import CheckIn, Registration

AT_MOST = 200  # lines told to a page at a time


def take_turn(session: Session, registration_id: int) -> None:
    """Wait until nobody else writes about that person, so that the second sees the first's line.

    On SQLite whoever writes is alone already.
    """
    mine = sa.select(Registration.id).filter_by(id=registration_id)
    session.execute(mine.with_for_update(key_share=True))


def line_of(session: Session, nonce: str) -> CheckIn | None:
    """The line that a press of a button has already written."""
    return session.scalar(sa.select(CheckIn).filter_by(nonce=nonce))


def latest_line(session: Session, registration_id: int, item_id: int | None) -> CheckIn | None:
    """What the log says last about somebody, at the event or in one item."""
    return session.scalar(
        sa.select(CheckIn)
        .filter_by(registration_id=registration_id, item_id=item_id)
        .order_by(CheckIn.id.desc())
        .limit(1)
    )


def lines_of(session: Session, registration_id: int) -> Sequence[CheckIn]:
    """What the log says of somebody, in the order it was written; with who wrote it, and where."""
    return session.scalars(
        sa.select(CheckIn)
        .filter_by(registration_id=registration_id)
        .order_by(CheckIn.id)
        .options(joinedload(CheckIn.user), joinedload(CheckIn.item))
    ).all()


def latest_number(session: Session, event_id: int) -> int:
    """The number of the last line of an event; 0 where there is none."""
    number = sa.select(sa.func.max(CheckIn.id)).where(CheckIn.event_id == event_id)
    return session.scalar(number) or 0


def lines_since(session: Session, post: Post, line: int) -> Sequence[CheckIn]:
    """The lines of a door after the line of that number, in their order."""
    item = CheckIn.item_id
    return session.scalars(
        sa.select(CheckIn)
        .where(CheckIn.event_id == post.event_id, CheckIn.id > line)
        .where(item.is_(None) if post.item_id is None else item == post.item_id)
        .order_by(CheckIn.id)
        .limit(AT_MOST)
        .options(joinedload(CheckIn.user))
    ).all()


def has_lines(session: Session, item_id: int) -> bool:
    """Whether anybody was ever ticked in at the item."""
    return session.scalar(sa.select(CheckIn.id).filter_by(item_id=item_id).limit(1)) is not None
