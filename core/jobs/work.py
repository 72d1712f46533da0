"""The kinds of long work: how each is called and done.

A kind of work says once how it is done:

    steps(app, "registrations.import", step, title=_l("Import av deltagare"))
        `step(session, job, *, now) -> bool` runs in a write transaction of its own, moves
        `job.cursor` and `job.done` on in it, and answers whether more remains. At most 200 ms.
    makes(app, "badges", make, title=_l("Namnskyltar"))
        `make(job, tell) -> JobFile` runs outside transactions; `tell(done, total)` says how far
        it has come. Killed, it is made again. One at a time over all processes.

A `Refusal` that either raises ends the job with that sentence; any other error is tried again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from flask import Flask, current_app
from sqlalchemy.orm import Session

from core.jobs.models import Job
from core.jobs.services import JobFile


class Tell(Protocol):
    """Says how far the making of a file has come."""

    def __call__(self, done: int, total: int | None = None) -> None:
        """Note `done` of `total`; cheap to call often."""


Step = Callable[..., bool]
Make = Callable[[Job, Tell], JobFile]
Link = tuple[str, str]


@dataclass(frozen=True)
class Work:
    """How a kind of work is called and done.

    `title` is what it is called; `told(job)` a sentence about what came of it, `links(job)`
    pairs of words and address to go on to. `failed(session, job, *, now)` is called in the
    transaction in which the job is given up. `before(session, job)` is called before each step,
    while no lock is held; what it answers, no row among it, the step gets as `given`.
    """

    title: Any
    step: Step | None = None
    make: Make | None = None
    told: Callable[[Job], str] | None = None
    links: Callable[[Job], list[Link]] | None = None
    failed: Callable[..., None] | None = None
    before: Callable[[Session, Job], Any] | None = None


def steps(
    app: Flask,
    kind: str,
    step: Step,
    *,
    title: Any = "",
    told: Callable[[Job], str] | None = None,
    links: Callable[[Job], list[Link]] | None = None,
    failed: Callable[..., None] | None = None,
    before: Callable[[Session, Job], Any] | None = None,
) -> None:
    """Register work that is done step by step; the rest as in `Work`."""
    app.extensions["jobs"][kind] = Work(title, step, None, told, links, failed, before)


def makes(
    app: Flask,
    kind: str,
    make: Make,
    *,
    title: Any = "",
    told: Callable[[Job], str] | None = None,
    links: Callable[[Job], list[Link]] | None = None,
) -> None:
    """Register work that makes a file; the rest as in `Work`."""
    app.extensions["jobs"][kind] = Work(title, None, make, told, links)


def work_of(kind: str) -> Work:
    """How this kind is called and done; of an unknown kind only its name."""
    known: dict[str, Work] = current_app.extensions["jobs"]
    return known.get(kind) or Work(kind)
