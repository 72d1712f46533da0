"""Forms: clean and check, never save. Every form carries its key, so that it counts once."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

import wtforms
from email_validator import EmailNotValidError, validate_email
from flask import request
from flask_babel import gettext as _
from markupsafe import Markup, escape
from werkzeug.datastructures import CombinedMultiDict
from wtforms import validators

from core import crypto
from core.clock import NoSuchTime, to_instant, to_local
from core.errors import Refusal
from core.text import clean_line, clean_prose

LINE = 200
PROSE = 20_000


class Form(wtforms.Form):
    """Base of all forms; bound to the request on POST, to `obj` or `data` otherwise.

    Not `bound`: another form of the page was sent.
    """

    form_key = wtforms.HiddenField(default=crypto.new_token)

    def __init__(self, obj: Any = None, *, bound: bool = True, **kwargs: Any) -> None:
        sent: CombinedMultiDict[str, Any] | None = None
        if bound and request.method == "POST":
            sent = CombinedMultiDict([request.files, request.form])
        super().__init__(formdata=sent, obj=obj, **kwargs)

    def refuse(self, refusal: Refusal) -> None:
        """Show a rule's sentence at its field, or above the form."""
        field = self._fields.get(refusal.field or "")
        if field is None:
            self.form_errors.append(str(refusal))
        else:
            field.errors = [*field.errors, str(refusal)]

    @property
    def mistakes(self) -> list[tuple[str, str]]:
        """(field id, sentence) for the summary; the id is "" for the whole form."""
        at_fields = [
            (field.id, str(sentence)) for field in self for sentence in _flat(field.errors)
        ]
        return [("", str(sentence)) for sentence in self.form_errors] + at_fields


class Rows(wtforms.FieldList):
    """Rows of fields. What is sent under a number that no row of ours has is not looked at."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterable[int]:
        number = re.compile(rf"{re.escape(prefix)}-([0-9]{{1,4}})-")
        return (int(match[1]) for name in formdata if (match := number.match(name)))


def _flat(errors: Any) -> Iterable[str]:
    for error in errors:
        if isinstance(error, dict):
            for inner in error.values():
                yield from _flat(inner)
        elif isinstance(error, list | tuple):
            yield from _flat(error)
        else:
            yield error


class Required:
    """The field must hold something; `sentence` says what to do if it does not."""

    field_flags = {"required": True}  # noqa: RUF012 - wtforms reads it from the class

    def __init__(self, sentence: Any) -> None:
        self.sentence = sentence

    def __call__(self, _form: Any, field: Any) -> None:
        """Stop at an empty value."""
        if field.data is None or field.data == "" or field.data == []:
            raise validators.StopValidation(str(self.sentence))


class AtMost:
    """The text must not be longer than `length` characters."""

    def __init__(self, length: int) -> None:
        self.length = length

    def __call__(self, _form: Any, field: Any) -> None:
        """Say how much too long it is."""
        if field.data and len(field.data) > self.length:
            raise validators.StopValidation(
                _(
                    "Korta texten: den är %(is)s tecken och får vara högst %(may)s.",
                    **{"is": len(field.data), "may": self.length},
                )
            )


class _Text(wtforms.StringField):
    clean: Callable[[str | None], str] = staticmethod(clean_line)

    def __init__(
        self,
        label: Any = None,
        required: Any = None,
        length: int = LINE,
        validators: Iterable[Any] = (),
        **kwargs: Any,
    ) -> None:
        first = [Required(required)] if required else []
        super().__init__(label, [*first, AtMost(length), *validators], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep one clean text; a file or a list where text belongs counts as nothing."""
        value = valuelist[0] if valuelist else ""
        self.data = self.clean(value) if isinstance(value, str) else ""


class Line(_Text):
    """One line of text, cleaned."""


class Prose(_Text):
    """Several lines of text (Markdown where the label says so), cleaned."""

    widget = wtforms.widgets.TextArea()
    clean = staticmethod(clean_prose)

    def __init__(self, label: Any = None, length: int = PROSE, **kwargs: Any) -> None:
        super().__init__(label, length=length, **kwargs)


class Email(_Text):
    """An e-mail address; checked by form, not by asking the net; lower case domain.

    Only ASCII before the @: relays that take more (RFC 6531) cannot be counted on.
    """

    widget = wtforms.widgets.EmailInput()

    def pre_validate(self, _form: Any) -> None:
        """Say what an address looks like when this is none."""
        if not self.data:
            return
        try:
            self.data = validate_email(
                self.data, check_deliverability=False, allow_smtputf8=False
            ).normalized
        except EmailNotValidError:
            raise validators.ValidationError(
                _("Skriv en e-postadress, till exempel namn@kommun.se")
            ) from None


