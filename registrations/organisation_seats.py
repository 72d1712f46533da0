"""How many of one organisation may have seats: a pool for each, which is made when it is needed."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.text import name_key
from events.models import Pool

_POOL, _EVENT = (Pool.metadata.tables[name] for name in ("pool", "event"))
MOST = sa.select(_EVENT.c.max_per_organisation).where(_EVENT.c.id == sa.bindparam("event"))
_OF_ORGANISATION = (
    _POOL.c.event_id == sa.bindparam("event"),
    _POOL.c.organisation_key == sa.bindparam("organisation"),
)
_TAKE_FOR = {
    name: insert(_POOL)
    .values(
        event_id=sa.bindparam("event"), organisation_key=sa.bindparam("organisation"),
        capacity=sa.bindparam("most"), taken=1,
    )
    .on_conflict_do_update(
        index_elements=["event_id", "organisation_key"],
        set_={"taken": _POOL.c.taken + 1},
        where=sa.or_(_POOL.c.capacity.is_(None), _POOL.c.taken < _POOL.c.capacity),
    )
    .returning(_POOL.c.taken)
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}  # fmt: skip
_GIVE_BACK_FOR = sa.update(_POOL).where(*_OF_ORGANISATION).values(taken=_POOL.c.taken - 1)


def most_per_organisation(session: Session, event_id: int) -> int | None:
    """How many of one organisation may have seats, as it stands now; None: no limit."""
    found: int | None = session.connection().execute(MOST, {"event": event_id}).scalar_one()
    return found


def organisation_key(organisation: str) -> str:
    """What two spellings of one organisation have in common; "" for none."""
    return name_key(organisation)[:250]


def take_for(session: Session, event_id: int, organisation: str, most: int | None) -> bool:
    """Take one of the `most` seats of an organisation; whether there was one. None: no limit."""
    key = organisation_key(organisation)
    if most is None or not key:
        return True
    connection = session.connection()
    values = {"event": event_id, "organisation": key, "most": most}
    return connection.execute(_TAKE_FOR[connection.dialect.name], values).scalar() is not None


class Rooms:
    """How many seats each organisation has left; `most` None: no limit."""

    def __init__(self, most: int | None, taken: dict[str, int]) -> None:
        self.most = most
        self.taken = taken

    def take(self, organisation: str) -> bool:
        """Count one more of an organisation, if there is a seat left for it; whether there was."""
        key = organisation_key(organisation)
        if self.most is None or not key:
            return True
        if self.taken.get(key, 0) >= self.most:
            return False
        self.taken[key] = self.taken.get(key, 0) + 1
        return True


def left_by_organisation(session: Session, event_id: int, most: int | None) -> Rooms:
    """What organisations have taken, for who holds the pools of the event and takes many seats."""
    if most is None:
        return Rooms(None, {})
    rows = session.connection().execute(
        sa.select(_POOL.c.organisation_key, _POOL.c.taken).where(
            _POOL.c.event_id == event_id, _POOL.c.organisation_key.is_not(None)
        )
    )
    return Rooms(most, {row[0]: row[1] for row in rows})


def take_many_for(
    session: Session, event_id: int, numbers: Mapping[str, int], most: int | None
) -> None:
    """Take so many seats of organisations, by their keys, as `Rooms` has counted out."""
    connection = session.connection()
    for key, number in sorted(numbers.items()):
        if most is None or not key:
            continue
        of_key = (_POOL.c.event_id == event_id, _POOL.c.organisation_key == key)
        more = sa.update(_POOL).where(*of_key).values(taken=_POOL.c.taken + number)
        if not connection.execute(more).rowcount:
            new = {"event_id": event_id, "organisation_key": key, "capacity": most}
            connection.execute(sa.insert(_POOL).values(new | {"taken": number}))


def give_back_for(session: Session, event_id: int, organisation: str, most: int | None) -> None:
    """Return one of the seats of an organisation."""
    key = organisation_key(organisation)
    if most is not None and key:
        session.connection().execute(_GIVE_BACK_FOR, {"event": event_id, "organisation": key})
