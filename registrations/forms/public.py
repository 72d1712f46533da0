"""The form of a participant: one page, one minute on a telephone."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import wtforms
from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from core.forms import Choice, Email, Form, Line, Phone, Radio, Version, Yes
from core.reference import SECTOR_WORDS, Sector, municipalities
from core.text import swedish_order
from events.rules import Mode
from events.words import MODE
from registrations.placement.forms import picks_of, slot_fields
from registrations.placement.rules import Pick
from registrations.queries.public import Group
from registrations.questions.forms import fields as questions
from registrations.questions.rules import Asked, Value
from registrations.rules import RoleKind
from registrations.words import ROLE_KIND

NAME = 100
# Mail readers make links of these. A letter greets by name whoever's address was written.
LINKED = re.compile(r"//|www\.|@|[^\W\d_]{2}\.(?:[a-z]{2}|[A-Z]{2})")
# The order on the page, which is that of the summary of mistakes too.
FIRST = (
    "form_key", "first_name", "last_name", "email", "phone", "organisation", "sector",
    "municipality", "role_kind", "mode",
)  # fmt: skip


@cache
def municipality_choices(county: str) -> tuple[wtforms.SelectChoice, ...]:
    """All municipalities by name, those of the county first."""
    everywhere = sorted(municipalities().values(), key=lambda place: swedish_order(place.name))
    own = [place for place in everywhere if place.county_code == county]
    rest = [place for place in everywhere if place.county_code != county]
    return tuple(wtforms.SelectChoice(place.code, place.name) for place in [*own, *rest])


class NoAddress:
    """The text must not hold a web or mail address; `sentence` says what to write instead."""

    def __init__(self, sentence: Any) -> None:
        self.sentence = sentence

    def __call__(self, _form: Any, field: Any) -> None:
        """Stop at what a mail reader would make a link of."""
        if LINKED.search(field.data or ""):
            raise StopValidation(str(self.sentence))


class PersonForm(Form):
    """What is asked of everybody."""

    first_name = Line(
        _l("Förnamn"),
        required=_l("Skriv ditt förnamn"),
        length=NAME,
        validators=[NoAddress(_l("Skriv ditt förnamn"))],
    )
    last_name = Line(
        _l("Efternamn"),
        required=_l("Skriv ditt efternamn"),
        length=NAME,
        validators=[NoAddress(_l("Skriv ditt efternamn"))],
    )
    email: Any = Email(
        _l("E-post"),
        required=_l("Skriv din e-postadress, till exempel namn@kommun.se"),
        description=_l("Hit skickar vi bekräftelsen och kalenderfilen."),
        length=254,
    )
    phone = Phone(_l("Telefon"), description=_l("Om vi behöver nå dig samma dag."), length=40)
    organisation = Line(
        _l("Organisation"),
        required=_l("Skriv vilken organisation du kommer från, till exempel Tranås kommun"),
    )
    sector = Choice(
        _l("Sorts organisation"),
        required=_l("Välj vilken sorts organisation du kommer från"),
        blank=_l("Välj"),
        choices=[(sector.value, word) for sector, word in SECTOR_WORDS.items()],
    )
    role_kind = Radio(
        _l("Du kommer som"),
        required=_l("Välj i vilken roll du kommer"),
        default=RoleKind.OFFICIAL.value,
        choices=[(kind.value, word) for kind, word in ROLE_KIND.items()],
    )
    diet = Line(
        _l("Specialkost"),
        description=_l("Skriv bara det köket behöver veta. Uppgiften raderas efter dagen."),
        length=300,
    )
    access_needs = Line(
        _l("Tillgänglighet"),
        description=_l(
            "Till exempel teckenspråkstolk eller plats för rullstol. Uppgiften raderas efter dagen."
        ),
        length=300,
    )
    list_consent = Yes(
        _l("Mitt namn och min organisation får stå på deltagarlistan som delas med de andra")
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        slots = (name for group in self.groups for name in (group.field, group.second))
        order = [*FIRST, *slots, *(one.field for one in self.asked)]
        fields: dict[str, Any] = vars(self)["_fields"]
        rest = [name for name in fields if name not in order]
        self._fields = {name: fields[name] for name in order + rest if name in fields}

    def validate_municipality(self, field: Any) -> None:
        """Whoever comes from a municipality says which."""
        if not field.data and self.sector.data == Sector.MUNICIPALITY:
            raise StopValidation(_("Välj vilken kommun du kommer från"))

    def validate(self, extra_validators: Any = None) -> bool:
        """An event's own questions are looked at together: some hang on other answers."""
        good = bool(super().validate(extra_validators))
        if not self.asked:
            return good
        questions.sift(self, self.asked, mode=self.takes_part, sector=self.sector.data or "")
        if questions.stale(self, request.form):
            self.form_errors.append(questions.changed())
        return not self.errors

    @property
    def takes_part(self) -> str:
        """How: as was chosen, or as everybody does."""
        return str(self.mode.data or "") if "mode" in self._fields else self.only_mode

    @property
    def answers(self) -> dict[int, Value]:
        """The answers to the event's own questions, as the service takes them."""
        return questions.given(
            self, self.asked, mode=self.takes_part, sector=self.sector.data or ""
        )

    @property
    def facts(self) -> dict[str, Any]:
        """What the service is given; the mode only where it was asked for."""
        names = (
            "first_name", "last_name", "phone", "organisation", "sector", "municipality",
            "role_kind", "list_consent", "email", "mode",
        )  # fmt: skip
        return {name: self[name].data for name in names if name in self._fields}

    @property
    def choices(self) -> list[int]:
        """The ids of the items in which a seat is asked for."""
        return [one.first for one in self.picks if one.first and not one.placed]

    @property
    def picks(self) -> list[Pick]:
        """The first and second choice in each slot."""
        return picks_of(self, self.groups)

    @property
    def needs(self) -> dict[str, str]:
        """Diet and access, as the encrypted table wants them."""
        return {"diet": self.diet.data or "", "access": self.access_needs.data or ""}

    groups: tuple[Group, ...] = ()
    asked: tuple[Asked, ...] = ()
    only_mode = ""


