"""What speakers plug into the application: words, letters, the round."""

from flask import Flask

from accounts.words import LOG
from core.jobs.rounds import looks
from core.outbox.worker import writes
from events import hooks
from events.speaking import letters, upkeep, words


def init_app(app: Flask) -> None:
    """Plug in."""
    LOG.update(words.ACTION)
    app.jinja_env.globals.update(
        consent_words=words.CONSENT,
        speaker_answer_words=words.ANSWER,
        speaker_need_words=words.NEED,
        speaker_missing_words=words.MISSING,
    )
    writes(app, "speaking.invitation", letters.invitation)
    writes(app, "speaking.reminder", letters.reminder)
    writes(app, "speaking.missing", letters.lacking)
    writes(app, "speaking.off", letters.off)
    writes(app, "speaking.news", letters.news)
    hooks.state_changed.fill(upkeep.state_changed)
    hooks.event_changed.fill(upkeep.event_changed)
    looks(app, upkeep.upkeep)
