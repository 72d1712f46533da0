"""What selections plug into the application: long work, words of the log."""

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from accounts.jobs.rights import note_refused
from accounts.words import LOG
from core.db import db
from core.jobs.models import Job
from core.jobs.work import steps
from registrations.selection import services, words
from registrations.selection.models import SelectionRun


def init_app(app: Flask) -> None:
    """Plug in."""
    LOG.update(words.LOG)
    steps(
        app, services.KIND, services.step, title=_l("Ändring av flera anmälningar"),
        told=_told, links=_links, failed=note_refused,
    )  # fmt: skip


def _told(job: Job) -> str:
    run = db.session.get_one(SelectionRun, job.payload["run"])
    said = ngettext("Gjort för %(num)s person.", "Gjort för %(num)s personer.", run.done)
    if run.left:
        said += " " + ngettext(
            "Med %(num)s gick det inte.", "Med %(num)s gick det inte.", len(run.left)
        )
    return said


def _links(job: Job) -> list[tuple[str, str]]:
    run = db.session.get_one(SelectionRun, job.payload["run"])
    address = url_for("registrations.selected_done", event_id=run.event_id, selection_id=run.id)
    return [(_("Vad som gjordes"), address)]
