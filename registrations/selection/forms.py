"""The page that asks before something is done with many."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from core.forms import Form, Line


class SelectedForm(Form):
    """Why, and which selection was on the page when it was sent (`seen`)."""

    seen = HiddenField()
    reason = Line(
        _l("Anledning"),
        required=_l("Skriv varför, till exempel ”Dagen flyttas till våren”."),
        length=300,
        description=_l("Syns i historiken för var och en, inte för dem själva."),
    )
