"""The page that asks before something is done with many."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from core.forms import Form, Line
from registrations.selection.rules import Action


class SelectedForm(Form):
    """Which selection was on the page when it was sent (`seen`)."""

    seen = HiddenField()


class CancelManyForm(SelectedForm):
    """Why they are cancelled."""

    reason = Line(
        _l("Anledning"),
        required=_l("Skriv varför, till exempel ”Dagen flyttas till våren”."),
        length=300,
        description=_l("Syns i historiken för var och en, inte för dem själva."),
    )


class DeclineManyForm(SelectedForm):
    """Why they are not let in."""

    reason = Line(
        _l("Anledning"),
        required=_l("Skriv varför, till exempel ”Platserna räckte inte”."),
        length=300,
        description=_l("Står i mejlet till var och en."),
    )


FORMS: dict[Action, type[SelectedForm]] = {
    Action.CANCEL: CancelManyForm,
    Action.APPROVE: SelectedForm,
    Action.DECLINE: DeclineManyForm,
}
