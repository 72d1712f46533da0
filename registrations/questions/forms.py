"""An event's own questions as fields of a form, and the organiser's form for one of them.

A form that asks them has the fields of `fields_for` and, when everything has been checked, calls
`sift`, which clears the errors of what does not concern the person, and `given`. With a `suffix`
the same questions can stand in one form several times, once for each person.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.fields.choices import Choice as Drawn

from core.forms import Choice, Day, Form, Line, Number, Prose, Radio, Required, Several, Yes
from core.reference import SECTOR_WORDS
from core.text import clean_line
from events.rules import Mode
from events.words import MODE
from registrations.questions.rules import (
    CHOSEN,
    DAYS,
    FEW,
    LABEL,
    LARGEST,
    LONG,
    MOST_OPTIONS,
    NO,
    OPTION,
    PURPOSE,
    SHORT,
    STEERS,
    YES,
    Asked,
    Kind,
    Value,
    relevant,
    told_apart,
)
from registrations.questions.words import KIND, YES_NO, answer_words

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


class QuestionForm(Form):
    """One question, as the organiser puts it."""

    ways: "Ways"
    version = HiddenField()
    label = Line(
        _l("Frågan"),
        required=_l("Skriv frågan, till exempel ”Hur reser du hit?”"),
        length=LABEL,
    )
    kind = Radio(
        _l("Svaret är"),
        required=_l("Välj vad man svarar med."),
        choices=[(kind.value, words) for kind, words in KIND.items()],
        default=Kind.SHORT.value,
    )
    options = Prose(
        _l("Alternativen"),
        length=MOST_OPTIONS * (OPTION + 1),
        description=_l("Ett på varje rad. Behövs bara när man väljer bland alternativ."),
    )
    purpose = Line(
        _l("Varför frågar ni?"),
        required=_l("Skriv varför ni frågar. Det visas vid frågan."),
        length=PURPOSE,
        description=_l("En mening som visas vid frågan, till exempel ”För att beställa buss.”"),
    )
    required = Yes(_l("Man måste svara"))
    days = Number(
        _l("Svaren gallras så många dagar efter evenemanget"),
        low=0,
        high=3650,
        default=DAYS,
        required=_l("Skriv efter hur många dagar svaren inte behövs längre, till exempel 30."),
        description=_l("Inget raderas utan ett gallringsbeslut för egna frågor."),
    )
    condition = Choice(
        _l("Visas bara om man har svarat"),
        blank=_l("Visas alltid"),
        description=_l("Välj ett svar på en fråga som står tidigare."),
    )
    mode = Choice(
        _l("Visas bara för den som deltar"),
        blank=_l("Alla"),
        choices=[(mode.value, words) for mode, words in MODE.items()],
    )
    sectors = Several(
        _l("Visas bara för den som kommer från"),
        choices=[(sector.value, words) for sector, words in SECTOR_WORDS.items()],
        validators=[],
        description=_l("Välj inget om alla ska få frågan."),
    )

    def offer(self, earlier: Sequence[Asked]) -> None:
        """Which answers the question may hang on: those to questions before it."""
        self.ways = ways(earlier)
        self.condition.choices = [
            (code, f"{one.label}: {answer_words(answer, one.kind)}")
            for code, (one, answer) in self.ways.items()
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Look at the alternatives too: from two, each short enough."""
        super().validate(extra_validators)
        if self.kind.data in CHOSEN and not self.options.errors:
            lines = self.lines()
            if len(lines) < 2:
                self.options.errors = [_("Skriv minst två alternativ, ett på varje rad.")]
            elif len(lines) > MOST_OPTIONS:
                self.options.errors = [_("Ta bort några: högst %(n)s alternativ.", n=MOST_OPTIONS)]
            elif any(len(line) > OPTION for line in lines):
                self.options.errors = [
                    _("Korta alternativen: högst %(n)s tecken på varje rad.", n=OPTION)
                ]
        return not self.errors

    def lines(self) -> tuple[str, ...]:
        """The alternatives, one from each line."""
        return told_apart(clean_line(line) for line in (self.options.data or "").split("\n"))

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        kind = Kind(self.kind.data)
        way = self.ways.get(self.condition.data)
        return {
            "kind": kind,
            "label": self.label.data,
            "purpose": self.purpose.data,
            "options": list(self.lines()) if kind in CHOSEN else [],
            "required": bool(self.required.data),
            "days": self.days.data,
            "mode": Mode(self.mode.data) if self.mode.data else None,
            "sectors": list(dict.fromkeys(self.sectors.data or [])),
            "after_id": way[0].question_id if way else None,
            "answer": way[1] if way else "",
        }


Ways = dict[str, tuple[Asked, str]]


def ways(earlier: Sequence[Asked]) -> Ways:
    """The answers that a later question may hang on, by a code for the form."""
    return {
        f"{one.question_id}:{number}": (one, answer)
        for one in earlier
        if one.kind in STEERS
        for number, answer in enumerate((YES, NO) if one.kind is Kind.YES_NO else one.options)
    }


def as_it_is(one: Asked, version: int, earlier: Sequence[Asked]) -> dict[str, Any]:
    """What the organiser's form shows of a question that is there."""
    here = (one.after, one.answer)
    codes = [
        code for code, (other, way) in ways(earlier).items() if (other.question_id, way) == here
    ]
    found = {name: getattr(one, name) for name in ("label", "purpose", "required", "days", "mode")}
    return found | {
        "version": version,
        "kind": one.kind.value,
        "options": "\n".join(one.options),
        "sectors": list(one.sectors),
        "condition": codes[0] if codes else "",
    }
