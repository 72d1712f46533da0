"""What must always hold for questions and answers; `flask check` asks."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registrations.models import Registration
from registrations.questions.models import Question, Reply, Wording


def whole(session: Session) -> Iterator[str]:
    """Every question has the wording that holds; every answer belongs to the person's event."""
    bare = (
        sa.select(Question.id)
        .outerjoin(
            Wording,
            sa.and_(Wording.question_id == Question.id, Wording.number == Question.number),
        )
        .where(Wording.id.is_(None))
    )
    for question_id in session.scalars(bare):
        yield f"fråga {question_id}: saknar sin lydelse"
    strange = (
        sa.select(Reply.registration_id, Reply.question_id)
        .join(Registration, Registration.id == Reply.registration_id)
        .join(Question, Question.id == Reply.question_id)
        .join(Wording, Wording.id == Reply.wording_id)
        .where(
            sa.or_(Question.event_id != Registration.event_id, Wording.question_id != Question.id)
        )
    )
    for registration_id, question_id in session.execute(strange):
        yield f"anmälan {registration_id}: har svarat på fråga {question_id} ur ett annat evenemang"
