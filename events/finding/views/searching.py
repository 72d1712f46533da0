"""The page where everything public is searched."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, render_template, request, url_for
from markupsafe import Markup, escape

from core.cache import answer, tagged
from core.db import db
from core.paging import page_count
from core.policy import public
from core.web import page_number
from events.finding import queries
from events.finding.models import SearchDocument
from events.finding.rules import DocumentKind, Query, parse, snippet
from events.finding.words import DOCUMENT_KIND
from events.rules import search_text
from events.views.blueprint import bp
from events.views.filters import asked_for, choices


@bp.get("/sok")
@public
def search() -> Response:
    """What is found, the best first; three questions however much there is."""
    filters, page = asked_for(), min(page_number(), queries.LAST_PAGE)
    sort = request.args.get("sort", "")
    kind = DocumentKind(sort) if sort in set(DocumentKind) else None
    query = parse(filters.text)
    hits = queries.search(
        db.session, query, tags=filters.tags, since=filters.since, until=filters.until, kind=kind,
        page=page,
    )  # fmt: skip
    made = render_template(
        "events/search.html",
        filters=filters,
        hits=[Hit(one, query) for one in hits.rows],
        numbers=dict.fromkeys(DocumentKind, 0) if hits.many else hits.numbers,
        kind=kind,
        total=hits.total,
        most=queries.MOST,
        page=page,
        pages=min(page_count(hits.total, queries.PAGE), queries.LAST_PAGE),
        address=lambda **more: url_for("events.search", **filters.query(**more)),
        pager_address=lambda number: url_for(
            "events.search", **filters.query(sort=sort if kind else "", sida=number)
        ),
        document_words=DOCUMENT_KIND,
        offered=choices(),
    )
    return answer(tagged(made))


@dataclass(frozen=True)
class Hit:
    """Something that was found, as it is shown."""

    document: SearchDocument
    query: Query

    @property
    def event(self) -> Any:
        """The event it belongs to."""
        return self.document.event

    @property
    def address(self) -> str:
        """Where it is read."""
        return url_for(self.document.endpoint, **self.document.values)

    @property
    def is_event(self) -> bool:
        """Whether it is the event itself."""
        return self.document.kind is DocumentKind.EVENT

    @property
    def title(self) -> Markup:
        """Its title, with what was searched for marked."""
        return _marked(snippet(self.document.title, self.query, whole=True))

    @property
    def text(self) -> Markup:
        """The piece of its text where the words are; nothing where it only repeats the title."""
        body = self.document.body
        if search_text(body) == search_text(self.document.title):
            return Markup()
        return _marked(snippet(body, self.query))


def _marked(pieces: Sequence[tuple[str, bool]]) -> Markup:
    return Markup().join(
        Markup("<mark>%s</mark>") % piece if marked else escape(piece) for piece, marked in pieces
    )
