"""Fields of text: cleaned, no longer than they may be, and of the right shape."""

import re
from collections.abc import Callable, Iterable
from typing import Any

import wtforms
from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from wtforms import validators

from core.forms.checks import AtMost, Required
from core.text import clean_line, clean_prose

LINE = 200  # characters
PROSE = 20_000


def sent_text(valuelist: list[Any]) -> str:
    """The text that was sent for a field; a file where text belongs counts as nothing."""
    return valuelist[0] if valuelist and isinstance(valuelist[0], str) else ""


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
        first = [Required(required)] if required is not None else []
        super().__init__(label, [*first, AtMost(length), *validators], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep one clean text."""
        self.data = self.clean(sent_text(valuelist))


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
