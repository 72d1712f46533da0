"""What attachments plug into the application: words, templates, the store, an invariant."""

from collections.abc import Iterator

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from accounts.words import LOG
from core import files
from core.db import db
from core.health import checks
from events import hooks
from events.attachments import finding, queries, services, words
from events.attachments.models import Attachment
from events.attachments.queries import Shown
from events.attachments.rules import Visibility, lacking
from events.finding.sources import sources
from events.models import Event


def init_app(app: Flask) -> None:
    """Plug in."""
    LOG.update(words.ACTION)
    app.jinja_env.globals.update(
        public_attachments=_public,
        attachment_words=words.KIND,
        visibility_words=words.VISIBILITY,
        visibility_notes=words.VISIBILITY_NOTE,
    )
    app.jinja_env.filters["bytes"] = size_words
    files.kept_by(app, Attachment.key)
    hooks.item_removed.fill(services.leave_item)
    checks(app, _whole)
    sources.fill(finding.published)


def size_words(size: int) -> str:
    """A file's size for people: 340 kB, 2,5 MB."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{size / 1_000_000:.1f} MB".replace(".", ",")


def _public(event_id: int) -> list[Shown]:
    return queries.shown(db.session, event_id, queries.FOR_ALL)


def _whole(session: Session) -> Iterator[str]:
    """What is for everybody says what the law asks; events know how many files they have."""
    for row in session.scalars(
        sa.select(Attachment).where(Attachment.visibility == Visibility.PUBLIC)
    ):
        if lacking(row.kind, alternative=row.alternative, access=row.access,
                   address=row.access_url, reason=row.access_reason):  # fmt: skip
            yield f"handling {row.id}: visas för alla men saknar det som lagen kräver"
    many = (
        sa.select(sa.func.count(Attachment.id))
        .where(Attachment.event_id == Event.id)
        .scalar_subquery()
    )
    for id_ in session.scalars(sa.select(Event.id).where(Event.attached != many)):
        yield f"evenemang {id_}: antalet handlingar stämmer inte"
