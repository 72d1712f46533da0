"""Forms: clean and check, never save. Every form carries its key, so that it counts once."""

from core.forms.checks import AtMost, Required
from core.forms.choices import Choice, Radio, Several, Yes
from core.forms.form import Form, Rows
from core.forms.numbers import Day, Moment, Number, Version, parse_moment
from core.forms.texts import Email, Line, Phone, Prose, Web, sent_text

__all__ = [
    "AtMost",
    "Choice",
    "Day",
    "Email",
    "Form",
    "Line",
    "Moment",
    "Number",
    "Phone",
    "Prose",
    "Radio",
    "Required",
    "Rows",
    "Several",
    "Version",
    "Web",
    "Yes",
    "parse_moment",
    "sent_text",
]
