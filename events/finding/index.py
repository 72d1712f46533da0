"""The words that documents are found by: FTS5 on SQLite, a tsvector on PostgreSQL.

The one place that knows that the two differ. Both hold the words that `rules.words` has made, in
the columns title, body, more and tags; a tag has an underscore in it, which no word has.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from events.finding.rules import Query, Term

PREFIX = "search_index"  # of the names of its tables, which the models do not know
GAP = 8  # places between two columns, so that no phrase reaches over

_FTS5 = sa.table(
    PREFIX, sa.column("rowid", sa.Integer), *map(sa.column, ("title", "body", "more", "tags"))
)
_TSVECTOR = sa.table(PREFIX, sa.column("document_id", sa.Integer), sa.column("words"))
_FTS5_WEIGHTS = (8.0, 2.0, 0.7, 0.0)
_TSVECTOR_WEIGHTS = "{0, 0.08, 0.25, 1}"  # of tags, more, body, title


@dataclass(frozen=True)
class Entry:
    """The words of one document, by column."""

    document_id: int
    title: Sequence[str]
    body: Sequence[str]
    more: Sequence[str]
    tags: Sequence[str]


def put(session: Session, entries: Sequence[Entry]) -> None:
    """Keep the words of these documents, instead of what was kept for them."""
    drop(session, [entry.document_id for entry in entries])
    if not entries:
        return
    if _sqlite(session):
        rows = [
            {"rowid": e.document_id, "title": " ".join(e.title), "body": " ".join(e.body),
             "more": " ".join(e.more), "tags": " ".join(e.tags)}
            for e in entries
        ]  # fmt: skip
        session.execute(sa.insert(_FTS5), rows)
        return
    session.execute(
        sa.text(f"INSERT INTO {PREFIX} VALUES (:id, CAST(:words AS tsvector))"),  # noqa: S608
        [{"id": entry.document_id, "words": _vector(entry)} for entry in entries],
    )


def drop(session: Session, document_ids: Sequence[int]) -> None:
    """Forget the words of these documents."""
    if document_ids:
        column = _FTS5.c.rowid if _sqlite(session) else _TSVECTOR.c.document_id
        table: Any = _FTS5 if _sqlite(session) else _TSVECTOR
        session.execute(
            sa.delete(table).where(column == sa.bindparam("id_")),
            [{"id_": id_} for id_ in document_ids],
        )


def numbers(session: Session) -> set[int]:
    """The documents whose words are kept."""
    column = _FTS5.c.rowid if _sqlite(session) else _TSVECTOR.c.document_id
    return set(session.scalars(sa.select(column)))


def matching(
    session: Session, query: Query, tags: Iterable[str], *, weighed: bool = False
) -> sa.Select[Any]:
    """The numbers of the documents that have it all, and, `weighed`, how little it is about it."""
    if _sqlite(session):
        match = sa.literal_column(PREFIX).op("MATCH")(_fts5(query, tags, all_spellings=weighed))
        rank: Any = sa.literal(0)
        if weighed:
            rank = sa.func.bm25(sa.literal_column(PREFIX), *_FTS5_WEIGHTS)
        return sa.select(_FTS5.c.rowid.label("id"), rank.label("rank")).where(match)
    asked = sa.cast(_tsquery(query, tags, all_spellings=False), _TsQuery)
    rank = sa.literal(0)
    if weighed:
        about = sa.cast(_tsquery(query, (), all_spellings=True), _TsQuery)
        rank = -sa.func.ts_rank(
            sa.cast(_TSVECTOR_WEIGHTS, _Weights), _TSVECTOR.c.words, about, 1, type_=sa.Float
        )
    return sa.select(_TSVECTOR.c.document_id.label("id"), rank.label("rank")).where(
        _TSVECTOR.c.words.op("@@")(asked)
    )


def taken(matched: sa.Select[Any]) -> sa.CTE:
    """What `matched` finds, as something to take the first of.

    PostgreSQL would else let a LIMIT decide how to find it, and read every document there is where
    it expects more hits than there are.
    """
    return matched.cte("hits").prefix_with("MATERIALIZED", dialect="postgresql")


class _TsQuery(sa.types.UserDefinedType[str]):
    cache_ok = True

    def get_col_spec(self, **_kw: Any) -> str:
        return "tsquery"


class _Weights(sa.types.UserDefinedType[str]):
    cache_ok = True

    def get_col_spec(self, **_kw: Any) -> str:
        return "real[]"


def _sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _vector(entry: Entry) -> str:
    """The words with their places and the letter of their column, as PostgreSQL reads them."""
    cells, place = [], 1
    for weight, column in zip(
        "ABCD", (entry.title, entry.body, entry.more, entry.tags), strict=True
    ):
        for word in column:
            cells.append(f"'{word}':{min(place, 16383)}{weight}")
            place += 1
        place += GAP
    return " ".join(cells)


def _tsquery(query: Query, tags: Iterable[str], *, all_spellings: bool) -> str:
    def term(one: Term) -> str:
        last = ":*ABC" if one.begins else ":ABC"
        spellings = [
            " <-> ".join([*(f"'{word}':ABC" for word in spelling[:-1]), f"'{spelling[-1]}'{last}"])
            for spelling in (one.spellings if all_spellings else (one.widest,))
        ]
        return f"({' | '.join(f'({spelling})' for spelling in spellings)})"

    wanted = [f"'{tag}':D" for tag in tags] + [term(one) for one in query.wanted]
    return " & ".join(wanted + [f"!{term(one)}" for one in query.excluded])


def _fts5(query: Query, tags: Iterable[str], *, all_spellings: bool) -> str:
    def term(one: Term) -> str:
        last = " *" if one.begins else ""
        spellings = one.spellings if all_spellings else (one.widest,)
        return " OR ".join(f'"{" ".join(spelling)}"{last}' for spelling in spellings)

    wanted = [f'{{tags}} : "{tag}"' for tag in tags]
    wanted += [f"{{title body more}} : ({term(one)})" for one in query.wanted]
    without = [f"{{title body more}} : ({term(one)})" for one in query.excluded]
    return " NOT ".join([f"({' AND '.join(wanted)})", *without])
