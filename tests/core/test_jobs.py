"""Long work: shows how far it has come, can be left and found again, survives a restart."""

import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa

from accounts import queries
from core.db import db, write
from core.errors import Refusal
from core.jobs import services
from core.jobs.models import Job, StoredFile
from core.jobs.rules import DELAYS, State
from core.jobs.services import JobFile
from core.jobs.work import makes, steps
from core.jobs.worker import run_once
from core.throttle import RateCount
from tests.conftest import NOW, open_client
from tests.killed import Workers


def count(session, job, *, now):
    """Writes one row a number: a second time would be seen."""
    number = job.cursor.get("next", 0)
    session.add(RateCount(subject=f"prov:{job.id}:{number}", window_starts=now, count=1))
    job.cursor["next"] = number + 1
    job.done = number + 1
    return job.done < job.total


def add(kind="prov", total=5, board="jonkoping", **more):
    def action():
        authority = queries.authority_by_slug(db.session, board)
        return services.start(db.session, kind=kind, payload={}, total=total, now=NOW,
                              authority_id=authority.id, **more).id  # fmt: skip

    return write(action)


def job(id_):
    db.session.rollback()
    return db.session.get_one(Job, id_)


def counted():
    db.session.rollback()
    subjects = sa.select(RateCount.subject).where(RateCount.subject.startswith("prov:"))
    return Counter(db.session.scalars(subjects))


@pytest.fixture
def counting(app):
    steps(app, "prov", count, title="Räkna", told=lambda job: f"{job.done} räknade.",
          links=lambda job: [("Till listan", "/arbeta/")])  # fmt: skip
    return app


def test_work_is_done_step_by_step_and_told(counting, staff):
    id_ = add(about="Dag om bostad")
    organiser = staff("organiser")
    page = organiser.get(f"/arbeta/jobb/{id_}").text
    assert "Väntar: 0 av 5" in page
    assert '<meta http-equiv="refresh"' in page
    assert "Dag om bostad" in organiser.get("/arbeta/jobb").text
    assert run_once() == 1
    assert run_once() == 0
    page = organiser.get(f"/arbeta/jobb/{id_}").text
    assert "5 räknade." in page
    assert "Till listan" in page
    assert "refresh" not in page
    lage = organiser.get(f"/arbeta/jobb/{id_}/lage").json
    assert lage == {"state": "done", "under_way": False, "done": 5, "total": 5, "words": "Klart"}


def test_work_of_another_authority_is_not_found(counting, staff):
    id_ = add()
    stranger = staff("organiser", "skane")
    for tail in ("", "/lage", "/fil"):
        assert stranger.get(f"/arbeta/jobb/{id_}{tail}").status_code == 404
    assert "Räkna" not in stranger.get("/arbeta/jobb").text


def test_what_is_put_off_waits_and_says_when(counting, staff):
    id_ = add(at=NOW + timedelta(hours=2))
    assert run_once() == 0
    assert "Börjar 2026-11-22 12.00" in staff("organiser").get(f"/arbeta/jobb/{id_}").text
    counting.config["FAKE_NOW"] = NOW + timedelta(hours=2)
    assert run_once() == 1
    assert job(id_).state is State.DONE


def test_a_refusal_ends_the_work_with_its_sentence(app, staff):
    undone = []

    def refuse(session, job, *, now):
        raise Refusal("Det finns inga platser kvar.")

    steps(app, "prov", refuse, title="Räkna", failed=lambda _s, job, *, now: undone.append(job.id))
    id_ = add()
    run_once()
    assert job(id_).state is State.FAILED
    assert undone == [id_]
    assert "Det finns inga platser kvar." in staff("organiser").get(f"/arbeta/jobb/{id_}").text


def test_what_was_done_before_it_went_wrong_is_told(app, staff):
    def step(session, job, *, now):
        if job.outcome:
            raise Refusal("Breven kan inte skickas.")
        job.outcome["new"] = 3
        return True

    steps(app, "prov", step, title="Räkna", told=lambda job: f"{job.outcome['new']} nya.")
    id_ = add()
    run_once()
    page = staff("organiser").get(f"/arbeta/jobb/{id_}").text
    assert "3 nya." in page
    assert "Breven kan inte skickas." in page


def test_an_error_is_tried_again_with_growing_waits_then_given_up(app):
    steps(app, "prov", lambda *_a, **_k: 1 / 0)
    id_ = add()
    for wait in DELAYS:
        assert run_once() == 1
        assert job(id_).state is State.WAITING
        assert run_once() == 0
        app.config["FAKE_NOW"] = app.config["FAKE_NOW"] + timedelta(seconds=wait)
    assert run_once() == 1
    assert job(id_).state is State.FAILED
    assert job(id_).error == "Tekniskt fel: ZeroDivisionError."