class ChangeForm(PersonForm):
    """What a participant may change; needs are never shown, only replaced or taken away."""

    email = None  # another address is another link: the organiser changes it
    version = Version()
    forget_needs = Yes(_l("Ta bort det jag har skrivit om kost och tillgänglighet"))

    @property
    def new_needs(self) -> dict[str, str] | None:
        """What replaces the needs there are: nothing where nothing was written."""
        if self.forget_needs.data:
            return {"diet": "", "access": ""}
        return {kind: text for kind, text in self.needs.items() if text} or None


class LinkForm(Form):
    """Where to send the link again."""

    email = Email(
        _l("E-post"),
        required=_l("Skriv din e-postadress, till exempel namn@kommun.se"),
        description=_l("Den adress du anmälde dig med."),
        length=254,
    )


def registration_form(
    county: str,
    modes: Sequence[Mode],
    groups: tuple[Group, ...],
    asked: tuple[Asked, ...] = (),
) -> type[PersonForm]:
    """The form of one event: with a choice of mode where there are several, of items, and with
    the event's own questions.
    """
    made: type[PersonForm] = _with_choices(PersonForm, county, modes, groups, asked)
    return made


def change_form(
    county: str,
    modes: Sequence[Mode],
    groups: tuple[Group, ...],
    asked: tuple[Asked, ...] = (),
) -> type[ChangeForm]:
    """The form in which somebody changes their own registration."""
    made: type[ChangeForm] = _with_choices(ChangeForm, county, modes, groups, asked)
    return made


def _with_choices(
    base: Any,
    county: str,
    modes: Iterable[Mode],
    groups: tuple[Group, ...],
    asked: tuple[Asked, ...],
) -> Any:
    fields: dict[str, Any] = {
        "groups": groups,
        "asked": asked,
        "municipality": Choice(
            _l("Kommun"),
            blank=_l("Välj"),
            description=_l("Behövs om du kommer från en kommun."),
            choices=municipality_choices(county),
        ),
    }
    modes = list(modes)
    if len(modes) > 1:
        fields["mode"] = Radio(
            _l("Hur deltar du?"),
            required=_l("Välj hur du deltar"),
            choices=[(mode.value, MODE[mode]) for mode in modes],
        )
    fields |= slot_fields(groups)
    if len(modes) == 1:
        fields["only_mode"] = modes[0].value
    fields |= questions.fields_for(asked)
    return type(f"{base.__name__}OfEvent", (base,), fields)
