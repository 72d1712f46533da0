"""What the contact of a party fills in."""

from collections.abc import Sequence
from typing import Any

import wtforms
from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from core.forms import Choice, Email, Form, Line, Phone, Radio
from core.reference import SECTOR_WORDS, Sector
from events.rules import Mode
from events.words import MODE
from registrations.forms.public import NAME, NoAddress, municipality_choices
from registrations.parties.rules import FIRST_ROWS, MORE_ROWS, How, rows_wanted
from registrations.parties.words import HOW
from registrations.placement.forms import another, not_online
from registrations.placement.rules import Pick
from registrations.queries.public import Group
from registrations.questions.forms import fields as questions
from registrations.questions.rules import Asked, Value
from registrations.rules import RoleKind
from registrations.words import ROLE_KIND

TEXTS = ("first_name", "last_name", "email")
ROLES = [(kind.value, word) for kind, word in ROLE_KIND.items()]


class PartyForm(Form):
    """The contact, the organisation, and a row for each person. Made by `party_form`."""

    contact_name = Line(
        _l("Ditt namn"),
        required=_l("Skriv ditt namn"),
        validators=[NoAddress(_l("Skriv ditt namn"))],
    )
    contact_email = Email(
        _l("Din e-post"),
        required=_l("Skriv din e-postadress, till exempel namn@kommun.se"),
        description=_l("Hit skickar vi länken till gruppens sida."),
        length=254,
    )
    contact_phone = Phone(_l("Din telefon"), length=40)
    organisation = Line(
        _l("Organisation"),
        required=_l("Skriv vilken organisation ni kommer från, till exempel Tranås kommun"),
    )
    sector = Choice(
        _l("Sorts organisation"),
        required=_l("Välj vilken sorts organisation ni kommer från"),
        blank=_l("Välj"),
        choices=[(sector.value, word) for sector, word in SECTOR_WORDS.items()],
    )
    how = Radio(
        _l("Om platserna inte räcker till alla"),
        required=_l("Välj vad som ska hända om platserna inte räcker till alla"),
        default=How.ALL.value,
        choices=[(how.value, word) for how, word in HOW.items()],
    )
    rows = wtforms.HiddenField()
    last_row: int = 0
    groups: tuple[Group, ...] = ()
    modes: tuple[Mode, ...] = ()
    asked: tuple[Asked, ...] = ()

    def validate_municipality(self, field: Any) -> None:
        """Whoever comes from a municipality says which."""
        if not field.data and self.sector.data == Sector.MUNICIPALITY:
            raise StopValidation(_("Välj vilken kommun ni kommer från"))

    @property
    def contact(self) -> dict[str, Any]:
        """Who registers, and from where, as the service takes it."""
        found = {name: self[f"contact_{name}"].data for name in ("name", "email", "phone")}
        return found | {
            "organisation": self.organisation.data,
            "sector": Sector(self.sector.data),
            "municipality": self["municipality"].data,
        }

    def written(self, row: int) -> bool:
        """Whether anything is written in a row."""
        names = (*TEXTS, "diet", "access_needs")
        return any(self[f"{name}_{row}"].data for name in names)

    def people(self) -> list[dict[str, Any]]:
        """The rows that are filled in, as the service takes them."""
        return [self._person(row) for row in range(1, self.last_row + 1) if self.written(row)]

    def _person(self, row: int) -> dict[str, Any]:
        texts = {name: self[f"{name}_{row}"].data for name in TEXTS}
        told = {"answers": self._answers(row)} if self.asked else {}
        return (
            texts
            | told
            | {
                "row": row,
                "role_kind": RoleKind(self[f"role_kind_{row}"].data or RoleKind.OFFICIAL),
                "mode": self._mode(row),
                "picks": [self._pick(group, row) for group in self.groups],
                "needs": {
                    "diet": self[f"diet_{row}"].data,
                    "access": self[f"access_needs_{row}"].data,
                },
            }
        )

    def _pick(self, group: Group, row: int) -> Pick:
        names = (f"{group.field}_{row}", f"{group.second}_{row}")
        first, second = (self[name].data if name in self else None for name in names)
        return Pick(
            group.field, group.name, int(first) if first else None,
            int(second) if second else None, group.placed,
        )  # fmt: skip

    def _answers(self, row: int) -> dict[int, Value]:
        return questions.given(self, self.asked, suffix=f"_{row}", **self._whose(row))

    def _whose(self, row: int) -> dict[str, str]:
        """By what it is known which questions concern the person."""
        mode = self._mode(row) or (self.modes[0] if self.modes else None)
        return {"mode": mode.value if mode else "", "sector": self.sector.data or ""}

    def _mode(self, row: int) -> Mode | None:
        """How the person takes part; None where there is only one way."""
        if len(self.modes) < 2:
            return None
        sent = self[f"mode_{row}"].data
        return Mode(sent) if sent in set(self.modes) else self.modes[0]

    def validate(self, extra_validators: Any = None) -> bool:
        """A row is filled in or left empty; half a person is told what is missing."""
        super().validate(extra_validators)
        wanted = {
            "first_name": _("Skriv förnamnet, eller töm raden."),
            "last_name": _("Skriv efternamnet, eller töm raden."),
            "email": _("Skriv en e-postadress: personen får ett eget mejl."),
        }
        rows = [row for row in range(1, self.last_row + 1) if self.written(row)]
        for row in rows:
            for name, sentence in wanted.items():
                field = self[f"{name}_{row}"]
                if not field.data and not field.errors:
                    field.errors = [sentence]
            questions.sift(self, self.asked, suffix=f"_{row}", **self._whose(row))
        for row in set(range(1, self.last_row + 1)) - set(rows):
            for one in self.asked:  # nobody is there who has to answer
                self[f"{one.field}_{row}"].errors = []
        if not rows:
            self["first_name_1"].errors = [_("Skriv minst en person.")]
        if questions.stale(self, request.form):
            self.form_errors.append(questions.changed())
        return not self.errors


