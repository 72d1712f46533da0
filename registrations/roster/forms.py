"""Forms of the list."""

from flask_babel import lazy_gettext as _l

from core.forms import Form, Several
from registrations.roster.rules import Column
from registrations.roster.words import COLUMN


class ColumnsForm(Form):
    """Which columns somebody wants to see."""

    columns = Several(
        _l("Visa i listan"), choices=[(column.value, COLUMN[column]) for column in Column]
    )
