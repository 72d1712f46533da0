"""The draft programme."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import changes, record
from core.errors import Refusal
from events import hooks
from events.models import Appearance, Event, ProgrammeItem, Speaker
from events.queries.manage import pool_of_item
from events.rules import ITEM_FACTS, SpeakerRole
from events.services.guard import refuse_closed
from events.services.seats import close, set_item_pool

Line = tuple[Speaker, SpeakerRole]


def add_item(
    session: Session,
    event: Event,
    *,
    facts: dict[str, Any],
    speakers: Sequence[Line],
    by: User | None,
    now: datetime,
) -> ProgrammeItem:
    """Add a line to the draft programme; in a choice `group` it gets seats of its own.

    Raises `Refusal` for times in the wrong order and for a closed event.
    """
    refuse_closed(event)
    _known(facts)
    item = ProgrammeItem(**facts)
    _in_order(item)
    item.appearances = _appearances(event, speakers)
    event.items.append(item)
    session.flush()
    set_item_pool(session, item)
    record(
        session, by=by, action="item.added", subject=item, now=now,
        details={"title": item.title[:120]},
    )  # fmt: skip
    return item


def change_item(
    session: Session,
    item: ProgrammeItem,
    *,
    facts: dict[str, Any],
    speakers: Sequence[Line] | None = None,
    version: int | None = None,
    by: User | None,
    now: datetime,
) -> set[str]:
    """Save `facts` and, if given, who appears; the names of what changed.

    Raises `Stale` where `version` is no longer the item's, `Refusal` as `add_item` and where
    the seats would be fewer than those taken.
    """
    item.refuse_older(version)
    refuse_closed(item.event)
    _known(facts)
    changed = changes(item, facts)
    _in_order(item)
    if speakers is not None and _set_appearances(session, item, speakers):
        changed["speakers"] = None
    session.flush()
    set_item_pool(session, item)
    if changed:
        record(session, by=by, action="item.changed", subject=item, now=now, details=changed)
    return set(changed)


def remove_item(session: Session, item: ProgrammeItem, *, by: User | None, now: datetime) -> None:
    """Take a line out of the draft. Raises `Refusal` where somebody has chosen it."""
    refuse_closed(item.event)
    hooks.item_removed(session, item, now)
    pool = pool_of_item(session, item.id)
    if pool is not None:
        close(session, pool, "group")
    record(
        session, by=by, action="item.removed", subject=item, now=now,
        details={"title": item.title[:120]},
    )  # fmt: skip
    item.event.items.remove(item)
    session.flush()


def _appearances(event: Event, speakers: Sequence[Line]) -> list[Appearance]:
    if any(speaker.authority_id != event.authority_id for speaker, _role in speakers):
        raise Refusal(_("Välj medverkande ur myndighetens eget register."), "speakers")
    once = dict.fromkeys((speaker, role) for speaker, role in speakers)
    return [Appearance(speaker=speaker, role=role) for speaker, role in once]


def _set_appearances(session: Session, item: ProgrammeItem, speakers: Sequence[Line]) -> bool:
    before = [(a.speaker_id, a.role) for a in item.appearances]
    wanted = _appearances(item.event, speakers)
    if before == [(a.speaker.id, a.role) for a in wanted]:
        return False
    item.appearances = []
    session.flush()  # the old lines go first: the same speaker may come back in another order
    item.appearances = wanted
    return True


def _known(facts: dict[str, Any]) -> None:
    unknown = set(facts) - ITEM_FACTS
    if unknown:
        raise ValueError(f"no facts of a programme item: {sorted(unknown)}")


def _in_order(item: ProgrammeItem) -> None:
    if item.ends <= item.starts:
        raise Refusal(_("Sluttiden måste vara senare än starttiden."), "ends")