def party_form(
    county: str,
    modes: Sequence[Mode],
    groups: tuple[Group, ...],
    left: dict[Any, int | None],
    asked: tuple[Asked, ...] = (),
) -> Any:
    """The form of one event, with as many rows as are asked for.

    `left` says by mode and item how many seats there are, for the words of the choices.
    """
    rows = _rows_asked_for()
    fields: dict[str, Any] = {
        "last_row": rows,
        "groups": groups,
        "modes": tuple(modes),
        "asked": asked,
        "municipality": Choice(
            _l("Kommun"),
            blank=_l("Välj"),
            description=_l("Behövs om ni kommer från en kommun."),
            choices=municipality_choices(county),
        ),
    }
    for row in range(1, rows + 1):
        made = _row(modes, groups, left, f"_{row}") | questions.fields_for(asked)
        fields |= {f"{name}_{row}": field for name, field in made.items()}
    form = type("PartyFormOfEvent", (PartyForm,), fields)()
    form.rows.data = str(rows)
    vars(form)["_fields"] = _in_order(vars(form)["_fields"])
    return form


def _in_order(fields: dict[str, Any]) -> dict[str, Any]:
    """As on the page, so that the summary of mistakes reads from the top."""
    first = ("form_key", "contact_name", "contact_email", "contact_phone", "organisation",
             "sector", "municipality")  # fmt: skip
    last = ("how", "rows")
    middle = [name for name in fields if name not in first + last]
    return {name: fields[name] for name in [*first, *middle, *last]}


def _rows_asked_for() -> int:
    """The rows of the form that was sent, and three more where the button for that was pressed."""
    text = request.form.get("rows", "")
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else FIRST_ROWS
    return rows_wanted(asked + (MORE_ROWS if "more" in request.form else 0))


def _row(
    modes: Sequence[Mode], groups: tuple[Group, ...], left: dict[Any, int | None], suffix: str
) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "first_name": Line(
            _l("Förnamn"), length=NAME,
            validators=[NoAddress(_l("Skriv förnamnet, eller töm raden."))],
        ),
        "last_name": Line(
            _l("Efternamn"), length=NAME,
            validators=[NoAddress(_l("Skriv efternamnet, eller töm raden."))],
        ),
        "email": Email(_l("E-post"), length=254),
    }  # fmt: skip
    if len(modes) > 1:
        fields["mode"] = Choice(
            _l("Deltar"),
            default=modes[0].value,
            choices=[(mode.value, _with_seats(MODE[mode], left.get(mode))) for mode in modes],
        )
    for group in groups:
        label = (
            _l("Önskar: %(group)s", group=group.name)
            if group.placed
            else _l("Pass: %(group)s", group=group.name)
        )
        fields[group.field] = Choice(
            label,
            blank=_l("Väljer senare"),
            choices=[
                (str(option.id), _with_seats(option.title, _seats_of(group, option.id, left)))
                for option in group.options
            ],
        )
        fields[f"validate_{group.field}"] = not_online(group, suffix)
        if len(group.options) > 1:
            fields[group.second] = Choice(
                _l("Andrahandsval: %(group)s", group=group.name),
                blank=_l("Inget andrahandsval"),
                choices=[(str(option.id), option.title) for option in group.options],
            )
            fields[f"validate_{group.second}"] = another(group, suffix)
    fields["role_kind"] = Choice(_l("Roll"), choices=ROLES, default=RoleKind.OFFICIAL.value)
    fields["diet"] = Line(_l("Specialkost"), length=300)
    fields["access_needs"] = Line(_l("Tillgänglighet"), length=300)
    return fields


def _seats_of(group: Group, item_id: int, left: dict[Any, int | None]) -> int | None:
    """Seats left; of no concern where they are placed after the last day."""
    return None if group.placed else left.get(item_id)


def _with_seats(name: Any, left: int | None) -> Any:
    """A choice and, where it is full, that it is."""
    return _l("%(name)s (fullt)", name=name) if left == 0 else name
