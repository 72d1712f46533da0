"""What mailings plug into the application: words, letters, the work of sending, a hook."""

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts import hooks as account_hooks
from accounts.words import LOG
from core.jobs.models import Job
from core.jobs.rounds import looks
from core.jobs.worker import steps
from core.outbox.worker import writes
from registrations.mailings import letters, services, words
from registrations.mailings.services.sending import KIND


def init_app(app: Flask) -> None:
    """Plug in."""
    LOG.update(words.ACTION)
    app.jinja_env.globals.update(
        mailing_state_words=words.MAILING_STATE, occasion_words=words.OCCASION,
        purpose_words=words.PURPOSE,
    )  # fmt: skip
    for kind, writer in letters.WRITERS.items():
        writes(app, kind, writer)
    account_hooks.mail_corrected.fill(services.follow_correction)
    looks(app, services.remind_due)
    steps(app, KIND, services.step, title=_l("Utskick"), links=_links)


def _links(job: Job) -> list[tuple[str, str]]:
    address = url_for("registrations.mailing", mailing_id=job.payload["mailing"])
    return [(_("Till utskicket"), address)]
