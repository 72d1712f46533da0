"""The base of all forms, and rows of fields."""

import re
from collections.abc import Iterable
from typing import Any

import wtforms
from flask import request
from werkzeug.datastructures import CombinedMultiDict

from core import crypto
from core.errors import Refusal


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


def _flat(errors: Any) -> Iterable[str]:
    for error in errors:
        if isinstance(error, dict):
            for inner in error.values():
                yield from _flat(inner)
        elif isinstance(error, list | tuple):
            yield from _flat(error)
        else:
            yield error


class Rows(wtforms.FieldList):
    """Rows of fields. What is sent under a number that no row of ours has is not looked at."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterable[int]:
        number = re.compile(rf"{re.escape(prefix)}-([0-9]{{1,4}})-")
        return (int(match[1]) for name in formdata if (match := number.match(name)))
