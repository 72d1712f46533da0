"""What is asked of the index."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from events.finding import index
from events.finding.models import SearchDocument
from events.finding.rules import DocumentKind, Query
from events.finding.tags import kind_tag
from events.models import Event
from events.rules import PUBLIC_STATES

PAGE = 20
MOST = 1_000  # hits of a kind that are counted, and weighed against each other
LAST_PAGE = MOST // PAGE  # whoever has looked at so many searches for something else


@dataclass(frozen=True)
class Hits:
    """A page of what was found, the best first, and how many of each kind there are in all."""

    rows: Sequence[SearchDocument]
    numbers: dict[DocumentKind, int]

    @property
    def total(self) -> int:
        """How many there are in all, of all kinds."""
        return sum(self.numbers.values())

    @property
    def many(self) -> bool:
        """Whether there are more than is counted."""
        return any(number > MOST for number in self.numbers.values())


def search(
    session: Session,
    query: Query,
    *,
    tags: Sequence[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    kind: DocumentKind | None = None,
    page: int = 1,
) -> Hits:
    """What is found, in two questions. Only what belongs to a public event.

    Of what is found nearly everywhere the latest comes first: weighing it all takes its time and
    tells nothing.
    """
    if not query.wanted:
        return Hits([], {})
    period = _period(since, until)
    hits = Hits([], _numbers(session, query, tags, period))
    narrowed = [*tags, *([kind_tag(kind)] if kind else [])]
    best = _within(index.matching(session, query, narrowed, weighed=not hits.many), period)
    best = best.order_by("rank", sa.desc("id")).limit(PAGE).offset((page - 1) * PAGE)
    found = best.subquery()
    rows = session.scalars(
        sa.select(SearchDocument)
        .join(found, found.c.id == SearchDocument.id)
        .join(SearchDocument.event)
        .where(Event.state.in_(PUBLIC_STATES))
        .order_by(found.c.rank, SearchDocument.id.desc())
        .options(contains_eager(SearchDocument.event))
    ).all()
    return Hits(rows, hits.numbers)


def _numbers(
    session: Session, query: Query, tags: Sequence[str], period: list[Any]
) -> dict[DocumentKind, int]:
    counts = []
    for kind in DocumentKind:
        of_kind = _within(index.matching(session, query, [*tags, kind_tag(kind)]), period)
        some = of_kind.with_only_columns(of_kind.selected_columns.id).limit(MOST + 1)
        ids = some.subquery()
        counts.append(
            sa.select(sa.func.count()).select_from(ids).scalar_subquery().label(kind.value)
        )
    row = session.execute(sa.select(*counts)).one()
    return {kind: number for kind, number in zip(DocumentKind, row, strict=True) if number}


def _period(since: datetime | None, until: datetime | None) -> list[Any]:
    found: list[Any] = []
    if since:
        found.append(SearchDocument.ends > since)
    if until:
        found.append(SearchDocument.starts < until)
    return found


def _within(matched: sa.Select[Any], period: list[Any]) -> sa.Select[Any]:
    if not period:
        return matched
    inside = sa.select(SearchDocument.id).where(*period)
    return matched.where(matched.selected_columns.id.in_(inside))


def events_with(session: Session, query: Query) -> sa.Select[Any]:
    """The events that have all that is searched for in them, as a question within another."""
    found = sa.select(SearchDocument.event_id)
    if not query.terms:
        return found.where(sa.false())
    matched = index.matching(session, query, [kind_tag(DocumentKind.EVENT)])
    ids = matched.with_only_columns(matched.selected_columns.id)
    return found.where(SearchDocument.id.in_(ids))


def documents_of(
    session: Session, ids: Iterable[int], kinds: Iterable[DocumentKind]
) -> dict[int, list[SearchDocument]]:
    """What has been published of these events, by event; in one question."""
    found: dict[int, list[SearchDocument]] = {}
    for one in session.scalars(
        sa.select(SearchDocument)
        .where(SearchDocument.event_id.in_(list(ids)), SearchDocument.kind.in_(list(kinds)))
        .order_by(SearchDocument.kind.desc(), SearchDocument.id)
        .options(sa.orm.defer(SearchDocument.body))
    ):
        found.setdefault(one.event_id, []).append(one)
    return found
