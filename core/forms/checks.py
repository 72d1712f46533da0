"""What a field must hold."""

from typing import Any

from flask_babel import gettext as _
from wtforms import validators


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
