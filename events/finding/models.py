"""What is public, as it can be found."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.columns import Instant, Key, Line, Prose, choice
from core.db import Model
from events.finding.rules import DocumentKind
from events.models import Event


class SearchDocument(Model):
    """Something public that belongs to an event: where it is read, and what is shown of it.

    The words it is found by stand in the table `search_index` under the same number; that table
    looks different in each database and is known to `events.finding.index` alone. `digest` says
    whether anything has changed. `starts` and `ends` are those of the event.
    """

    __tablename__ = "search_document"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "kind", "key"),
        # All that is asked of a hit before it is shown, without reading its text.
        sa.Index("ix_search_document_found", "id", "kind", "event_id", "starts", "ends"),
    )

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(Event.id, ondelete="CASCADE"))
    kind: Mapped[DocumentKind] = mapped_column(choice(DocumentKind))
    key: Mapped[str] = mapped_column(sa.String(80))
    title: Mapped[Line]
    body: Mapped[Prose]
    endpoint: Mapped[str] = mapped_column(sa.String(80))
    values: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    starts: Mapped[Instant]
    ends: Mapped[Instant]
    digest: Mapped[str] = mapped_column(sa.String(64))
    event: Mapped[Event] = relationship()