class Phone(_Text):
    """A telephone number, kept as it was written; digits, spaces, + - ( )."""

    widget = wtforms.widgets.TelInput()

    def pre_validate(self, _form: Any) -> None:
        """Say what a number looks like when this is none."""
        if self.data and not re.fullmatch(r"[+(]?[0-9][0-9 ()/-]{4,28}[0-9]", self.data):
            raise validators.ValidationError(
                _("Skriv ett telefonnummer, till exempel 010-223 60 00")
            )


class Web(_Text):
    """A web address that begins with https:// or http://."""

    widget = wtforms.widgets.URLInput()

    def pre_validate(self, _form: Any) -> None:
        """Say what an address looks like when this is none."""
        if self.data and not re.fullmatch(r"https?://[^\s<>\"\\^`{|}]{3,500}", self.data):
            raise validators.ValidationError(
                _("Skriv hela webbadressen, till exempel https://mote.example.se/abc")
            )


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
    """One of a list; `blank` is the first line that chooses nothing."""

    data: Any
    widget = Dropdown()

    def __init__(
        self, label: Any = None, required: Any = None, blank: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(label, [Required(required)] if required else [], **_lines(kwargs))
        self.blank = blank

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


class Number(wtforms.IntegerField):
    """A whole number from `low` to `high`; empty is None."""

    def __init__(
        self, label: Any = None, low: int = 0, high: int = 100_000, required: Any = None, **kw: Any
    ) -> None:
        super().__init__(label, [Required(required)] if required else [], **kw)
        self.low, self.high = low, high

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read ASCII digits only."""
        text = clean_line(valuelist[0]) if valuelist and isinstance(valuelist[0], str) else ""
        self.data = None
        if not text:
            return
        if not re.fullmatch(r"-?[0-9]{1,9}", text) or not self.low <= int(text) <= self.high:
            raise ValueError(
                _("Skriv ett heltal från %(low)s till %(high)s.", low=self.low, high=self.high)
            )
        self.data = int(text)


class Day(wtforms.DateField):
    """A date, e.g. 2027-03-04; empty is None."""

    def __init__(self, label: Any = None, required: Any = None, **kwargs: Any) -> None:
        super().__init__(label, [Required(required)] if required else [], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read ISO dates only."""
        text = clean_line(valuelist[0]) if valuelist and isinstance(valuelist[0], str) else ""
        self.data = None
        if not text:
            return
        try:
            value = date.fromisoformat(text)
            if not 1990 <= value.year <= 2100 or len(text) != 10:
                raise ValueError(text)
        except ValueError:
            raise ValueError(_("Skriv datumet så här: 2027-03-04")) from None
        self.data = value


class Moment(wtforms.DateTimeLocalField):
    """A local time in Stockholm, e.g. 2027-03-04T09:30; as data a UTC instant or None."""

    def __init__(self, label: Any = None, required: Any = None, **kwargs: Any) -> None:
        super().__init__(label, [Required(required)] if required else [], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read a local time; refuse one that the clocks skip."""
        text = clean_line(valuelist[0]) if valuelist and isinstance(valuelist[0], str) else ""
        self.raw_data = [text]
        self.data = None
        if not text:
            return
        self.data = parse_moment(text)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{to_local(self.data):%Y-%m-%dT%H:%M}" if self.data else ""


def parse_moment(text: str) -> datetime:
    """The instant of a local time like "2027-03-04 09:30" or "2027-03-04T09.30".

    Raises ValueError with a sentence where it cannot be read or does not exist.
    """
    match = re.fullmatch(
        r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2})[:.]([0-9]{2})(:00)?", text
    )
    try:
        if not match:
            raise ValueError(text)
        local = datetime(*(int(part) for part in match.groups()[:5]))  # type: ignore[arg-type] # noqa: DTZ001
        if not 1990 <= local.year <= 2100:
            raise ValueError(text)
    except ValueError:
        raise ValueError(_("Skriv dag och tid så här: 2027-03-04 09:30")) from None
    try:
        return to_instant(local)
    except NoSuchTime:
        raise ValueError(
            _(
                "Klockan %(time)s finns inte den dagen: då ställs klockan fram en timme. "
                "Välj en tid före 02.00 eller från 03.00.",
                time=f"{local:%H.%M}",
            )
        ) from None


class Yes(wtforms.BooleanField):
    """A box to tick."""
