"""What is asked of the index."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, lazyload, load_only

from events.finding import index
from events.finding.models import SearchDocument
from events.finding.rules import DocumentKind, Query
from events.finding.tags import kind_tag
from events.models import Event
from events.rules import PUBLIC_STATES
from events.speaking.shown import nameable

PAGE = 20
MOST = 1_000  # hits of a kind that are counted, and weighed against each other
MOST_DOCUMENTATION = 4_000  # in the sitemap, which may have 50,000 addresses
LAST_PAGE = MOST // PAGE  # whoever has looked at so many searches for something else
# What is shown of the event that a hit belongs to.
_SHOWN = (
    load_only(Event.slug, Event.kind, Event.state, Event.title, Event.starts, Event.ends),
    lazyload(Event.authority),
)


@dataclass(frozen=True)
class Hits:
    """A page of what was found, the best first.

    `numbers` says how many there are of each kind, and `total` how many of the kind asked for;
    where there are `many`, more than are counted, only `total` means anything: at most `MOST`.
    """

    rows: Sequence[SearchDocument] = ()
    numbers: dict[DocumentKind, int] = field(default_factory=dict)
    total: int = 0
    many: bool = False


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
    """What is found, in at most four questions. Only what belongs to a public event.

    Of what is found nearly everywhere the latest comes first: weighing it all takes its time and
    tells nothing.
    """
    if not query.wanted:
        return Hits()
    period = _period(since, until)
    numbers = _numbers(session, index.matching(session, query, tags), period)
    many = sum(numbers.values()) > MOST
    narrowed = [*tags, *([kind_tag(kind)] if kind else [])]
    if kind and many:
        of_kind = index.matching(session, query, narrowed)
        total = sum(_numbers(session, of_kind, period).values())
    else:
        total = numbers.get(kind, 0) if kind else sum(numbers.values())
    best = index.matching(session, query, narrowed, weighed=not many)
    best = best.where(*_within(best.selected_columns.id, period)).order_by("rank", sa.desc("id"))
    best = best.limit(PAGE).offset((page - 1) * PAGE)
    found = best.subquery()
    rows = session.scalars(
        sa.select(SearchDocument)
        .join(found, found.c.id == SearchDocument.id)
        .join(SearchDocument.event)
        .where(Event.state.in_(PUBLIC_STATES))
        .order_by(found.c.rank, SearchDocument.id.desc())
        .options(contains_eager(SearchDocument.event).options(*_SHOWN))
    ).all()
    return Hits(_named(session, rows), numbers, min(total, MOST), many)


def _named(session: Session, rows: Sequence[SearchDocument]) -> Sequence[SearchDocument]:
    """Without whoever's consent has ended in the minute since anybody looked."""
    people = {row.id: int(row.key) for row in rows if row.kind is DocumentKind.SPEAKER}
    if not people:
        return rows
    may = nameable(session, people.values())
    return [row for row in rows if row.id not in people or people[row.id] in may]


def _numbers(
    session: Session, matched: sa.Select[Any], period: Sequence[Any]
) -> dict[DocumentKind, int]:
    """How many there are of each kind among the first so many."""
    hits = index.taken(matched)
    some = sa.select(hits.c.id).where(*_within(hits.c.id, period, first=True)).limit(MOST + 1)
    rows = session.execute(
        sa.select(SearchDocument.kind, sa.func.count())
        .where(SearchDocument.id.in_(sa.select(some.subquery().c.id)))
        .group_by(SearchDocument.kind)
    )
    found = {kind: number for kind, number in rows}  # noqa: C416 - rows are no pairs to mypy
    return {kind: found[kind] for kind in DocumentKind if kind in found}


def _period(since: datetime | None, until: datetime | None) -> list[Any]:
    found: list[Any] = []
    if since:
        found.append(SearchDocument.ends > since)
    if until:
        found.append(SearchDocument.starts < until)
    return found


def _within(id_: Any, period: Sequence[Any], *, first: bool = False) -> list[Any]:
    """The period, looked up for each hit, and for the first of them only where `first` says so.

    The other way round SQLite searches anew for each document in the period, and PostgreSQL, which
    an OFFSET keeps from it, finds all hits where the first will do.
    """
    if not period:
        return []
    inside = sa.select(SearchDocument.id).where(SearchDocument.id == id_, *period)
    return [inside.offset(0).exists() if first else inside.exists()]


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


def documentation(session: Session) -> list[tuple[str, dict[str, Any]]]:
    """Where the published minutes of public events are read: endpoint and values."""
    rows = session.execute(
        sa.select(SearchDocument.endpoint, SearchDocument.values)
        .join(SearchDocument.event)
        .where(SearchDocument.kind == DocumentKind.MINUTES, Event.state.in_(PUBLIC_STATES))
        .order_by(SearchDocument.id.desc())
        .limit(MOST_DOCUMENTATION)
    )
    return [(row.endpoint, row[1]) for row in rows]


@dataclass(frozen=True)
class Appearances:
    """A speaker, and the public events whose programmes name them, the latest first."""

    speaker_id: int
    events: Sequence[Any]


def appearances(session: Session, after: int, most: int) -> list[Appearances]:
    """At most `most` speakers with numbers above `after`, in that order. One question.

    An event has `id`, `slug`, `title`, `starts`. Whoever may not be named now may still be here:
    ask `Release.content`.
    """
    is_speaker = SearchDocument.kind == DocumentKind.SPEAKER
    number = sa.case((is_speaker, sa.cast(SearchDocument.key, sa.Integer)))
    named = (
        sa.select(number.label("speaker_id"), Event.id, Event.slug, Event.title, Event.starts)
        .join(SearchDocument.event)
        .where(is_speaker, number > after, Event.state.in_(PUBLIC_STATES))
        .subquery()
    )
    first = sa.select(named.c.speaker_id).distinct().order_by(named.c.speaker_id).limit(most)
    rows = session.execute(
        sa.select(named)
        .where(named.c.speaker_id.in_(sa.select(first.subquery().c.speaker_id)))
        .order_by(named.c.speaker_id, named.c.starts.desc(), named.c.id)
    )
    return [
        Appearances(speaker_id, list(events))
        for speaker_id, events in groupby(rows, lambda row: row.speaker_id)
    ]
