"""How far long work has come: `jobs.index`, `jobs.show`, `jobs.progress` (JSON), `jobs.file`."""

from typing import Any

from flask import Blueprint, Flask, Response, jsonify, render_template
from flask_babel import gettext as _

from accounts.gate import current_user, may, me, staff
from accounts.jobs import words
from accounts.models import User
from accounts.rules import PEOPLE, PLAN
from core.clock import now
from core.db import db
from core.i18n import moment, number
from core.jobs import queries
from core.jobs.models import Job
from core.jobs.rules import State
from core.jobs.work import work_of
from core.web import download, found, page_number

bp = Blueprint("jobs", __name__)


def init_app(app: Flask) -> None:
    """Give templates the words of work, and what goes on for an event."""
    known: dict[str, Any] = {
        "job_state_words": words.STATE,
        "work_of": work_of,
        "jobs_under_way": _under_way,
        "how_far": how_far,
    }
    app.jinja_env.globals.update(known)


def find_job(job_id: int) -> Job | None:
    """The job of that number (for the gate)."""
    return db.session.get(Job, job_id)


@bp.get("/arbeta/jobb")
@staff(PEOPLE)
def index() -> str:
    """The authorities' work, what goes on first."""
    page = page_number()
    mine = [authority.id for authority in me().authorities_with(PEOPLE)]
    rows, pages = queries.of_authorities(db.session, mine, page)
    return render_template("jobs/index.html", rows=rows, page=page, pages=pages)


@bp.get("/arbeta/jobb/<id:job_id>")
@staff(PEOPLE, job=find_job)
def show(job: Job) -> str:
    """One piece of work: how far, what comes next, what came of it."""
    work = work_of(job.kind)
    return render_template(
        "jobs/show.html",
        job=job,
        work=work,
        told=work.told(job) if work.told and (job.outcome or job.state is State.DONE) else "",
        links=work.links(job) if work.links else [],
        starter=db.session.get(User, job.started_by) if job.started_by else None,
        may_fetch=bool(job.filename) and may(PLAN, job.authority_id),
    )


@bp.get("/arbeta/jobb/<id:job_id>/lage")
@staff(PEOPLE, job=find_job)
def progress(job: Job) -> Response:
    """The same in brief, for the page that keeps itself up to date."""
    answer = jsonify(
        {
            "state": job.state.value,
            "under_way": job.under_way,
            "done": job.done,
            "total": job.total,
            "words": how_far(job),
        }
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/arbeta/jobb/<id:job_id>/fil")
@staff(PLAN, job=find_job)
def file(job: Job) -> Response:
    """The file that was made."""
    stored = found(queries.stored_file(db.session, job))
    return download(stored.body, filename=job.filename, mimetype=stored.mimetype)


def how_far(job: Job) -> str:
    """How a job stands, e.g. "Pågår: 1 200 av 5 000"."""
    word = str(words.STATE[job.state])
    if job.state is State.WAITING and job.next_run > now() and not job.tries:
        return _("Börjar %(when)s", when=moment(job.next_run))
    if job.under_way and job.total:
        return _(
            "%(state)s: %(done)s av %(total)s",
            state=word, done=number(job.done), total=number(job.total),
        )  # fmt: skip
    return word


def _under_way(event_id: int) -> list[Job]:
    """What goes on for an event, for those who may see it."""
    rows = queries.under_way(db.session, event_id) if current_user() else []
    return [job for job in rows if may(PEOPLE, job.authority_id)]
