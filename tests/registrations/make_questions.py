"""Questions for tests, made by the service."""

import re
from typing import Any

import sqlalchemy as sa

from core.db import db, write
from events.models import Event
from registrations.models import Registration
from registrations.questions import services
from registrations.questions.models import Question, Reply, Wording
from registrations.questions.rules import Kind
from tests.events.make import NOW
from tests.registrations import make

FACTS: dict[str, Any] = {
    "kind": Kind.SHORT, "label": "Vad vill du höra om?", "purpose": "Talarna förbereder sig.",
    "options": [], "required": False, "days": 30, "mode": None, "sectors": [], "after_id": None,
    "answer": "",
}  # fmt: skip


def ask(event: Event, **facts: Any) -> Question:
    """Add a question; options make it one to choose from."""
    event_id = event.id
    facts = FACTS | ({"kind": Kind.ONE} if "options" in facts else {}) | facts

    def add() -> int:
        found = db.session.get_one(Event, event_id)
        return services.add_question(db.session, found, facts=facts, by=None, now=NOW).id

    return db.session.get_one(Question, write(add))


def reword(question: Question, **facts: Any) -> None:
    """Put a question in another way."""
    id_ = question.id

    def change() -> None:
        found = db.session.get_one(Question, id_)
        before = {name: getattr(found.wording, name) for name in FACTS}
        services.change_question(db.session, found, facts=before | facts, by=None, now=NOW)

    write(change)
    db.session.rollback()


def field(question: Question) -> str:
    """The form field of a question as it is put now."""
    db.session.rollback()
    return db.session.get_one(Question, question.id).wording.asked.field


def register(client: Any, event: Event, **fields: Any) -> Any:
    """Fill in the public form."""
    return client.submit(f"/evenemang/{event.slug}/anmalan", **(make.PERSON | fields))


def answers(last_name: str = "Öberg") -> dict[str, str]:
    """What somebody has answered, as it is kept, by the wording it was given to."""
    db.session.rollback()
    rows = db.session.execute(
        sa.select(Wording.label, Reply.value)
        .join(Wording, Wording.id == Reply.wording_id)
        .join(Registration, Registration.id == Reply.registration_id)
        .where(Registration.last_name == last_name)
    )
    return {row[0]: row[1] for row in rows}


def at_field(page: str, name: str) -> str:
    """The sentence that stands at a field, "" where there is none."""
    found = re.search(rf'id="{name}-error">([^<]*)<', page)
    return found[1] if found else ""
