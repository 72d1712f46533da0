"""What is asked of somebody who comes instead of another."""

from typing import Any

from flask_babel import lazy_gettext as _l

from core.forms import Email, Form, Line, Phone, Radio, Version
from registrations.forms.public import NAME, NoAddress
from registrations.placement.forms import picks_of, slot_fields
from registrations.placement.rules import Pick
from registrations.queries.public import Group
from registrations.rules import RoleKind
from registrations.words import ROLE_KIND

SAME = "same"


class SubstituteForm(Form):
    """Who comes instead. Made by `substitute_form`; the staff's has a reason too."""

    version = Version()
    first_name = Line(
        _l("Förnamn"), required=_l("Skriv förnamnet på den som kommer i stället"), length=NAME,
        validators=[NoAddress(_l("Skriv förnamnet på den som kommer i stället"))],
    )  # fmt: skip
    last_name = Line(
        _l("Efternamn"), required=_l("Skriv efternamnet på den som kommer i stället"), length=NAME,
        validators=[NoAddress(_l("Skriv efternamnet på den som kommer i stället"))],
    )  # fmt: skip
    email = Email(
        _l("E-post"),
        required=_l("Skriv personens e-postadress, till exempel namn@kommun.se"),
        description=_l("Hit skickar vi en bekräftelse och kalenderfilen."),
        length=254,
    )
    phone = Phone(_l("Telefon"), length=40)
    role_kind = Radio(
        _l("Roll"),
        required=_l("Välj i vilken roll personen kommer"),
        choices=[(kind.value, word) for kind, word in ROLE_KIND.items()],
    )
    diet = Line(
        _l("Specialkost"),
        description=_l("Skriv bara det köket behöver veta. Uppgiften raderas efter dagen."),
        length=300,
    )
    access_needs = Line(_l("Tillgänglighet"), length=300)
    groups: tuple[Group, ...] = ()

    @property
    def facts(self) -> dict[str, Any]:
        """The substitute's own, as the service takes them."""
        names = ("first_name", "last_name", "email", "phone")
        return {name: self[name].data for name in names} | {
            "role_kind": RoleKind(self.role_kind.data)
        }

    @property
    def picks(self) -> list[Pick]:
        """What is asked for in each slot."""
        return picks_of(self, self.groups)

    @property
    def needs(self) -> dict[str, str]:
        """Diet and access, as the encrypted table wants them."""
        return {"diet": self.diet.data or "", "access": self.access_needs.data or ""}


def substitute_form(groups: tuple[Group, ...], *, reason: bool = False) -> Any:
    """The form of one event, with its choices; with a reason for those who work here."""
    fields: dict[str, Any] = {"groups": groups} | slot_fields(groups)
    if reason:
        fields["reason"] = Line(
            _l("Anledning"),
            required=_l("Skriv varför, till exempel ”Ringde och bad om det”."),
            length=300,
            description=_l("Syns i historiken, inte för deltagarna. Skriv inget om hälsa."),
        )
    return type("SubstituteFormOfEvent", (SubstituteForm,), fields)


def offer_same(form: Any) -> None:
    """Let the contact of a party leave each choice as it was, without being told what it was."""
    for group in form.groups:
        same = (SAME, _l("Samma som den förra"))
        form[group.field].choices = [same, *form[group.field].choices]


def with_same(form: Any, before: dict[str, Pick]) -> list[Pick]:
    """What is asked for in each slot; left the same, what stands in `before` for its field."""
    same = {group.field for group in form.groups if form[group.field].data == SAME}
    others = [group for group in form.groups if group.field not in same]
    return picks_of(form, others) + [before[field] for field in same & before.keys()]
