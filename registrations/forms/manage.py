"""Forms of the organiser: a person by hand, reasons, disposal rules."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from core.forms import Choice, Email, Form, Line, Number, Phone, Radio, Required, Version, Yes
from core.reference import SECTOR_WORDS
from events.rules import Mode
from events.words import MODE
from registrations.forms.public import municipality_choices
from registrations.placement.forms import picks_of, slot_fields
from registrations.placement.rules import Pick
from registrations.queries.public import Group
from registrations.questions.forms import fields as questions
from registrations.questions.rules import Asked, Value, needed
from registrations.rules import RoleKind
from registrations.words import ROLE_KIND

FACTS = ("first_name", "last_name", "email", "organisation", "sector", "municipality", "role_kind")


class WalkInForm(Form):
    """Somebody who stands at the door without having registered: as little as may be asked."""

    first_name = Line(_l("Förnamn"), required=_l("Skriv förnamnet."), length=100)
    last_name = Line(_l("Efternamn"), required=_l("Skriv efternamnet."), length=100)
    organisation = Line(_l("Organisation"), length=200)
    sector = Choice(
        _l("Sektor"),
        required=_l("Välj vilket slags organisation personen kommer från."),
        blank=_l("Välj"),
        choices=[(sector.value, words) for sector, words in SECTOR_WORDS.items()],
    )
    municipality = Choice(_l("Kommun"), blank=_l("Ingen särskild kommun"))
    role_kind = Radio(
        _l("Roll"),
        choices=[(kind.value, words) for kind, words in ROLE_KIND.items()],
        default=RoleKind.OFFICIAL.value,
    )
    email = Email(
        _l("E-post"), length=320, description=_l("Utan adress skickas ingen bekräftelse.")
    )
    mode = Radio(_l("Deltar"), required=_l("Välj hur personen deltar."))
    asked: tuple[Asked, ...] = ()

    def offer(self, modes: Sequence[Mode], county: str) -> None:
        """Which ways to take part there are (a single one is chosen); own county's places first."""
        self.municipality.choices = list(municipality_choices(county))
        self.mode.choices = [(mode.value, MODE[mode]) for mode in modes]
        if len(modes) == 1 and not self.mode.data:
            self.mode.data = modes[0].value

    def facts(self) -> dict[str, Any]:
        """What the form says of the person, as the services take it."""
        return {name: self[name].data for name in (*FACTS, "mode")}

    def validate(self, extra_validators: Any = None) -> bool:
        """An event's own questions are looked at together: some hang on other answers."""
        good = bool(super().validate(extra_validators))
        if not self.asked:
            return good
        questions.sift(self, self.asked, mode=self.mode.data or "", sector=self.sector.data or "")
        return not self.errors

    @property
    def answers(self) -> dict[int, Value]:
        """The answers to the event's own questions, as the service takes them."""
        return questions.given(
            self, self.asked, mode=self.mode.data or "", sector=self.sector.data or ""
        )


class PersonForm(WalkInForm):
    """A person whom the organiser enters or changes, as by telephone."""

    version = Version()
    phone = Phone(_l("Telefon"), length=40)
    diet = Line(_l("Specialkost eller allergi"), length=500)
    access_needs = Line(
        _l("Behov för att kunna delta"),
        length=500,
        description=_l("Till exempel teckenspråkstolk."),
    )
    forget_needs = Yes(_l("Ta bort det som står om kost och behov"))
    list_consent = Yes(_l("Vill stå på deltagarlistan som delas med de andra"))
    protected = Yes(
        _l("Skyddade personuppgifter"),
        description=_l(
            "Skriv det namn som personen själv väljer att visa. Det syns bara här, för dig och "
            "dina kollegor som planerar. Alla andra ser ”Skyddad deltagare” och ett nummer."
        ),
    )

    def facts(self) -> dict[str, Any]:
        """What the form says of the person, as the services take it."""
        more = ("phone", "list_consent", "protected")
        return super().facts() | {name: self[name].data for name in more}

    def needs(self) -> dict[str, str]:
        """The needs that are new; one that was left empty stays as it is."""
        if self.forget_needs.data:
            return {"diet": "", "access": ""}
        said = {"diet": self.diet.data, "access": self.access_needs.data}
        return {kind: text for kind, text in said.items() if text}

    def picks(self, groups: Iterable[Group]) -> list[Pick]:
        """The first and second choice in each slot."""
        return picks_of(self, groups)


def walk_in_form(asked: tuple[Asked, ...]) -> type[WalkInForm]:
    """The form of the door with those of the own questions that must be answered.

    Whoever stands in the door may leave them: the queue waits.
    """
    asked = needed(asked)
    fields = {"asked": asked} | questions.fields_for(asked, lenient=True)
    return type("WalkInFormOfEvent", (WalkInForm,), fields)


def person_form(groups: Iterable[Group], asked: tuple[Asked, ...] = ()) -> type[PersonForm]:
    """The form with fields more for each group of parallel items and each own question.

    Nobody need answer through the organiser: the person can do it by the link in the letter.
    """
    fields = slot_fields(groups, short=True)
    fields |= {"asked": asked} | questions.fields_for(asked, lenient=True)
    return type("PersonForm", (PersonForm,), fields)


class CancelForm(Form):
    """Why the organiser takes somebody off the list."""

    reason = Line(
        _l("Anledning"),
        required=_l("Skriv varför, till exempel ”Ringde återbud”."),
        length=300,
        description=_l("Syns i historiken, inte för deltagaren. Skriv inget om hälsa."),
    )


class DeclineForm(Form):
    """Why the organiser says no to a registration."""

    reason = Line(
        _l("Skäl"),
        required=_l("Skriv varför, så att personen förstår. Det står i mejlet."),
        length=300,
        description=_l("Står i mejlet till personen och i historiken."),
    )


class FirstForm(Form):
    """Why somebody passes the others on the waiting list."""

    reason = Line(
        _l("Anledning"),
        required=_l("Skriv varför personen går före de andra."),
        length=300,
        description=_l("Syns i historiken."),
    )


class DisposalForm(Form):
    """When a kind of data is erased, and by which decision."""

    data_kind = HiddenField(validators=[Required(_l("Välj vad beslutet gäller."))])
    authority = HiddenField()
    days = Number(
        _l("Dagar efter evenemanget"),
        low=0,
        high=3650,
        required=_l("Skriv efter hur många dagar uppgifterna ska raderas."),
    )
    decision_number = Line(
        _l("Beslutets diarienummer"),
        required=_l("Skriv diarienumret på gallringsbeslutet. Utan beslut raderas ingenting."),
        length=80,
    )
