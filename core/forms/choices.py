"""Fields to choose in: one of a list, several, or a box to tick."""

from typing import Any

import wtforms
from flask_babel import gettext as _
from markupsafe import Markup, escape
from wtforms import validators

from core.forms.checks import Required


def _lines(kwargs: dict[str, Any]) -> dict[str, Any]:
    """`choices`, given as pairs of value and words, as wtforms wants them."""
    choices = kwargs.get("choices")
    if not choices or callable(choices) or isinstance(choices[0], wtforms.SelectChoice):
        return kwargs
    return kwargs | {"choices": [wtforms.SelectChoice(*line) for line in choices]}


class Dropdown(wtforms.widgets.Select):
    """A list to choose from, its many plain lines written in a tenth of the library's time."""

    @classmethod
    def render_option(cls, choice: Any, **kwargs: Any) -> Markup:
        """One line; with attributes of its own it is left to the library."""
        if choice.render_kw or kwargs or isinstance(choice.value, bool):
            line: Markup = super().render_option(choice, **kwargs)
            return line
        chosen = "selected " if choice.selected else ""
        value, label = escape(choice.value), escape(choice.label or choice.value)
        return Markup(f'<option {chosen}value="{value}">{label}</option>')  # noqa: S704 - escaped


class Choice(wtforms.SelectField):
    """One of a list; `blank` is the first line, that chooses nothing.

    Where nothing is an answer too, as in "Alla", it is `whole`: then it is not called optional.
    """

    data: Any
    widget = Dropdown()

    def __init__(
        self,
        label: Any = None,
        required: Any = None,
        blank: Any = None,
        *,
        whole: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            label, [Required(required)] if required is not None else [], **_lines(kwargs)
        )
        self.blank = blank
        self.whole = whole or blank is None

    def iter_choices(self) -> Any:
        """The lines of the list, the blank one first."""
        if self.blank is not None:
            yield wtforms.fields.choices.Choice("", self.blank, not self.data, {})
        yield from super().iter_choices()

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Only text can be a choice."""
        super().process_formdata([value for value in valuelist[:1] if isinstance(value, str)])

    def pre_validate(self, _form: Any) -> None:
        """Refuse what is not on the list."""
        if self.data in ("", None):
            self.data = ""
            return
        if not any(value == self.data for value, *_rest in self.choices or []):
            raise validators.StopValidation(_("Välj ett av alternativen i listan."))


class Radio(Choice):
    """One of few, all shown."""

    widget = wtforms.widgets.ListWidget(prefix_label=False)
    option_widget = wtforms.widgets.RadioInput()


class Several(wtforms.SelectMultipleField):
    """Any number of a list, all shown as boxes to tick."""

    option_widget = wtforms.widgets.CheckboxInput()

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, **_lines(kwargs))

    def pre_validate(self, _form: Any) -> None:
        """Refuse what is not on the list."""
        known = {value for value, *_rest in self.iter_choices()}
        if any(value not in known for value in self.data or []):
            raise validators.StopValidation(_("Välj bland alternativen i listan."))


class Yes(wtforms.BooleanField):
    """A box to tick."""
