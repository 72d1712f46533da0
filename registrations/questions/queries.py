"""What the pages ask about questions and answers."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from registrations.models import Registration
from registrations.questions.models import Question, Reply, Wording
from registrations.questions.rules import WRITTEN, Asked, Kind, Value, relevant
from registrations.rules import Source, Status, seated

MOST_TEXTS = 200  # of one question, shown on its page
SEATED = [status for status in Status if seated(status)]


@dataclass(frozen=True)
class Answered:
    """An answer with the wording it was given to; `old` where another wording holds now."""

    asked: Asked
    value: Value
    old: bool


@dataclass(frozen=True)
class Sheet:
    """What one person has answered, in the order of the form, and what we still ask.

    That is what must be answered; of somebody whom others entered, everything.
    """

    answers: list[Answered]
    unanswered: list[Asked]

    @property
    def by_question(self) -> dict[int, Value]:
        """The answers by question."""
        return {one.asked.question_id: one.value for one in self.answers}


@dataclass
class Strand:
    """What was answered to one question in one wording of its label and kind.

    Wordings that differ only in options, purpose and the like are one strand. `counts` are of
    each value, `texts` some of the written answers, `left_out` those of protected persons.
    """

    question_id: int
    label: str
    kind: Kind
    current: bool
    retired: bool
    wordings: dict[int, Asked]
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    texts: list[str] = field(default_factory=list)
    number: int = 0
    left_out: int = 0

    @property
    def options(self) -> tuple[str, ...]:
        """Every option there has been, those of the latest wording first."""
        newest_first = [self.wordings[id_] for id_ in sorted(self.wordings, reverse=True)]
        return tuple(dict.fromkeys(text for one in newest_first for text in one.options))


def read(text: str) -> Value:
    """An answer as it is kept in the database."""
    value: Value = json.loads(text)
    return value


def written(value: Value) -> str:
    """An answer as it is kept: one text for each value."""
    return json.dumps(value, ensure_ascii=False)


def find_question(session: Session, question_id: int) -> Question | None:
    """The question of that number, whosesoever it is (the gate asks)."""
    return session.get(Question, question_id)


def asked(session: Session, event_id: int, *, hold: bool = False) -> tuple[Asked, ...]:
    """What the form of an event asks now, in its order; with `hold` it stays so meanwhile."""
    wanted = (
        sa.select(Wording)
        .join(
            Question,
            sa.and_(Question.id == Wording.question_id, Question.number == Wording.number),
        )
        .where(Question.event_id == event_id, Question.retired.is_(None))
        .order_by(Question.place, Question.id)
    )
    if hold:
        wanted = wanted.with_for_update(read=True, of=Question)
    return tuple(one.asked for one in session.scalars(wanted))


def questions(session: Session, event_id: int) -> Sequence[Question]:
    """All questions of an event with their wordings, those that are no longer asked last."""
    return session.scalars(
        sa.select(Question)
        .where(Question.event_id == event_id)
        .options(selectinload(Question.wordings))
        .order_by(Question.retired.is_not(None), Question.place, Question.id)
    ).all()


def answers_by_question(session: Session, event_id: int) -> dict[int, int]:
    """How many have answered each question of an event, whatever the wording."""
    rows = session.execute(
        sa.select(Reply.question_id, sa.func.count())
        .join(Question)
        .where(Question.event_id == event_id)
        .group_by(Reply.question_id)
    )
    return {row[0]: row[1] for row in rows}


def sheet(session: Session, registration: Registration) -> Sheet:
    """What somebody has answered and what is still unanswered, in one question."""
    rows = session.execute(
        sa.select(Wording, Question.number, Question.retired, Reply.value)
        .join(Question, Question.id == Wording.question_id)
        .outerjoin(
            Reply,
            sa.and_(Reply.wording_id == Wording.id, Reply.registration_id == registration.id),
        )
        .where(
            Question.event_id == registration.event_id,
            sa.or_(
                Reply.id.is_not(None),
                sa.and_(Wording.number == Question.number, Question.retired.is_(None)),
            ),
        )
        .order_by(Question.retired.is_not(None), Question.place, Question.id, Wording.number)
    ).all()
    put_now = {
        wording.question_id: wording.asked for wording, number, *_rest in rows
        if wording.number == number
    }  # fmt: skip
    answers = [
        Answered(wording.asked, read(value), _reads_otherwise(put_now, wording.asked))
        for wording, _number, _retired, value in rows
        if value is not None
    ]
    now_asked = [
        put_now[wording.question_id]
        for wording, number, retired, _value in rows
        if retired is None and wording.number == number
    ]
    by_question = {one.asked.question_id: one.value for one in answers}
    concern = relevant(
        now_asked,
        {one.id: by_question.get(one.question_id) for one in now_asked},
        mode=registration.mode.value,
        sector=registration.sector.value,
    )
    everything = registration.source is not Source.WEB and not answers
    unanswered = [
        one
        for one in concern
        if one.question_id not in by_question and (one.required or everything)
    ]
    return Sheet(answers, unanswered)


def _reads_otherwise(put_now: Mapping[int, Asked], answered: Asked) -> bool:
    now = put_now.get(answered.question_id, answered)
    return (now.label, now.kind) != (answered.label, answered.kind)


def strands(session: Session, event_id: int) -> list[Strand]:
    """The questions of an event told apart by wording; those never answered only as they are now.

    In the order of the form, the newest wording first. Costs three questions, whatever the size.
    """
    every = questions(session, event_id)
    if not every:
        return []
    used = set(
        session.scalars(
            sa.select(Reply.wording_id)
            .join(Question, Question.id == Reply.question_id)
            .where(Question.event_id == event_id)
            .distinct()
        )
    )
    found: list[Strand] = []
    for question in every:
        mine: dict[tuple[str, Kind], Strand] = {}
        for wording in reversed(question.wordings):
            current = wording.number == question.number
            if wording.id not in used and not (current and question.retired is None):
                continue
            strand = mine.setdefault(
                (wording.label, wording.kind),
                Strand(
                    question.id, wording.label, wording.kind, current,
                    question.retired is not None, {},
                ),
            )  # fmt: skip
            strand.wordings[wording.id] = wording.asked
        found += mine.values()
    return found


def summary(session: Session, event_id: int) -> list[Strand]:
    """The strands with what those who have a place have answered, in five questions in all."""
    found = strands(session, event_id)
    by_wording = {id_: strand for strand in found for id_ in strand.wordings}
    of_event = sa.and_(Registration.event_id == event_id, Registration.status.in_(SEATED))
    is_written = sa.case((Wording.kind.in_(WRITTEN), ""), else_=Reply.value)
    rows = session.execute(
        sa.select(Reply.wording_id, is_written, Registration.protected, sa.func.count())
        .join(Wording, Wording.id == Reply.wording_id)
        .join(Registration, Registration.id == Reply.registration_id)
        .where(of_event)
        .group_by(Reply.wording_id, is_written, Registration.protected)
    )
    for wording_id, text, protected, number in rows:
        strand = by_wording[wording_id]
        strand.number += number
        if strand.kind in WRITTEN:
            strand.left_out += number if protected else 0
            continue
        value = read(text)
        for one in value if isinstance(value, list) else [value]:
            strand.counts[written(one)] += number
    for wording_id, text in session.execute(_some_texts(of_event)):
        by_wording[wording_id].texts.append(str(read(text)))
    return found


def _some_texts(of_event: sa.ColumnElement[bool]) -> Any:
    """The first written answers to each wording, in no order that tells who wrote them."""
    ranked = (
        sa.select(
            Reply.wording_id,
            Reply.value,
            sa.func.row_number()
            .over(partition_by=Reply.wording_id, order_by=(Reply.value, Reply.id))
            .label("place"),
        )
        .join(Wording, Wording.id == Reply.wording_id)
        .join(Registration, Registration.id == Reply.registration_id)
        .where(of_event, Registration.protected.is_(False), Wording.kind.in_(WRITTEN))
        .subquery()
    )
    return (
        sa.select(ranked.c.wording_id, ranked.c.value)
        .where(ranked.c.place <= MOST_TEXTS)
        .order_by(ranked.c.wording_id, ranked.c.place)
    )


def with_a_place(session: Session, event_id: int) -> int:
    """How many have a place at an event: whom the summary counts."""
    return (
        session.scalar(
            sa.select(sa.func.count()).where(
                Registration.event_id == event_id, Registration.status.in_(SEATED)
            )
        )
        or 0
    )


def replies(
    session: Session, event_id: int, statuses: Iterable[Status]
) -> dict[int, dict[int, Value]]:
    """The answers of everybody of those statuses but protected persons: by person and wording."""
    found: dict[int, dict[int, Value]] = defaultdict(dict)
    rows = session.execute(
        sa.select(Reply.registration_id, Reply.wording_id, Reply.value)
        .join(Registration, Registration.id == Reply.registration_id)
        .where(
            Registration.event_id == event_id,
            Registration.status.in_(list(statuses)),
            Registration.protected.is_(False),
        )
    )
    for registration_id, wording_id, text in rows:
        found[registration_id][wording_id] = read(text)
    return found
