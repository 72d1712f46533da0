"""Items that change places, are split, copied or shifted: the times of the others follow."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from core.errors import Refusal
from events.editing.cells import instant
from events.editing.rules import OtherDay, Spell, middle, moved_before, shifted, steps
from events.models import Event, ProgrammeItem
from events.queries.drafts import programme
from events.services import add_item, change_item, refuse_closed
from events.times import wall

Times = dict[int, tuple[datetime, datetime]]
COPIED = ("kind", "title", "text", "track", "group", "capacity")


def spells_of(items: Iterable[ProgrammeItem]) -> list[Spell]:
    """When these items are, on the wall clock."""
    return [Spell(item.id, wall(item.starts), wall(item.ends), item.title) for item in items]


def step_item(
    session: Session, item: ProgrammeItem, *, down: int, by: User | None, now: datetime
) -> bool:
    """Change places with the item `down` places later (negative: earlier) the same day.

    Items at the same time move together. False where it stands first or last already.
    """
    times = steps(spells_of(programme(session, item.event_id)), item.id, down)
    return _retime(session, item.event, times, by, now)


def place_item(
    session: Session, item: ProgrammeItem, *, target: int, by: User | None, now: datetime
) -> bool:
    """Move to the place of the item `target` of the same day; those between follow."""
    times = moved_before(spells_of(programme(session, item.event_id)), item.id, target)
    return _retime(session, item.event, times, by, now)


def shift_items(
    session: Session,
    event: Event,
    *,
    since: datetime,
    minutes: int,
    by: User | None,
    now: datetime,
) -> int:
    """Move all that begins at `since` (on the wall) or later that day; how many items moved.

    Raises `Refusal` where one would leave its day or come to a time that does not exist.
    """
    times = times_shifted(programme(session, event.id), since, minutes)
    _retime(session, event, times, by, now)
    return len(times)


def times_shifted(items: Iterable[ProgrammeItem], since: datetime, minutes: int) -> Times:
    """The new times on the wall, by item id. Raises `Refusal` as `shift_items`."""
    try:
        times = shifted(spells_of(items), since, timedelta(minutes=minutes))
    except OtherDay as error:
        raise Refusal(
            _("”%(title)s” skulle hamna på en annan dag. Välj färre minuter.", title=error.title),
            "minutes",
        ) from None
    for starts, ends in times.values():
        instant(starts, "minutes")
        instant(ends, "minutes")
    return times


def split_item(
    session: Session, item: ProgrammeItem, *, by: User | None, now: datetime
) -> ProgrammeItem:
    """Make two of one, each half as long, with the same people. The second is the new one.

    Raises `Refusal` for an item of a choice group, and one too short.
    """
    if item.group:
        raise Refusal(
            _("Punkten ingår i ett parallellt pass. Ta den ur passet innan du delar den.")
        )
    half = middle(Spell(item.id, wall(item.starts), wall(item.ends)))
    if half is None:
        raise Refusal(_("”%(title)s” är för kort för att delas.", title=item.title))
    cut, ends = instant(half), item.ends
    change_item(session, item, facts={"ends": cut}, by=by, now=now)
    facts = {name: getattr(item, name) for name in (*COPIED, "room")}
    return add_item(
        session, item.event, facts=facts | {"starts": cut, "ends": ends},
        speakers=[(a.speaker, a.role) for a in item.appearances], by=by, now=now,
    )  # fmt: skip


def duplicate_item(
    session: Session, item: ProgrammeItem, *, by: User | None, now: datetime
) -> ProgrammeItem:
    """The same once more at the same time, without room and people: they cannot be twice."""
    facts = {name: getattr(item, name) for name in COPIED}
    return add_item(
        session, item.event, facts=facts | {"starts": item.starts, "ends": item.ends},
        speakers=[], by=by, now=now,
    )  # fmt: skip


def _retime(session: Session, event: Event, times: Times, by: User | None, now: datetime) -> bool:
    refuse_closed(event)
    items = {item.id: item for item in event.items}
    for id_, (starts, ends) in times.items():
        facts = {"starts": instant(starts), "ends": instant(ends)}
        change_item(session, items[id_], facts=facts, by=by, now=now)
    return bool(times)
