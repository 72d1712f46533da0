"""An event's own questions as fields of a form.

A form that asks them has the fields of `fields_for` and, when everything has been checked, calls
`sift`, which clears the errors of what does not concern the person, and `given`. With a `suffix`
the same questions can stand in one form several times, once for each person.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import Choice as Drawn

from core.forms import Choice, Day, Line, Number, Prose, Radio, Required, Several
from registrations.questions.rules import (
    FEW,
    LARGEST,
    LONG,
    NO,
    SHORT,
    YES,
    Asked,
    Kind,
    Value,
    relevant,
)
from registrations.questions.words import YES_NO

ANSWER = _l("Svara på frågan")
CHOOSE = _l("Välj ett svar")
WANTED = {
    Kind.SHORT: ANSWER,
    Kind.LONG: ANSWER,
    Kind.ONE: CHOOSE,
    Kind.MANY: _l("Välj minst ett svar"),
    Kind.YES_NO: _l("Svara ja eller nej"),
    Kind.NUMBER: _l("Skriv ett antal med siffror"),
    Kind.DATE: _l("Skriv datumet så här: 2027-03-04"),
}


def fields_for(
    asked: Sequence[Asked], *, suffix: str = "", lenient: bool = False
) -> dict[str, Any]:
    """The fields of the questions by name. `lenient`: nothing is required (the organiser asks)."""
    return {one.field + suffix: _field(one, lenient=lenient) for one in asked}


def sift(
    form: Any, asked: Sequence[Asked], *, suffix: str = "", mode: str = "", sector: str = ""
) -> None:
    """After the check of each field: nobody is told off for what does not concern them.

    What concerns them and was sent twice, or as a file, gets a sentence.
    """
    concern = {one.id for one in _relevant(form, asked, suffix, mode, sector)}
    for one in asked:
        field = form[one.field + suffix]
        if one.id not in concern:
            field.errors = []
        elif not field.errors and _is_odd(one, field):
            field.errors = [_("Svara en gång på frågan.")]


def given(
    form: Any, asked: Sequence[Asked], *, suffix: str = "", mode: str = "", sector: str = ""
) -> dict[int, Value]:
    """The answers of a good form, by the id of the wording; only to what concerns the person."""
    found = {}
    for one in _relevant(form, asked, suffix, mode, sector):
        value = _value(one, form[one.field + suffix].data)
        if value is not None:
            found[one.id] = value
    return found


def filled(
    asked: Sequence[Asked], answers: Mapping[int, Value], *, suffix: str = ""
) -> dict[str, Any]:
    """What the fields show first: `answers` by question, as far as they can still be given."""
    found: dict[str, Any] = {}
    for one in asked:
        value = answers.get(one.question_id)
        if value is not None:
            found[one.field + suffix] = _as_data(one, value)
    return found


def stale(form: Any, sent: Mapping[str, Any]) -> bool:
    """Whether an answer was sent to a question that is asked no longer, or in another way."""
    return any(name.startswith("q_") and name not in form for name in sent)


def changed() -> str:
    """What to tell somebody whose form was open while the questions changed."""
    return _("Frågorna har ändrats medan du fyllde i. Läs igenom dem och skicka igen.")


def _relevant(
    form: Any, asked: Sequence[Asked], suffix: str, mode: str, sector: str
) -> list[Asked]:
    values = {one.id: _value(one, form[one.field + suffix].data) for one in asked}
    return relevant(asked, values, mode=mode, sector=sector)


def _field(one: Asked, *, lenient: bool) -> Any:
    common: dict[str, Any] = {"description": one.purpose}
    needed: Any = WANTED[one.kind] if one.required and not lenient else None
    if one.kind in {Kind.ONE, Kind.YES_NO}:
        return _one_of(one, needed, common)
    if one.kind is Kind.MANY:
        validators = [Required(needed)] if needed else []
        choices = [(text, text) for text in one.options]
        return Several(one.label, choices=choices, validators=validators, **common)
    if one.kind is Kind.NUMBER:
        return Number(one.label, low=0, high=LARGEST, required=needed, **common)
    if one.kind is Kind.DATE:
        return Day(one.label, required=needed, **common)
    if one.kind is Kind.LONG:
        return Prose(one.label, length=LONG, required=needed, **common)
    return Line(one.label, length=SHORT, required=needed, **common)


def _one_of(one: Asked, needed: Any, common: dict[str, Any]) -> Any:
    choices: list[tuple[str, Any]] = [(text, text) for text in one.options]
    if one.kind is Kind.YES_NO:
        choices = [(value, words) for value, words in YES_NO.items()]
    if len(choices) > FEW:
        first = _l("Välj") if needed else _l("Inget svar")
        return Choice(one.label, choices=choices, required=needed, blank=first, **common)
    last = None if needed else _l("Inget svar")  # a button once pressed cannot be let go
    return _Buttons(one.label, choices=choices, required=needed, blank_last=last, **common)


class _Buttons(Radio):
    """One of few; where no answer is needed the last button says so."""

    def __init__(self, label: Any = None, blank_last: Any = None, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.blank_last = blank_last

    def iter_choices(self) -> Any:
        """The lines, and that of no answer."""
        yield from super().iter_choices()
        if self.blank_last is not None:
            yield Drawn("", self.blank_last, not self.data, {})


def _is_odd(one: Asked, field: Any) -> bool:
    sent = field.raw_data or []
    return any(not isinstance(value, str) for value in sent) or (
        one.kind is not Kind.MANY and len(sent) > 1
    )


def _value(one: Asked, data: Any) -> Value | None:
    """What a field holds, as it is kept; None where there is no answer."""
    if data is None or data in ("", []):
        return None
    if one.kind is Kind.YES_NO:
        return bool(data == YES) if data in {YES, NO} else None
    if one.kind is Kind.MANY:
        return [text for text in one.options if text in data] or None
    if isinstance(data, date):
        return data.isoformat()
    value: Value = data
    return value


def _as_data(one: Asked, value: Value) -> Any:
    if one.kind is Kind.YES_NO:
        return (YES if value else NO) if isinstance(value, bool) else ""
    if one.kind is Kind.MANY:
        return [text for text in one.options if text in (value if isinstance(value, list) else [])]
    if one.kind is Kind.DATE:
        return _date(value)
    if one.kind is Kind.NUMBER:
        return value if isinstance(value, int) and not isinstance(value, bool) else None
    if one.kind is Kind.ONE:
        return value if value in one.options else ""
    return value if isinstance(value, str) else ""


def _date(value: Value) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