def test_a_step_that_fails_leaves_nothing_and_goes_on_where_it_was(app):
    broken = []

    def step(session, job, *, now):
        more = count(session, job, now=now)
        if job.done == 3 and not broken:
            broken.append(1)
            raise ValueError
        return more

    steps(app, "prov", step)
    id_ = add()
    run_once()
    assert job(id_).done == 2
    app.config["FAKE_NOW"] = NOW + timedelta(minutes=1)
    run_once()
    assert job(id_).state is State.DONE
    assert set(counted().values()) == {1}
    assert len(counted()) == 5


def test_two_workers_share_the_jobs_and_none_is_done_twice(counting):
    ids = [add(total=10) for _ in range(6)]

    def work():
        with counting.app_context():
            while run_once():
                pass

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {job(id_).state for id_ in ids} == {State.DONE}
    assert len(counted()) == 60
    assert set(counted().values()) == {1}


def test_a_file_is_made_kept_and_fetched(app, staff):
    def make(job, tell):
        tell(1)
        return JobFile("skyltar.txt", "text/plain", b"hej", {"n": 3})

    makes(app, "prov", make, title="Skyltar", told=lambda job: f"{job.outcome['n']} skyltar.")
    id_ = add()
    run_once()
    page = staff("organiser").get(f"/arbeta/jobb/{id_}").text
    assert "3 skyltar." in page
    assert "Ladda ner skyltar.txt" in page
    answer = staff("organiser").get(f"/arbeta/jobb/{id_}/fil")
    assert answer.data == b"hej"
    assert 'filename="skyltar.txt"' in answer.headers["Content-Disposition"]
    assert staff("reader").get(f"/arbeta/jobb/{id_}/fil").status_code == 403
    assert "Ladda ner" not in staff("reader").get(f"/arbeta/jobb/{id_}").text


def test_only_one_file_is_made_at_a_time_and_small_steps_go_on_meanwhile(app):
    seen = []

    def make(job, tell):
        with app.app_context():
            seen.append(run_once())
        return JobFile("x.txt", "text/plain", b"x")

    makes(app, "tung", make)
    steps(app, "prov", count)
    first, second = add("tung"), add("tung")
    small = add()
    assert run_once() == 1
    assert seen == [1], "the small one, not the other heavy one"
    assert (job(first).state, job(second).state) == (State.DONE, State.WAITING)
    assert job(small).state is State.DONE
    run_once()
    assert job(second).state is State.DONE


def test_cancelled_work_stops_before_its_next_step(app):
    steps(app, "prov", count)
    id_ = add()
    assert write(lambda: services.cancel(db.session, job_in(id_), now=NOW))
    assert run_once() == 0
    assert job(id_).state is State.CANCELLED
    assert not write(lambda: services.cancel(db.session, job_in(id_), now=NOW))


def job_in(id_):
    return db.session.get_one(Job, id_)


def test_what_stands_still_is_seen_by_check_and_readyz(counting):
    add()
    counting.config["FAKE_NOW"] = NOW + timedelta(minutes=16)
    assert "flask jobs run" in open_client(counting).get("/readyz").text
    answer = counting.test_cli_runner().invoke(args=["check"])
    assert answer.exit_code == 1
    assert "står still" in answer.output
    run_once()
    assert "flask jobs run" not in open_client(counting).get("/readyz").text


def test_files_are_kept_a_week_and_jobs_a_season(app):
    makes(app, "prov", lambda _job, _tell: JobFile("x.txt", "text/plain", b"x"))
    id_ = add()
    run_once()

    def tidy(days):
        return write(lambda: services.tidy(db.session, NOW + timedelta(days=days)))

    assert tidy(6) == 0
    assert tidy(8) == 1
    assert job(id_).filename == ""
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 0
    assert tidy(91) == 1


def slowly(app):
    """In the program of the workers: each step takes a while."""

    def slow(session, job, *, now):
        more = count(session, job, now=now)
        session.flush()
        time.sleep(0.02)
        return more

    steps(app, "prov", slow)


@pytest.mark.slow
def test_a_killed_worker_loses_nothing_and_repeats_nothing(app):
    id_ = add(total=60)
    kills = 0
    with Workers(app, "tests.core.test_jobs:slowly") as workers:
        while job(id_).under_way:
            assert kills < 10
            kills += workers.run(0.3 if kills < 3 else 60) == "killed"
    assert kills == 3
    assert job(id_).done == 60
    assert set(counted().values()) == {1}
