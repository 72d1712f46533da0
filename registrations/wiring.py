"""What registrations plug into the application: commands, hooks, letters, invariants."""

from typing import Any

from flask import Flask

from accounts.words import LOG
from core.clock import now
from core.health import checks
from core.jobs.rounds import looks
from core.outbox.worker import writes
from core.reference import SECTOR_WORDS
from events import hooks
from registrations import (
    cli,
    disposal,
    invariants,
    letters,
    overview,
    services,
    upkeep,
    words,
)
from registrations.bots import wiring as bots
from registrations.calendars import wiring as calendars
from registrations.circles import wiring as circles
from registrations.door import wiring as door
from registrations.doubles import words as double_words
from registrations.handouts import wiring as handouts
from registrations.importing import wiring as importing
from registrations.invitations import wiring as invitations
from registrations.mailings import wiring as mailings
from registrations.news import wiring as news
from registrations.papers import wiring as papers
from registrations.parties import wiring as parties
from registrations.placement import wiring as placement
from registrations.questions import wiring as questions
from registrations.selection import wiring as selection


def init_app(app: Flask) -> None:
    """Plug in."""
    LOG.update(words.ACTION | double_words.DONE)
    known: dict[str, Any] = {
        "sector_words": SECTOR_WORDS,
        "status_words": words.STATUS,
        "stands_as": words.stands_as,
        "role_kind_words": words.ROLE_KIND,
        "source_words": words.SOURCE,
        "done_words": words.DONE | double_words.DONE,
        "duties": overview.duties,
        "latest_registrations": overview.latest_registrations,
        "event_figures": overview.event_figures,
        "came_among": overview.came_among,
    }
    app.jinja_env.globals.update(known)
    cli.init_app(app)
    handouts.init_app(app)
    importing.init_app(app)
    invitations.init_app(app)
    selection.init_app(app)
    bots.init_app(app)
    calendars.init_app(app)
    circles.init_app(app)
    door.init_app(app)
    mailings.init_app(app)
    news.init_app(app)
    papers.init_app(app)
    questions.init_app(app)
    placement.init_app(app)
    parties.init_app(app)
    for kind, writer in letters.WRITERS.items():
        writes(app, kind, writer)
    for invariant in (invariants.seats, invariants.one_choice, invariants.whole):
        checks(app, invariant)
    hooks.capacity_grew.fill(services.capacity_grew)
    hooks.item_removed.fill(services.forget_item)
    looks(app, upkeep.upkeep)
    checks(app, lambda session: disposal.overdue(session, now=now()))
