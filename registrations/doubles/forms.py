"""The form that makes one of two: which is kept, and which value where they differ."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from core.forms import Form, Radio
from registrations.doubles.words import FIELD
from registrations.models import Registration

ONE, OTHER = "a", "b"


class MergeForm(Form):
    """`keep` and one radio for each field that differs (see `merge_form`)."""

    versions = HiddenField()
    keep = Radio(
        _l("Vilken anmälan ska finnas kvar?"), required=_l("Välj vilken som ska vara kvar.")
    )


def differing(one: Registration, other: Registration) -> list[str]:
    """The fields where the two say different things."""
    return [name for name in FIELD if getattr(one, name) != getattr(other, name)]


def merge_form(one: Registration, other: Registration, told: Any) -> type[MergeForm]:
    """The form for these two; `told(registration, field)` says what keeping its value means."""
    fields = {
        name: Radio(
            _l("%(field)s: vilken uppgift ska gälla?", field=FIELD[name]),
            choices=[(ONE, told(one, name)), (OTHER, told(other, name))],
            default=ONE if getattr(one, name) or not getattr(other, name) else OTHER,
            required=_l("Välj vilken uppgift som ska gälla."),
        )
        for name in differing(one, other)
    }
    return type("MergeFormOfTwo", (MergeForm,), fields)
