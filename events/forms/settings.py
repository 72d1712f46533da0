"""Everything the organiser decides about an event."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.widgets import CheckboxInput

from accounts.models import Authority
from core.forms import (
    Choice,
    Email,
    Form,
    Line,
    Moment,
    Number,
    Phone,
    Prose,
    Several,
    Version,
    Web,
    Yes,
)
from events.forms.fields import municipality_choices
from events.models import Assignment, Event
from events.rules import Kind, Mode
from events.words import AUDIENCE, KIND, THEME

PLAIN = (
    "title", "purpose", "lead", "target_group", "starts", "ends", "venue_name", "venue_address",
    "directions", "step_free", "hearing_loop", "lift", "parking", "online_url",
    "registration_opens", "registration_closes", "registration_paused", "invited_only",
    "cancel_by", "contact_name", "contact_email", "contact_phone", "case_number",
    "in_cooperation_with", "cost",
)  # fmt: skip
COUNCIL = ("question", "can_achieve", "inviter_name", "inviter_title")


class SettingsForm(Form):
    """All facts of an event, its seats and its co-organisers."""

    version = Version()
    title = Line(_l("Rubrik"), required=_l("Skriv en rubrik."), length=200)
    kind = Choice(_l("Typ"), choices=[(kind.value, words) for kind, words in KIND.items()],
                  required=_l("Välj vad det är för sorts evenemang."))  # fmt: skip
    lead = Prose(
        _l("Ingress"), description=_l("Två, tre meningar som säger vad det är och för vem.")
    )
    purpose = Prose(_l("Syfte"))
    target_group = Prose(_l("Målgrupp"))
    themes = Several(
        _l("Teman"), choices=[(theme.value, words) for theme, words in THEME.items()],
        description=_l("Det som evenemanget hittas på i listor och prenumerationer."),
    )  # fmt: skip
    audiences = Several(
        _l("För vilka?"), choices=[(one.value, words) for one, words in AUDIENCE.items()]
    )
    question = Prose(_l("Frågeställning"), description=_l("Frågan som sakrådet ska belysa."))
    can_achieve = Prose(
        _l("Vad kan man uppnå?"),
        description=_l("Vilken funktion sakrådet fyller och vad det leder till."),
    )
    inviter_name = Line(_l("Vem bjuder in?"), description=_l("Till exempel landshövdingen."))
    inviter_title = Line(_l("Inbjudarens titel"))
    starts = Moment(_l("Börjar"), required=_l("Skriv när det börjar."))
    ends = Moment(_l("Slutar"), required=_l("Skriv när det slutar."))
    room = Yes(_l("Man kan delta i salen"))
    capacity_room = Number(_l("Platser i salen"), low=1, description=_l("Tomt: ingen gräns."))
    online = Yes(_l("Man kan delta på nätet"))
    capacity_online = Number(_l("Platser på nätet"), low=1, description=_l("Tomt: ingen gräns."))
    venue_name = Line(_l("Plats"))
    venue_address = Line(_l("Adress"), length=300)
    municipality = Choice(_l("Kommun"), blank=_l("Välj kommun"))
    directions = Prose(_l("Hitta hit"))
    step_free = Yes(_l("Entré och lokal utan trappsteg"))
    hearing_loop = Yes(_l("Hörslinga"))
    lift = Yes(_l("Hiss"))
    parking = Line(_l("Parkering"), length=300)
    online_url = Web(
        _l("Länk till mötet"), length=600,
        description=_l("Visas bara för den som har en plats, i e-post och på deras egen sida."),
    )  # fmt: skip
    registration_opens = Moment(
        _l("Anmälan öppnar"), description=_l("Tomt: när evenemanget publiceras.")
    )
    registration_closes = Moment(
        _l("Anmälan stänger"), description=_l("Tomt: när evenemanget är slut.")
    )
    registration_paused = Yes(_l("Stäng anmälan tills vidare"))
    invited_only = Yes(_l("Bara inbjudna får anmäla sig"))
    cancel_by = Moment(
        _l("Sista dag för avanmälan"),
        description=_l("Därefter får man höra av sig. Tomt: till starten."),
    )
    contact_name = Line(_l("Kontaktperson"))
    contact_email = Email(_l("E-post"), length=320)
    contact_phone = Phone(_l("Telefon"), length=40)
    case_number = Line(_l("Diarienummer"), length=80, description=_l("Till exempel 851-1234-2027."))
    assignment = Choice(_l("Uppdrag"), blank=_l("Inget"))
    co_organisers = Several(_l("Arrangeras tillsammans med"), option_widget=CheckboxInput())
    in_cooperation_with = Line(
        _l("I samverkan med"), length=500, description=_l("Till exempel Region Jönköpings län.")
    )
    cost = Prose(_l("Kostnad"))

    def __init__(
        self, event: Event, boards: list[Authority], assignments: list[Assignment]
    ) -> None:
        super().__init__(data=values_of(event))
        self.municipality.choices = municipality_choices()
        self.assignment.choices = [(one.slug, one.title) for one in assignments]
        self.co_organisers.choices = [(one.slug, one.name) for one in boards]
        self.boards, self.assignments = boards, assignments
        if not event.is_issue_council:
            for name in COUNCIL:
                del self[name]

    def validate(self, extra_validators: Any = None) -> bool:
        """At least one way to take part."""
        fine = bool(super().validate(extra_validators))
        if not (self.room.data or self.online.data):
            self.room.errors = [_("Välj minst ett sätt att delta.")]
        return fine and not self.errors

    def facts(self) -> dict[str, Any]:
        """What was decided, as facts of an event."""
        names = [*PLAIN, *(name for name in COUNCIL if name in self)]
        chosen = {one.slug: one for one in self.assignments}.get(self.assignment.data or "")
        return {name: self[name].data for name in names} | {
            "kind": Kind(self.kind.data),
            "themes": tuple(self.themes.data or ()),
            "audiences": tuple(self.audiences.data or ()),
            "municipality": self.municipality.data or None,
            "assignment_id": chosen.id if chosen else None,
            "co_organisers": [b for b in self.boards if b.slug in self.co_organisers.data],
        }

    def capacity(self) -> dict[Mode, int | None]:
        """The seats of each mode that is offered."""
        offered = {
            Mode.ROOM: (self.room.data, self.capacity_room.data),
            Mode.ONLINE: (self.online.data, self.capacity_online.data),
        }
        return {mode: seats for mode, (yes, seats) in offered.items() if yes}


def values_of(event: Event) -> dict[str, Any]:
    """What the form shows of `event`."""
    pools = {pool.mode: pool.capacity for pool in event.pools if pool.mode}
    return {name: getattr(event, name) for name in (*PLAIN, *COUNCIL)} | {
        "version": event.version,
        "kind": event.kind.value,
        "themes": list(event.themes),
        "audiences": list(event.audiences),
        "municipality": event.municipality or "",
        "assignment": event.assignment.slug if event.assignment else "",
        "co_organisers": [board.slug for board in event.co_organisers],
        "room": Mode.ROOM in pools,
        "online": Mode.ONLINE in pools,
        "capacity_room": pools.get(Mode.ROOM),
        "capacity_online": pools.get(Mode.ONLINE),
    }
