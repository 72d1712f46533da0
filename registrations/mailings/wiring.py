"""What mailings plug into the application: words, letters, the work of sending, an invariant."""

from collections.abc import Iterator

import sqlalchemy as sa
from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from accounts import hooks as account_hooks
from accounts.jobs.rights import note_refused
from accounts.words import LOG
from core.health import checks
from core.jobs.models import Job
from core.jobs.rounds import looks
from core.jobs.work import steps
from core.outbox.worker import writes
from events import hooks
from registrations.mailings import letters, services, words
from registrations.mailings.models import Mailing, MailingRecipient
from registrations.mailings.rules import State
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
    hooks.state_changed.fill(services.called_off)
    account_hooks.mail_corrected.fill(services.follow_correction)
    checks(app, _unwritten)
    looks(app, services.remind_due)
    steps(app, KIND, services.step, title=_l("Utskick"), links=_links, failed=note_refused)


def _unwritten(session: Session) -> Iterator[str]:
    """In a mailing that is sent, everybody has a letter, or it says why not."""
    for mailing_id, number in session.execute(
        sa.select(MailingRecipient.mailing_id, sa.func.count())
        .join(Mailing)
        .where(
            Mailing.state == State.SENT,
            MailingRecipient.outbox_id.is_(None),
            MailingRecipient.skipped.is_(None),
        )
        .group_by(MailingRecipient.mailing_id)
    ):
        yield f"utskick {mailing_id}: skickat, men {number} mottagare har inget mejl"


def _links(job: Job) -> list[tuple[str, str]]:
    address = url_for("registrations.mailing", mailing_id=job.payload["mailing"])
    return [(_("Till utskicket"), address)]
