"""Create an event from a pattern, and copy one."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.widgets import CheckboxInput

from accounts.models import Authority
from core.forms import Choice, Day, Form, Line, Radio, Several, Web
from events.forms.fields import Clock, municipality_choices, together
from events.patterns import Pattern
from events.rules import Mode, Part

BOTH = "both"
HOW = [(Mode.ROOM.value, _l("I salen")), (Mode.ONLINE.value, _l("På nätet")), (BOTH, _l("Båda"))]
PARTS = [
    (Part.FACTS.value, _l("Texter, plats, kontakt och sista dagar")),
    (Part.PROGRAMME.value, _l("Programmet")),
    (Part.SPEAKERS.value, _l("Medverkande i programmet")),
    (Part.QUESTIONS.value, _l("Egna frågor i anmälan")),
]


class CreateForm(Form):
    """The few things only the organiser knows; the pattern fills in the rest."""

    authority = Choice(_l("Myndighet"), required=_l("Välj vilken myndighet som arrangerar."))
    title = Line(_l("Rubrik"), required=_l("Skriv en rubrik."), length=200)
    day = Day(_l("Dag"), required=_l("Välj en dag."))
    last_day = Day(_l("Sista dag"), description=_l("Om det pågår mer än en dag."))
    begins = Clock(_l("Börjar kl."), required=_l("Skriv när det börjar."))
    ends = Clock(_l("Slutar kl."), required=_l("Skriv när det slutar."))
    how = Radio(_l("Hur deltar man?"), choices=HOW, required=_l("Välj hur man deltar."))
    venue_name = Line(
        _l("Plats"), description=_l("Till exempel Folkets hus. Går bra att fylla i senare.")
    )
    venue_address = Line(_l("Adress"), length=300)
    municipality = Choice(_l("Kommun"), blank=_l("Välj kommun"))
    online_url = Web(
        _l("Länk till mötet"),
        length=600,
        description=_l("Visas bara för den som har en plats. Går bra att fylla i senare."),
    )

    starts: datetime  # set where the form is good
    stops: datetime

    def __init__(self, pattern: Pattern, authorities: list[Authority]) -> None:
        how = BOTH if len(pattern.modes) > 1 else pattern.modes[0].value
        super().__init__(data={"begins": pattern.begins, "ends": pattern.ends, "how": how})
        self.municipality.choices = municipality_choices()
        self.authority.choices = [(authority.slug, authority.name) for authority in authorities]
        if len(authorities) == 1:
            del self.authority

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the day and clock together too."""
        fine = bool(super().validate(extra_validators))
        if self.day.data and self.begins.data and self.ends.data:
            starts = together(self.day.data, self.begins)
            last = self.last_day.data or self.day.data
            stops = together(last, self.ends)
            if last < self.day.data:
                self.last_day.errors = [_("Sista dagen kan inte vara före den första.")]
            elif starts and stops:
                self.starts, self.stops = starts, stops
                if stops <= starts:
                    self.ends.errors = [_("Sluttiden måste vara senare än starttiden.")]
        return fine and not self.errors

    def modes(self) -> tuple[Mode, ...]:
        """How one takes part."""
        return tuple(Mode) if self.how.data == BOTH else (Mode(self.how.data),)


class CopyForm(Form):
    """A new title and day, and what is taken along."""

    title = Line(_l("Rubrik"), required=_l("Skriv en rubrik."), length=200)
    day = Day(_l("Ny dag"), required=_l("Välj en dag."))
    begins = Clock(_l("Börjar kl."), required=_l("Skriv när det börjar."))
    parts = Several(
        _l("Ta med"), choices=PARTS, option_widget=CheckboxInput(), validators=[],
        description=_l("Anmälningar, inbjudna, ärendenummer och möteslänk följer aldrig med."),
    )  # fmt: skip

    starts: datetime  # set where the form is good

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the day and clock together too."""
        fine = bool(super().validate(extra_validators))
        starts = together(self.day.data, self.begins)
        if starts:
            self.starts = starts
        return fine and not self.errors
