"""Questions that organisers often ask, to begin from."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from registrations.questions.rules import Kind


@dataclass(frozen=True)
class Suggestion:
    """A question to begin from; `fields` as the organiser's form has them."""

    title: Any
    why: Any
    fields: dict[str, Any]


SUGGESTIONS = {
    "resa": Suggestion(
        _l("Hur reser du hit?"),
        _l("För att beställa buss och räkna parkeringsplatser."),
        {
            "label": _l("Hur reser du hit?"),
            "kind": Kind.ONE.value,
            "options": _l("Tåg\nBuss\nBil\nCykel eller till fots"),
            "purpose": _l("För att beställa buss och räkna parkeringsplatser."),
            "days": 14,
        },
    ),
    "lyfta": Suggestion(
        _l("Vad vill du att vi tar upp?"),
        _l("Så att talarna kan förbereda sig."),
        {
            "label": _l("Vad vill du att vi tar upp?"),
            "kind": Kind.LONG.value,
            "purpose": _l("Talarna får läsa det du skriver i förväg, utan ditt namn."),
            "days": 90,
        },
    ),
    "kvall": Suggestion(
        _l("Stannar du på middagen?"),
        _l("För att beställa rätt antal platser."),
        {
            "label": _l("Stannar du på middagen?"),
            "kind": Kind.YES_NO.value,
            "purpose": _l("För att beställa rätt antal platser."),
            "required": True,
            "days": 14,
        },
    ),
}
