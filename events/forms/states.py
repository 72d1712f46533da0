"""Publish, cancel and postpone."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from core.forms import Form, Moment, Prose, Yes


class PublishForm(Form):
    """One button; where something serious is amiss, it is to be said that it is known."""

    anyway = Yes(_l("Jag har sett det och publicerar ändå"))

    def __init__(self, serious: bool) -> None:
        super().__init__()
        self.serious = serious

    def validate_anyway(self, field: Any) -> None:
        """Only asked where something serious is amiss."""
        if self.serious and not field.data:
            raise ValidationError(
                str(_l("Rätta det som är fel, eller kryssa för att du har sett det."))
            )


class CancelForm(Form):
    """Why it is cancelled."""

    note = Prose(
        _l("Varför ställs det in?"), length=1000, required=_l("Skriv kort varför det ställs in."),
        description=_l("Visas överst på evenemangets sida och i mejlet till alla anmälda."),
    )  # fmt: skip


class PostponeForm(Form):
    """Why it is postponed, and to when, if that is known."""

    note = Prose(
        _l("Varför flyttas det fram?"), length=1000,
        required=_l("Skriv kort varför det flyttas fram."),
        description=_l("Visas överst på evenemangets sida och i mejlet till alla anmälda."),
    )  # fmt: skip
    starts = Moment(
        _l("Börjar i stället"), description=_l("Lämna tomt om den nya tiden inte är klar.")
    )
    ends = Moment(_l("Slutar i stället"), description=_l("Tomt: det blir lika långt."))
