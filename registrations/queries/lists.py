"""The organiser's list: search, filter, sort by an allow-list, one page at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.paging import page_count
from core.reference import Sector, municipalities
from core.text import clean_line
from events.models import ProgrammeItem, Quota
from events.rules import Mode
from registrations.models import ItemChoice, Registration
from registrations.queries.presence import present
from registrations.rules import Status

PER_PAGE = 50
COLUMNS = (
    Registration.id, Registration.first_name, Registration.last_name, Registration.email,
    Registration.phone, Registration.organisation, Registration.sector,
    Registration.municipality, Registration.role_kind, Registration.mode, Registration.status,
    Registration.source, Registration.list_consent, Registration.protected, Registration.created,
    Registration.version,
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """Which of those registered are asked for, all conditions together; and in what order.

    `county` is the code of the county of their municipality; `item` an item they have chosen,
    `unchosen` a choice group in which they have chosen nothing; `ids` those ticked one by one.
    `openly`: the asker may see protected persons.
    """

    text: str = ""
    status: Status | None = None
    mode: Mode | None = None
    sector: Sector | None = None
    county: str = ""
    item: int | None = None
    unchosen: str = ""
    came: bool | None = None
    ids: tuple[int, ...] = ()
    sort: str = "name"
    descending: bool = False
    page: int = 1
    openly: bool = False


@dataclass(frozen=True)
class Row:
    """One line of the list.

    `registration` has the columns of the list and no more; `came` is when the person was ticked
    in, `position` the place in the queue, `chosen` the titles of what was chosen.
    """

    registration: Any
    came: datetime | None
    position: int | None
    chosen: Sequence[str] = ()


@dataclass(frozen=True)
class Listing:
    """One page of the list, and how many there are in all."""

    rows: list[Row]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return page_count(self.total, PER_PAGE)


def find_registration(session: Session, registration_id: int) -> Registration | None:
    """The registration of that number."""
    return session.get(Registration, registration_id)


def listing(
    session: Session, event_id: int, wanted: Wanted, *, with_choices: bool = False
) -> Listing:
    """One page of an event's registrations in four queries (five `with_choices`).

    The page is found among the keys alone, by index; only its own rows are read, and not as
    entities. Who is there and who waits is asked of these rows, not joined to all.
    """
    total = count(session, event_id, wanted)
    page = min(wanted.page, page_count(total, PER_PAGE))
    order = _order(session, wanted)
    here = (
        sa.select(Registration.id)
        .where(*conditions(event_id, wanted))
        .order_by(*order)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    found = session.execute(
        sa.select(*COLUMNS).where(Registration.id.in_(here.subquery().select())).order_by(*order)
    ).all()
    ids = [one.id for one in found]
    came = arrivals(session, event_id, ids)
    places = positions(session, event_id, ids)
    titles = chosen_titles(session, ids) if with_choices else {}
    rows = [Row(one, came.get(one.id), places.get(one.id), titles.get(one.id, ())) for one in found]
    return Listing(rows, total, page)


def arrivals(session: Session, event_id: int, ids: Iterable[int]) -> dict[int, datetime]:
    """When those of `ids` that are there were ticked in."""
    there = present(event_id)
    rows = session.execute(
        sa.select(there.c.registration_id, there.c.at).where(there.c.registration_id.in_(list(ids)))
    )
    return dict(iter(rows))


def chosen_titles(session: Session, ids: Iterable[int]) -> dict[int, list[str]]:
    """The titles of what each of `ids` has chosen, in the order of the day."""
    rows = session.execute(
        sa.select(ItemChoice.registration_id, ProgrammeItem.title)
        .join(ProgrammeItem, ProgrammeItem.id == ItemChoice.item_id)
        .where(ItemChoice.registration_id.in_(list(ids)))
        .order_by(ProgrammeItem.starts, ProgrammeItem.id)
    )
    found: dict[int, list[str]] = {}
    for id_, title in rows:
        found.setdefault(id_, []).append(title)
    return found


def count(session: Session, event_id: int, wanted: Wanted) -> int:
    """How many are asked for."""
    number = sa.select(sa.func.count()).select_from(Registration)
    return session.scalar(number.where(*conditions(event_id, wanted))) or 0


def choices(session: Session, event_id: int) -> dict[str, list[tuple[int, str]]]:
    """What can be chosen, by group: id and title of each item, in the order of the day."""
    items = session.execute(
        sa.select(ProgrammeItem.group, ProgrammeItem.id, ProgrammeItem.title)
        .where(ProgrammeItem.event_id == event_id, ProgrammeItem.group != "")
        .order_by(ProgrammeItem.starts, ProgrammeItem.id)
    )
    found: dict[str, list[tuple[int, str]]] = {}
    for group, id_, title in items:
        found.setdefault(group, []).append((id_, title))
    return found


def positions(session: Session, event_id: int, ids: Iterable[int]) -> dict[int, int]:
    """Where in their queue those of `ids` stand that wait; the first is 1 (see `position`)."""
    kept = sa.exists().where(
        Quota.event_id == event_id, Quota.mode == Registration.mode,
        Quota.sector == Registration.sector, Quota.released.is_(None),
    )  # fmt: skip
    group = sa.case((kept, Registration.sector))
    queue = (
        sa.select(
            Registration.id,
            sa.func.row_number()
            .over(
                partition_by=(Registration.mode, group),
                order_by=(Registration.queued, Registration.id),
            )
            .label("position"),
        )
        .where(Registration.event_id == event_id, Registration.status == Status.WAITING)
        .subquery()
    )
    rows = session.execute(sa.select(queue).where(queue.c.id.in_(list(ids))))
    return {row.id: row.position for row in rows}


def latest(session: Session, event_id: int, limit: int = 5) -> Sequence[Registration]:
    """The registrations of an event that came in last, the newest first."""
    return session.scalars(
        sa.select(Registration)
        .where(Registration.event_id == event_id, Registration.status != Status.CANCELLED)
        .order_by(Registration.created.desc(), Registration.id.desc())
        .limit(limit)
    ).all()


def matches(text: str, *, openly: bool = False) -> list[sa.ColumnElement[bool]]:
    """One condition for each word searched for: every word must be found.

    In name, address, organisation or municipality; of protected persons in the name, and only
    `openly`.
    """
    found = []
    for word in clean_line(text).casefold().split()[:8]:
        codes = [place.code for place in municipalities().values() if word in place.name.casefold()]
        places = [
            Registration.search.contains(word, autoescape=True),
            Registration.municipality.in_(codes),
        ]
        if openly:
            hidden = Registration.name_key.contains(word, autoescape=True)
            places.append(sa.and_(Registration.protected, hidden))
        found.append(sa.or_(*places))
    return found if openly else [*found, Registration.protected.is_(False)]


def conditions(event_id: int, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    """What holds for the registrations of an event that are asked for; for any `where`."""
    found = [Registration.event_id == event_id]
    if wanted.text:
        found += matches(wanted.text, openly=wanted.openly)
    if wanted.status:
        found.append(Registration.status == wanted.status)
    if wanted.mode:
        found.append(Registration.mode == wanted.mode)
    if wanted.sector:
        found.append(Registration.sector == wanted.sector)
    if wanted.ids:
        found.append(Registration.id.in_(wanted.ids))
    if wanted.county:
        found.append(_from_county(wanted))
    if wanted.item is not None:
        found.append(Registration.id.in_(_choosers(ItemChoice.item_id == wanted.item)))
    if wanted.unchosen:
        of_group = sa.select(ProgrammeItem.id).where(
            ProgrammeItem.event_id == event_id, ProgrammeItem.group == wanted.unchosen
        )
        found.append(Registration.id.not_in(_choosers(ItemChoice.item_id.in_(of_group))))
    if wanted.came is not None:
        there = sa.select(present(event_id).c.registration_id)
        is_there = Registration.id.in_(there)
        found.append(is_there if wanted.came else ~is_there)
    return found


def _from_county(wanted: Wanted) -> sa.ColumnElement[bool]:
    """Who is from there; not the protected, where the asker must not learn where they are from."""
    there = Registration.municipality.startswith(wanted.county, autoescape=True)
    return there if wanted.openly else sa.and_(there, Registration.protected.is_(False))


def _choosers(condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(ItemChoice.registration_id).where(condition)


def _order(session: Session, wanted: Wanted) -> list[Any]:
    """By a column of the allow-list. Who must not be seen is placed last, by number."""
    columns: dict[str, Any] = {
        "name": Registration.sort_key,
        "organisation": _swedish(session, Registration.organisation),
        "time": Registration.created,
    }
    column = columns[wanted.sort]
    if wanted.sort != "time" and not wanted.openly:
        column = sa.case((Registration.protected, None), else_=column)
        protected_last = [Registration.protected]
    else:
        protected_last = []
    turned = column.desc() if wanted.descending else column.asc()
    return [*protected_last, turned, Registration.id]


def _swedish(session: Session, column: Any) -> Any:
    """`column` in Swedish order (å, ä, ö after z) without a locale of the database's own."""
    for letters, key in (("Åå", "{"), ("Ää", "|"), ("Öö", "}"), ("Éé", "e"), ("Üü", "y")):
        for letter in letters:
            column = sa.func.replace(column, letter, key)
    bytewise = "BINARY" if session.get_bind().dialect.name == "sqlite" else "C"
    return sa.collate(sa.func.lower(column), bytewise)
