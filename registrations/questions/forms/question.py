"""The organiser's form for one question."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.forms import Choice, Form, Line, Number, Prose, Radio, Several, Version, Yes
from core.reference import SECTOR_WORDS
from core.text import clean_line
from events.rules import Mode
from events.words import MODE
from registrations.questions.rules import (
    CHOSEN,
    DAYS,
    LABEL,
    MOST_OPTIONS,
    NO,
    OPTION,
    PURPOSE,
    STEERS,
    YES,
    Asked,
    Kind,
    told_apart,
)
from registrations.questions.words import KIND, answer_words


class QuestionForm(Form):
    """One question, as the organiser puts it."""

    ways: "Ways"
    version = Version()
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
        whole=True,
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
        self.options.flags.required = True  # where there is something to choose from
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
