"""The organiser's pages: the questions of an event, how the form will look, what was answered."""

from collections.abc import Callable
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.gate import me, staff
from accounts.rules import PEOPLE, PLAN
from core.clock import now
from core.db import db
from core.forms import Form
from core.web import act, found, handle
from events.models import Event
from events.queries.manage import find_event
from events.rules import Mode
from events.words import MODE
from registrations import disposal, seats
from registrations.forms.public import PersonForm
from registrations.questions import queries, services, summaries
from registrations.questions.forms.fields import fields_for
from registrations.questions.forms.question import QuestionForm, as_it_is
from registrations.questions.models import Question
from registrations.questions.rules import MOST, WRITTEN, Asked, sensitive
from registrations.questions.suggestions import SUGGESTIONS
from registrations.questions.words import SENSITIVE
from registrations.rules import DataKind
from registrations.views.blueprint import bp

PATH = "/arbeta/evenemang/<id:event_id>/fragor"


def _find(question_id: int) -> Question | None:
    return queries.find_question(db.session, question_id)


@bp.get(PATH)
@staff(PLAN, event=find_event)
def questions(event: Event) -> str:
    """The questions of an event in their order, with what to think of."""
    every = queries.questions(db.session, event.id)
    live = [one for one in every if one.retired is None]
    asked = [one.wording.asked for one in live]
    return render_template(
        "registrations/questions/list.html",
        event=event,
        tab="participants",
        rows=[(one, one.wording.asked, _odd(one.wording.asked)) for one in live],
        asked=asked,
        retired=[one for one in every if one.retired is not None],
        answers=queries.answers_by_question(db.session, event.id),
        suggestions=SUGGESTIONS,
        decision=disposal.rule_of(db.session, event.authority_id, DataKind.ANSWERS),
        full=len(live) >= MOST,
    )


@bp.get(f"{PATH}/formular")
@staff(PLAN, event=find_event)
def questions_preview(event: Event) -> str:
    """How the questions will look to whoever registers; nothing can be sent."""
    asked = queries.asked(db.session, event.id)
    modes = [pool.mode for pool in seats.of_event(db.session, event.id) if pool.mode]
    form = type("Preview", (Form,), {"sector": PersonForm.sector} | fields_for(asked))()
    return render_template(
        "registrations/questions/preview.html",
        event=event,
        tab="participants",
        asked=asked,
        form=form,
        modes=[(mode.value, MODE[mode]) for mode in modes],
        by_mode=any(one.mode for one in asked) and len(modes) > 1,
        by_sector=any(one.sectors for one in asked),
        only_mode=modes[0].value if len(modes) == 1 else "",
    )


@bp.get(f"{PATH}/svar")
@staff(PEOPLE, event=find_event)
def question_answers(event: Event) -> str:
    """What has been answered: counts, and texts without names."""
    return render_template(
        "registrations/questions/answers.html",
        event=event,
        tab="participants",
        strands=[(one, summaries.of(one)) for one in queries.summary(db.session, event.id)],
        people=queries.with_a_place(db.session, event.id),
        most=queries.MOST_TEXTS,
        written=WRITTEN,
    )


@bp.route(f"{PATH}/ny", methods=["GET", "POST"])
@staff(PLAN, event=find_event)
def question_add(event: Event) -> ResponseReturnValue:
    """A new question, empty or as a suggestion has it."""
    suggested = SUGGESTIONS.get(request.args.get("forslag", ""))
    form = QuestionForm(data=suggested.fields if suggested else None)
    form.offer(queries.asked(db.session, event.id))

    def add() -> str:
        here = db.session.get_one(Event, event.id)
        services.add_question(db.session, here, facts=form.facts(), by=me(), now=now())
        flash(_("Frågan finns nu i anmälan."))
        return _address(event)

    return handle(form, add, _page(event, form, None))


@bp.route(f"{PATH}/<id:question_id>/andra", methods=["GET", "POST"])
@staff(PLAN, event=find_event, question=_find)
def question_change(event: Event, question: Question) -> ResponseReturnValue:
    """Put a question in another way."""
    _belongs(question, event)
    earlier = _before(question)
    form = QuestionForm(data=as_it_is(question.wording.asked, question.version, earlier))
    form.offer(earlier)

    def change() -> str:
        services.change_question(
            db.session, db.session.get_one(Question, question.id), facts=form.facts(),
            version=form.version.data, by=me(), now=now(),
        )  # fmt: skip
        flash(_("Frågan är ändrad. De svar som redan finns behåller sin lydelse."))
        return _address(event)

    return handle(form, change, _page(event, form, question))


@bp.post(f"{PATH}/<id:question_id>/upp")
@staff(PLAN, event=find_event, question=_find)
def question_up(event: Event, question: Question) -> ResponseReturnValue:
    """One place earlier in the form."""
    return _move(event, question, up=True)


@bp.post(f"{PATH}/<id:question_id>/ner")
@staff(PLAN, event=find_event, question=_find)
def question_down(event: Event, question: Question) -> ResponseReturnValue:
    """One place later in the form."""
    return _move(event, question, up=False)


@bp.post(f"{PATH}/<id:question_id>/ta-bort")
@staff(PLAN, event=find_event, question=_find)
def question_retire(event: Event, question: Question) -> ResponseReturnValue:
    """Ask no longer."""
    _belongs(question, event)

    def retire() -> str:
        here = db.session.get_one(Question, question.id)
        kept = services.retire_question(db.session, here, by=me(), now=now())
        flash(
            _("Frågan ställs inte längre. Svaren finns kvar.")
            if kept
            else _("Frågan är borttagen.")
        )
        return _address(event)

    return act(retire)


@bp.post(f"{PATH}/<id:question_id>/ta-fram")
@staff(PLAN, event=find_event, question=_find)
def question_take_up(event: Event, question: Question) -> ResponseReturnValue:
    """Ask again."""
    _belongs(question, event)

    def take_up() -> str:
        here = db.session.get_one(Question, question.id)
        services.take_up_question(db.session, here, by=me(), now=now())
        flash(_("Frågan ställs igen, sist i formuläret."))
        return _address(event)

    return act(take_up)


def _move(event: Event, question: Question, *, up: bool) -> ResponseReturnValue:
    _belongs(question, event)

    def move() -> str:
        here = db.session.get_one(Question, question.id)
        services.move_question(db.session, here, up=up, by=me(), now=now())
        return f"{_address(event)}#fraga-{question.id}"

    return act(move)


def _before(question: Question) -> list[Asked]:
    """The questions that are asked before this one."""
    found = []
    for one in queries.asked(db.session, question.event_id):
        if one.question_id == question.id:
            break
        found.append(one)
    return found


def _page(event: Event, form: QuestionForm, question: Question | None) -> Callable[[], str]:
    answers = queries.answers_by_question(db.session, event.id) if question else {}
    return lambda: render_template(
        "registrations/questions/edit.html",
        event=event,
        tab="participants",
        form=form,
        question=question,
        odd=_odd(question.wording.asked) if question else [],
        answers=answers.get(question.id, 0) if question else 0,
        decision=disposal.rule_of(db.session, event.authority_id, DataKind.ANSWERS),
        two_modes=len([p for p in seats.of_event(db.session, event.id) if p.mode]) == len(Mode),
    )


def _odd(one: Asked) -> list[Any]:
    return [SENSITIVE[what] for what in sensitive(one.label, one.purpose, *one.options)]


def _belongs(question: Question, event: Event) -> None:
    found(question if question.event_id == event.id else None)


def _address(event: Event) -> str:
    return url_for("registrations.questions", event_id=event.id)
