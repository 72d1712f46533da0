"""Add, change, move, retire and copy an event's own questions."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import record
from core.errors import Refusal
from events import services as event_services
from events.models import Event
from events.rules import Part, State
from registrations.questions import queries
from registrations.questions.models import Question, Reply, Wording
from registrations.questions.rules import (
    CHOSEN,
    MOST,
    NO,
    STEERS,
    YES,
    Asked,
    Kind,
)

FACTS = frozenset(
    {
        "kind", "label", "purpose", "options", "required", "days", "mode", "sectors", "after_id",
        "answer",
    }
)  # fmt: skip


def add_question(
    session: Session, event: Event, *, facts: dict[str, Any], by: User | None, now: datetime
) -> Question:
    """Add a question last in the form. `facts` as the columns of `Wording` are called.

    Raises `Refusal` for a closed event, for one question too many and for a condition that does
    not fit.
    """
    _refuse_closed(event)
    others = [one for one in queries.questions(session, event.id) if one.retired is None]
    if len(others) >= MOST:
        raise Refusal(_("Ett formulär kan ha högst %(n)s egna frågor.", n=MOST))
    _refuse_bad_condition(facts, [one.wording.asked for one in others])
    place = max((one.place for one in others), default=0) + 1
    question = Question(event_id=event.id, place=place, number=1)
    question.wordings.append(_wording(1, facts, by, now))
    session.add(question)
    session.flush()
    _note(session, question, "question.added", by=by, now=now)
    return question


def change_question(
    session: Session,
    question: Question,
    *,
    facts: dict[str, Any],
    version: int | None = None,
    by: User | None,
    now: datetime,
) -> bool:
    """Put a question in another way; whether anything changed.

    What is answered keeps the wording it was given to: a new wording is made, and the one before
    stays as long as somebody has answered it. Raises `Stale`, and `Refusal` as `add_question`
    does and where another question hangs on an answer that could no longer be given.
    """
    _hold(session, question)
    question.refuse_older(version)
    _refuse_closed(question.event)
    before = question.wording
    if all(getattr(before, name) == facts[name] for name in FACTS):
        return False
    live = [one for one in queries.questions(session, question.event_id) if one.retired is None]
    earlier = [one.wording.asked for one in live if _stands_before(one, question)]
    _refuse_bad_condition(facts, earlier)
    for other in live:
        if other.wording.after_id == question.id:
            _refuse_lost_answer(facts, other.wording)
    last = max(one.number for one in question.wordings)
    question.wordings.append(_wording(last + 1, facts, by, now))
    question.number = last + 1
    if not _is_answered(session, Reply.wording_id == before.id):
        question.wordings.remove(before)
    session.flush()
    _note(session, question, "question.changed", by=by, now=now)
    return True


def move_question(
    session: Session, question: Question, *, up: bool, by: User | None, now: datetime
) -> bool:
    """Let a question change places with the one before (or after) it; whether there was one.

    Raises `Refusal` where one of the two hangs on the other.
    """
    _refuse_closed(question.event)
    live = [one for one in queries.questions(session, question.event_id) if one.retired is None]
    at = live.index(question) if question in live else -1
    to = at - 1 if up else at + 1
    if at < 0 or not 0 <= to < len(live):
        return False
    other = live[to]
    if other.wording.after_id == question.id or question.wording.after_id == other.id:
        raise Refusal(_("Den ena frågan beror på svaret på den andra och måste stå efter den."))
    live[at], live[to] = other, question
    for place, one in enumerate(live, 1):
        one.place = place
    session.flush()
    _note(session, question, "question.moved", by=by, now=now)
    return True


def retire_question(
    session: Session, question: Question, *, by: User | None, now: datetime
) -> bool:
    """Ask no longer. Answers stay with their wording; whether there are any.

    A question that nobody has answered goes altogether. Raises `Refusal` where another question
    hangs on it.
    """
    _hold(session, question)
    _refuse_closed(question.event)
    for other in queries.questions(session, question.event_id):
        if other.retired is None and other.wording.after_id == question.id:
            raise Refusal(
                _("Frågan ”%(label)s” beror på svaret här. Ta bort den frågan eller dess villkor "
                  "först.", label=other.wording.label)
            )  # fmt: skip
    answered = _is_answered(session, Reply.question_id == question.id)
    _note(session, question, "question.retired", by=by, now=now)
    if answered:
        question.retired = now
    else:
        _forget_condition(session, question)
        session.delete(question)
    session.flush()
    return answered


def take_up_question(
    session: Session, question: Question, *, by: User | None, now: datetime
) -> None:
    """Ask again what was asked before, last in the form. A condition that no longer fits goes."""
    _refuse_closed(question.event)
    if question.retired is None:
        return
    live = [one for one in queries.questions(session, question.event_id) if one.retired is None]
    if len(live) >= MOST:
        raise Refusal(_("Ett formulär kan ha högst %(n)s egna frågor.", n=MOST))
    question.retired = None
    question.place = max((one.place for one in live), default=0) + 1
    session.flush()
    facts = {name: getattr(question.wording, name) for name in FACTS}
    try:
        _refuse_bad_condition(facts, [one.wording.asked for one in live])
    except Refusal:
        facts |= {"after_id": None, "answer": ""}
        change_question(session, question, facts=facts, by=by, now=now)
    _note(session, question, "question.taken_up", by=by, now=now)


def copy_questions(
    session: Session, event: Event, copy: Event, parts: set[Part], by: User | None, now: datetime
) -> None:
    """The copy of an event asks what the event asks now (a hook of events)."""
    if Part.QUESTIONS not in parts:
        return
    of_old: dict[int, int] = {}
    for place, one in enumerate(queries.asked(session, event.id), 1):
        wording = session.get_one(Wording, one.id)
        facts = {name: getattr(wording, name) for name in FACTS}
        if wording.after_id:
            facts["after_id"] = of_old[wording.after_id]
        question = Question(event_id=copy.id, place=place, number=1)
        question.wordings.append(_wording(1, facts, by, now))
        session.add(question)
        session.flush()
        of_old[one.question_id] = question.id


def _hold(session: Session, question: Question) -> None:
    """Wait for whoever is answering, so that no answer is given to what is about to go."""
    session.refresh(question, with_for_update=True)


def _wording(number: int, facts: dict[str, Any], by: User | None, now: datetime) -> Wording:
    unknown = facts.keys() ^ FACTS
    if unknown:
        raise ValueError(f"no facts of a question, or missing: {sorted(unknown)}")
    return Wording(number=number, created=now, created_by_id=by.id if by else None, **facts)


def _stands_before(one: Question, question: Question) -> bool:
    return (one.place, one.id) < (question.place, question.id)


def _refuse_closed(event: Event) -> None:
    if event.state is State.CLOSED:
        raise Refusal(_("Evenemanget är avslutat. Öppna det igen innan du ändrar något."))


def _refuse_bad_condition(facts: dict[str, Any], earlier: list[Asked]) -> None:
    if facts["after_id"] is None:
        return
    steering = next((one for one in earlier if one.question_id == facts["after_id"]), None)
    if steering is None or not _can_be(steering.kind, steering.options, facts["answer"]):
        raise Refusal(
            _("Frågan som svaret beror på finns inte längre framför den här. Välj en annan."),
            "condition",
        )


def _refuse_lost_answer(facts: dict[str, Any], other: Wording) -> None:
    if not _can_be(facts["kind"], tuple(facts["options"]), other.answer):
        raise Refusal(
            _("Frågan ”%(label)s” visas bara vid ett svar som inte längre går att ge. Behåll "
              "alternativet, eller ändra villkoret i den frågan först.", label=other.label),
            "options" if facts["kind"] in CHOSEN else "kind",
        )  # fmt: skip


def _can_be(kind: Kind, options: tuple[str, ...], answer: str) -> bool:
    if kind not in STEERS:
        return False
    return answer in ({YES, NO} if kind is Kind.YES_NO else options)


def _is_answered(session: Session, which: sa.ColumnElement[bool]) -> bool:
    return session.scalar(sa.select(Reply.id).where(which).limit(1)) is not None


def _forget_condition(session: Session, question: Question) -> None:
    """Old wordings and retired questions no longer hang on a question that goes altogether."""
    session.execute(
        sa.update(Wording)
        .where(Wording.after_id == question.id)
        .values(after_id=None, answer="")
        .execution_options(synchronize_session=False)
    )


def _note(
    session: Session, question: Question, action: str, *, by: User | None, now: datetime
) -> None:
    """Write the line of the log, and have the form made anew."""
    event = session.get_one(Event, question.event_id)
    event_services.touch(session, event, now=now)
    record(
        session, by=by, action=action, subject=question, now=now,
        details={"number": question.number},
    )  # fmt: skip
