"""Own questions, with answers, at one of the coming conferences."""

import random
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from events.models import Event
from events.rules import Mode
from registrations.models import Registration
from registrations.questions import queries
from registrations.questions import services as questions
from registrations.questions.rules import Kind, Value
from registrations.rules import Status

EVENT = "mottagande-och-etablering-i-jonkopings-lan"
ALWAYS: dict[str, Any] = {
    "options": [], "required": False, "days": 30, "mode": None, "sectors": [], "after_id": None,
    "answer": "",
}  # fmt: skip
TRAVEL: dict[str, Any] = {
    "kind": Kind.ONE,
    "label": "Hur reser du hit?",
    "purpose": "För att beställa buss från stationen och räkna parkeringsplatser.",
    "options": ["Tåg", "Buss", "Egen bil", "Samåker", "Cykel eller till fots"],
    "mode": Mode.ROOM,
    "days": 14,
}
COACH: dict[str, Any] = {
    "kind": Kind.YES_NO,
    "label": "Vill du åka med bussen från stationen kl. 8.45?",
    "purpose": "För att beställa rätt antal platser.",
    "mode": Mode.ROOM,
    "days": 14,
}
BRING_UP: dict[str, Any] = {
    "kind": Kind.LONG,
    "label": "Vad vill du att vi tar upp?",
    "purpose": "Talarna får läsa det du skriver i förväg, utan ditt namn.",
    "days": 90,
}
WISHES = (
    "Hur vi behåller kontakten med ensamkommande som fyller 18.",
    "Bostäder på kort tid. Vi har tomma lokaler men inga pengar att bygga om dem.",
    "Språkkaféerna: vem betalar lokalen när projektet är slut?",
    "Hur mindre kommuner kan dela på en samordnare.",
    "Praktikplatser på landsbygden.",
    "Gärna något om hur Arbetsförmedlingen och kommunerna delar uppgifter.",
)


def add_questions(session: Session, *, now: datetime) -> None:
    """Ask and answer, unless the conference asks something already (or is not there)."""
    event = session.scalar(sa.select(Event).filter_by(slug=EVENT))
    if event is None or queries.questions(session, event.id):
        return
    travel = _ask(session, event, TRAVEL, now)
    _ask(session, event, COACH | {"after_id": travel, "answer": "Tåg"}, now)
    _ask(session, event, BRING_UP, now)
    asked = queries.asked(session, event.id)
    chance = random.Random(2027)  # noqa: S311 - the same demonstration every time
    people = session.scalars(
        sa.select(Registration)
        .where(Registration.event_id == event.id, Registration.status != Status.CANCELLED)
        .order_by(Registration.id)
    )
    wishes = list(WISHES)
    for number, person in enumerate(people):
        answers: dict[int, Value] = {}
        if person.mode is Mode.ROOM and chance.random() < 0.9:
            way = chance.choices(asked[0].options, [6, 2, 5, 3, 2])[0]
            answers[asked[0].id] = way
            if way == "Tåg":
                answers[asked[1].id] = chance.random() < 0.7
        if number % 4 == 1 and wishes:
            answers[asked[2].id] = wishes.pop(0)
        questions.keep(session, person, answers, now=max(person.created, event.created))


def _ask(session: Session, event: Event, facts: dict[str, Any], now: datetime) -> int:
    return questions.add_question(session, event, facts=ALWAYS | facts, by=None, now=now).id
