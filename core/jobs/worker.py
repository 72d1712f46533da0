"""Works at what is due: step by step in short transactions, or one file at a time outside them.

How each kind is done stands in `core.jobs.work`. The page of a job is
`url_for("jobs.show", job_id=…)`, its file `url_for("jobs.file", job_id=…)`; they live in
`accounts/jobs/views.py`, as this package knows nobody who could be signed in. In tests
`run_once()` works at one due job.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from core import loop
from core.clock import now
from core.db import Busy, db, write
from core.errors import Refusal
from core.health import checks
from core.i18n import speaking
from core.jobs import queries, rounds, services
from core.jobs.models import Job
from core.jobs.rules import BEAT, SLICE, TRIES
from core.jobs.work import Make, Tell, Work
from core.tidy import tidies

log = logging.getLogger(__name__)
BREATH = 0.01  # seconds between steps, so that others get at the lock
TOLD = 0.5  # seconds between notes of how far it has come
BUSY = timedelta(seconds=2)
KILLED = "Arbetet avbröts gång på gång. Försök igen, eller be den som sköter tjänsten om hjälp."


def init_app(app: Flask) -> None:
    """Give the app its table of work, the command `jobs run` and the check."""
    app.extensions["jobs"] = {}
    rounds.init_app(app)
    group = click.Group("jobs", help="Long work.")
    group.add_command(_run)
    app.cli.add_command(group)
    checks(app, _breaches)
    tidies(app, "avslutade arbeten", services.tidy)


def start(app: Flask) -> None:
    """Run the worker as a thread of this process."""
    loop.in_thread(app, "jobs", _round)


def _round() -> int:
    rounds.look_round()
    return run_once()


def run_once() -> int:
    """Work at one due job until it is done or its turn is over; how many were worked at."""
    known: dict[str, Work] = current_app.extensions["jobs"]
    heavy = [kind for kind, work in known.items() if work.make]
    try:
        if not services.anything_due(db.session, kinds=list(known), now=now()):
            return 0
        leased = write(
            lambda: services.lease(db.session, kinds=list(known), heavy=heavy, now=now())
        )
    except Busy:
        return 0
    finally:
        db.session.rollback()
    if leased is None:
        return 0
    id_, kind, lease, tries = leased
    work = known[kind]
    try:
        if tries > TRIES:
            raise Refusal(KILLED)
        _make(id_, lease, work.make) if work.make else _walk(id_, lease, work)
    except Busy:
        _note(id_, lease, partial(services.put_back, now=now(), wait=BUSY))
    except Refusal as refusal:
        _stumble(id_, lease, work, str(refusal), final=True)
    except Exception as error:  # one job that cannot be done stops no other
        log.exception("job %s (%s)", id_, kind)
        _stumble(id_, lease, work, f"Tekniskt fel: {type(error).__name__}.", final=False)
    finally:
        db.session.rollback()
    return 1


def _walk(id_: int, lease: str, work: Work) -> None:
    """Step after step, each in its own transaction, until the turn is over."""
    turn_over = time.monotonic() + SLICE
    with speaking(_language(id_)):
        while _step(id_, lease, work):
            if time.monotonic() > turn_over:
                _note(id_, lease, partial(services.put_back, now=now()))
                return
            time.sleep(BREATH)


def _step(id_: int, lease: str, work: Work) -> bool:
    """One step in its transaction; whether there are more."""
    more: dict[str, Any] = {}
    if work.before:
        more["given"] = work.before(db.session, db.session.get_one(Job, id_))

    def action() -> bool:
        job = services.held(db.session, id_, lease)
        if job is None or work.step is None:
            return False
        at = now()
        goes_on = work.step(db.session, job, now=at, **more)
        services.stepped(job, more=goes_on, now=at)
        return goes_on

    return write(action)


def _make(id_: int, lease: str, make: Make) -> None:
    """Make the file outside transactions, and keep it if the lease still holds."""
    language = _language(id_)
    job = db.session.get_one(Job, id_)
    db.session.expunge(job)
    db.session.rollback()
    with _beating(id_, lease), speaking(language):
        file = make(job, _teller(id_, lease))
    db.session.rollback()
    _note(id_, lease, lambda held: services.keep_file(db.session, held, file, now=now()))


def _language(id_: int) -> str:
    payload = db.session.get_one(Job, id_).payload
    return str(payload.get("language", "sv"))


def _teller(id_: int, lease: str) -> Tell:
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    last = 0.0

    def tell(done: int, total: int | None = None) -> None:
        nonlocal last
        if time.monotonic() - last > TOLD:
            _renew(app, id_, lease, done, total)
            last = time.monotonic()

    return tell


@contextmanager
def _beating(id_: int, lease: str) -> Iterator[None]:
    """Hold the lease for as long as the making takes."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    stopped = threading.Event()

    def beat() -> None:
        while not stopped.wait(BEAT):
            _renew(app, id_, lease)

    thread = threading.Thread(target=beat, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def _renew(
    app: Flask, id_: int, lease: str, done: int | None = None, total: int | None = None
) -> None:
    """In a context of its own: what the maker has read stays read."""
    with app.app_context():
        note = partial(services.renew, db.session, id_, lease, done=done, total=total)
        try:
            write(lambda: note(now=now()))
        except Busy:
            log.warning("job %s: lease not renewed", id_)


def _stumble(id_: int, lease: str, work: Work, error: str, *, final: bool) -> None:
    def note(job: Job) -> None:
        at = now()
        services.stumbled(job, error=error, final=final, now=at)
        if work.failed and not job.under_way:
            work.failed(db.session, job, now=at)

    _note(id_, lease, note)


def _note(id_: int, lease: str, what: Callable[[Job], None]) -> None:
    """Write down what became of it, if it is still ours; if it cannot be, the lease runs out."""

    def action() -> None:
        job = services.held(db.session, id_, lease)
        if job is not None:
            what(job)

    try:
        write(action)
    except Busy:
        log.warning("job %s: not noted", id_)


def _breaches(session: Session) -> Iterator[str]:
    for job in queries.standing_still(session, now()):
        yield f"arbete {job.id} ({job.kind}): står still sedan {job.next_run:%Y-%m-%d %H:%M} UTC"


@click.command("run")
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
@with_appcontext
def _run(once: bool) -> None:
    """Work as it comes due, until told to stop (SIGTERM, Ctrl+C)."""
    if once:
        rounds.look_round(at_once=True)
        while run_once():
            pass
        return
    loop.until_stopped("jobs", _round)
