"""Publish a programme: tell those it concerns, or not."""

import wtforms
from flask_babel import lazy_gettext as _l

from core.forms import Form, Radio

TELL, SILENT = "tell", "silent"


class ReleaseForm(Form):
    """Whether to tell; `seen` is a digest of the draft that the page showed."""

    seen = wtforms.HiddenField()
    tell = Radio(
        _l("Vem ska få veta?"),
        required=_l("Välj om de som det angår ska få ett mejl."),
        choices=[(TELL, _l("Mejla dem det angår")), (SILENT, _l("Mejla ingen"))],
    )

    def __init__(self, *, seen: str, tell: bool) -> None:
        super().__init__(data={"seen": seen, "tell": TELL if tell else SILENT})
