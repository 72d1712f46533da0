"""What people answer, kept with their registration."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import record
from core.errors import Refusal
from registrations.models import Registration
from registrations.queries.known import known_person
from registrations.questions import queries
from registrations.questions.models import Reply
from registrations.questions.rules import Asked, Value, fits
from registrations.rules import ACTIVE
from registrations.services.people import keys


def keep(
    session: Session,
    registration: Registration,
    answers: Mapping[int, Value],
    *,
    now: datetime,
    by: User | None = None,
) -> bool:
    """Write down what somebody answers to all that is asked now; whether anything changed.

    `answers` by the id of the wording (`Asked.id`), as `forms.fields.given` makes them. A question
    that is not among them has no answer: one from before is taken away. An answer that stays the
    same keeps the wording it was given to; answers to retired questions are left alone. Belongs
    in the transaction of the registration. Raises `Refusal` where the questions have been changed
    since the form was made.

    `now` is the moment of the registration, or of the change, where there is one.
    """
    asked = refuse_changed(session, registration.event_id, answers)
    if not asked:
        return False
    before = {
        reply.question_id: reply
        for reply in session.scalars(
            sa.select(Reply).where(
                Reply.registration_id == registration.id,
                Reply.question_id.in_([one.question_id for one in asked]),
            )
        )
    }
    changed = [
        one.question_id
        for one in asked
        if _keep_one(session, registration, one, answers.get(one.id), before, now)
    ]
    if not changed:
        return False
    session.flush()
    if registration.updated == now:  # registered or changed just now: the log has its line
        return True
    registration.updated = now
    session.flush()
    record(
        session, by=by, action="registration.answered", subject=registration, now=now,
        details={"questions": changed},
    )  # fmt: skip
    return True


def refuse_changed(
    session: Session, event_id: int, answers: Mapping[int, Value]
) -> tuple[Asked, ...]:
    """What is asked now, which stays so meanwhile. Raises `Refusal` where answers do not fit it."""
    asked = queries.asked(session, event_id, hold=True)
    by_id = {one.id: one for one in asked}
    if any(id_ not in by_id or not fits(by_id[id_], value) for id_, value in answers.items()):
        raise Refusal(_("Frågorna har ändrats medan du fyllde i. Läs igenom dem och skicka igen."))
    return asked


def is_known(session: Session, event_id: int, facts: Mapping[str, Any]) -> bool:
    """Whether a person of that name and address is registered already: whose answers then hold.

    Ask before `register`, which takes up who is known without telling.
    """
    who = keys(facts["first_name"], facts["last_name"], facts.get("email") or "")
    person = known_person(session, event_id, who["email_key"], who["name_key"])
    return person is not None and person.status in ACTIVE


def _keep_one(
    session: Session,
    registration: Registration,
    one: Asked,
    value: Value | None,
    before: Mapping[int, Reply],
    now: datetime,
) -> bool:
    reply = before.get(one.question_id)
    if value is None:
        if reply is not None:
            session.delete(reply)
        return reply is not None
    text = queries.written(value)
    if reply is None:
        session.add(
            Reply(
                registration_id=registration.id, question_id=one.question_id, wording_id=one.id,
                value=text, given=now,
            )
        )  # fmt: skip
        return True
    if reply.value == text:
        return False
    reply.value, reply.wording_id, reply.given = text, one.id, now
    return True
