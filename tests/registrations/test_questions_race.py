"""People answer while the organiser changes the questions: no answer is lost or misplaced."""

import threading

import sqlalchemy as sa

from core.db import db, write
from core.errors import Refusal
from registrations.models import Registration
from registrations.questions import queries, services
from registrations.questions.models import Question, Reply, Wording
from tests.conftest import open_client
from tests.events.make import NOW
from tests.reading import forms
from tests.registrations import make
from tests.registrations.make_questions import FACTS, ask

PEOPLE, CHANGES = 24, 12


def test_answering_while_the_question_changes(app):
    event = make.conference(room=None)
    _event_id, slug = event.id, event.slug
    id_ = ask(event, options=["A0", "B0"], required=True).id
    db.session.rollback()
    codes: list[int] = []

    def person(number: int) -> None:
        browser = open_client(app)
        address = f"/evenemang/{slug}/anmalan"
        for _try in range(30):
            with app.app_context():
                answer = browser.get(address)
            fields = dict(forms(answer.text)[0]["fields"])
            name = next(part for part in answer.text.split('"') if part.startswith("q_"))
            option = answer.text.split(f'name="{name}"')[1].split('value="')[1].split('"')[0]
            fields |= make.PERSON | {
                "last_name": f"Ek{number}", "email": f"ek{number}@example.se", name: option,
            }  # fmt: skip
            with app.app_context():
                code = browser.post(address, data=fields).status_code
            codes.append(code)
            if code == 303:
                return

    def organiser() -> None:
        for number in range(1, CHANGES + 1):
            with app.app_context():
                options = [f"A{number}", f"B{number}"]

                def change(options: list[str] = options) -> None:
                    question = db.session.get_one(Question, id_)
                    facts = {name: getattr(question.wording, name) for name in FACTS}
                    services.change_question(
                        db.session, question, facts=facts | {"options": options}, by=None, now=NOW
                    )

                write(change)

    workers = [threading.Thread(target=person, args=(n,)) for n in range(PEOPLE)]
    workers.append(threading.Thread(target=organiser))
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    db.session.rollback()
    assert set(codes) <= {303, 422}
    assert codes.count(303) == PEOPLE
    rows = db.session.execute(
        sa.select(Reply.value, Wording.options).join(Wording, Wording.id == Reply.wording_id)
    ).all()
    assert len(rows) == PEOPLE
    assert all(queries.read(value) in options for value, options in rows)
    assert app.test_cli_runner().invoke(args=["check"]).exit_code == 0


def test_a_question_does_not_go_under_somebody_who_is_answering(app):
    """Taken away for good where nobody has answered, else kept: whoever comes first."""
    event = make.conference(room=None)
    id_ = ask(event).id
    wording = db.session.get_one(Question, id_).wording.id
    people = [make.registration(event, number).id for number in range(8)]
    db.session.rollback()
    begin = threading.Barrier(len(people) + 1)
    refused: list[int] = []

    def answers(person: int) -> None:
        begin.wait()
        with app.app_context():

            def keep() -> None:
                here = db.session.get_one(Registration, person)
                services.keep(db.session, here, {wording: "svar"}, now=NOW)

            try:
                write(keep)
            except Refusal:
                refused.append(person)

    def retires() -> None:
        begin.wait()
        with app.app_context():
            write(
                lambda: services.retire_question(
                    db.session, db.session.get_one(Question, id_), by=None, now=NOW
                )
            )

    workers = [threading.Thread(target=answers, args=(person,)) for person in people]
    workers.append(threading.Thread(target=retires))
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    db.session.rollback()
    kept = db.session.scalar(sa.select(sa.func.count()).select_from(Reply))
    assert kept + len(refused) == len(people)
    left = db.session.get(Question, id_)
    assert (left is None) == (kept == 0)
    assert left is None or left.retired is not None
