"""What one chooses about one's own calendar."""

from flask_babel import lazy_gettext as _l

from core.forms import Form, Radio
from registrations.calendars.words import ALARM


class OwnFeedForm(Form):
    """When to be reminded."""

    alarm = Radio(
        _l("Påminnelse i kalendern"),
        required=_l("Välj om kalendern ska påminna."),
        choices=list(ALARM.items()),
    )

    @property
    def minutes(self) -> int | None:
        """How long before the start; None for never."""
        return int(self.alarm.data) if self.alarm.data != "never" else None
