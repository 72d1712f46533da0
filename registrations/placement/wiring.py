"""What seminars plug into the application: words, the letter, the long work."""

from datetime import datetime

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy.orm import Session

from accounts.words import LOG
from core.jobs.models import Job
from core.jobs.work import steps
from core.outbox.worker import writes
from events import hooks
from registrations import words as registration_words
from registrations.placement import letters, words
from registrations.placement.models import PlacementRun
from registrations.placement.services import copy_slots
from registrations.placement.services.placing import KIND, proceed


def init_app(app: Flask) -> None:
    """Plug in."""
    LOG.update(words.ACTION)
    registration_words.DONE.update(words.DONE)
    app.jinja_env.globals.update(how_words=words.SHORT_HOW, rule_words=words.RULE)
    hooks.event_copied.fill(copy_slots)
    writes(app, "placement.placed", letters.placed)
    steps(app, KIND, _step, title=_l("Fördelning av seminarieplatser"), told=_told, links=_links)


def _step(session: Session, job: Job, *, now: datetime) -> bool:
    run = session.get_one(PlacementRun, job.payload["run"])
    more = proceed(session, run, now=now)
    job.done = run.done
    job.outcome["missed"] = run.missed
    return more


def _told(job: Job) -> str:
    placed: str = ngettext(
        "%(num)s person fick sina seminarier.", "%(num)s personer fick sina seminarier.", job.done
    )
    missed = job.outcome.get("missed", 0)
    if missed:
        placed += " " + _("%(missed)s fick ändrat läge under tiden: gör en ny fördelning för dem.",
                          missed=missed)  # fmt: skip
    return placed


def _links(job: Job) -> list[tuple[str, str]]:
    return [(_("Seminarierna"), url_for("registrations.seminars", event_id=job.event_id))]
