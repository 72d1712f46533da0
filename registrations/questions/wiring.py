"""What questions plug into the application."""

from typing import Any

from flask import Flask

from accounts.words import LOG
from core.health import checks
from events import hooks
from registrations.questions import invariants, services, words


def init_app(app: Flask) -> None:
    """Plug in."""
    LOG.update(words.ACTION)
    known: dict[str, Any] = {
        "answer_said": words.said,
        "question_kind_words": words.KIND,
        "question_condition": words.condition,
        "question_kept": words.kept,
    }
    app.jinja_env.globals.update(known)
    checks(app, invariants.whole)
    hooks.event_copied.fill(services.copy_questions)
