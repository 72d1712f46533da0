"""What minutes plug into the application: a word for templates, a hook and an invariant."""

from collections.abc import Iterator

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, undefer

from accounts.words import FIELD, LOG
from core.db import db
from core.health import checks
from events import hooks
from events.finding.sources import sources
from minutes import finding, queries, services, words
from minutes.models import Minutes
from minutes.rules import State, checksum, digest
from registrations import hooks as registration_hooks


def init_app(app: Flask) -> None:
    """Plug in."""
    LOG.update(words.ACTION)
    FIELD.update(words.FIELD)
    app.jinja_env.globals["published_minutes"] = _published
    app.jinja_env.globals["documented_among"] = _documented_among
    app.jinja_env.globals["odd_words"] = words.ODD
    hooks.item_removed.fill(services.forget_item)
    registration_hooks.documented.fill(queries.published_among)
    checks(app, _frozen)
    sources.fill(finding.published)


def _published(event_id: int) -> bool:
    return queries.is_published(db.session, event_id)


def _documented_among(event_ids: list[int]) -> set[int]:
    return queries.published_among(db.session, event_ids)


def _frozen(session: Session) -> Iterator[str]:
    """Published minutes are what they were when they were published: file and data."""
    published = sa.select(Minutes.id).where(Minutes.state == State.PUBLISHED).order_by(Minutes.id)
    for minutes_id in session.scalars(published).all():
        minutes = session.get_one(
            Minutes, minutes_id, options=[undefer(Minutes.pdf), undefer(Minutes.content)]
        )
        if checksum(minutes.pdf or b"") != minutes.checksum:
            yield f"anteckningar {minutes.id}: pdf-filen stämmer inte med sin kontrollsumma"
        if digest(minutes.content or {}) != minutes.content_digest:
            yield f"anteckningar {minutes.id}: innehållet är inte det som publicerades"
        session.expunge(minutes)  # one file in memory at a time
