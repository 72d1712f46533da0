"""What organisers and invited organisations fill in."""

from typing import Any, cast

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.forms import Choice, Day, Email, Form, Line, Number, Prose, Version
from core.reference import SECTOR_WORDS, Sector, counties, municipalities
from core.text import swedish_order
from events.rules import Mode
from events.words import MODE
from registrations.forms.public import NoAddress
from registrations.invitations.queries.named import WhoKey
from registrations.invitations.rules import MOST_SEATS
from registrations.questions.forms import fields as questions
from registrations.questions.rules import Asked, Value
from registrations.rules import RoleKind
from registrations.services.people import keys
from registrations.words import ROLE_KIND


def _sectors() -> list[tuple[str, Any]]:
    return [(sector.value, SECTOR_WORDS[sector]) for sector in Sector]


def _municipalities() -> list[tuple[str, str]]:
    found = [(one.code, one.name) for one in municipalities().values()]
    return sorted(found, key=lambda pair: swedish_order(pair[1]))


def _counties() -> list[tuple[str, str]]:
    return [(county.code, county.name) for county in counties().values()]


class OrganisationForm(Form):
    """An organisation in the register."""

    version = Version()
    name = Line(_l("Namn"), required=_l("Skriv organisationens namn."))
    renamed = Day(
        _l("Det nya namnet gäller från"),
        description=_l("Lämna tomt om du bara rättar stavningen. Då ändras namnet även bakåt."),
    )
    sector = Choice(
        _l("Sektor"),
        choices=_sectors,
        blank=_l("Välj"),
        required=_l("Välj organisationens sektor."),
    )
    municipality = Choice(
        _l("Kommun"), choices=_municipalities, blank=_l("Ingen särskild"),
        description=_l("Där organisationen har sitt säte eller mest verksamhet."),
    )  # fmt: skip
    county_code = Choice(
        _l("Län"), choices=_counties, blank=_l("Hela landet"),
        description=_l("Behövs bara när du inte har valt kommun."),
    )  # fmt: skip

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        names = ("name", "sector", "municipality", "county_code")
        facts = {name: self[name].data for name in names}
        return facts | {"sector": Sector(facts["sector"])}


class InvitationForm(Form):
    """How an organisation is invited."""

    version = Version()
    seats = Number(
        _l("Hur många får komma?"), low=1, high=MOST_SEATS, default=1,
        required=_l("Skriv hur många som får komma, till exempel 2."),
    )  # fmt: skip
    criterion = Line(
        _l("Urvalsgrund"),
        required=_l("Skriv på vilken grund organisationen är vald."),
        description=_l("Välj ett förslag eller skriv en egen."),
    )
    reason = Prose(
        _l("Varför just de?"), length=1000,
        required=_l("Skriv en mening om varför organisationen är inbjuden."),
        description=_l("En mening. Den visas öppet på webben: skriv inga personnamn."),
    )  # fmt: skip
    email = Email(
        _l("E-post som inbjudan går till"),
        required=_l("Skriv en e-postadress, till exempel info@foreningen.se"),
        description=_l("Gärna organisationens egen adress. Den visas inte på webben."),
    )

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: self[name].data for name in ("seats", "criterion", "reason", "email")}


class AddInvitationForm(InvitationForm):
    """An organisation from the register, or a new one in the same step."""

    organisation = Line(
        _l("Organisation"),
        required=_l("Skriv organisationens namn."),
        description=_l("Börja skriva: de som finns i registret föreslås."),
    )
    sector = Choice(_l("Sektor"), choices=_sectors, blank=_l("Välj"))
    municipality = Choice(_l("Kommun"), choices=_municipalities, blank=_l("Ingen särskild"))


class AddressForm(Form):
    """Where a sent invitation is to go instead."""

    version = Version()
    email = Email(
        _l("Ny e-postadress"),
        required=_l("Skriv en e-postadress, till exempel info@foreningen.se"),
    )


class DeclineForm(Form):
    """No, with a word to the organiser."""

    version = Version()
    message = Prose(
        _l("Vill ni säga något till oss?"), length=2000,
        description=_l("Till exempel om någon annan borde vara med. Visas inte på webben."),
    )  # fmt: skip


class AnswerForm(Form):
    """Yes, with one row for each person who may come. Made by `answer_form`."""

    version = Version()
    rows: int = 0
    modes: tuple[Mode, ...] = ()
    usual_mode = ""
    sector = ""
    asked: tuple[Asked, ...] = ()
    named: frozenset[WhoKey] = frozenset()

    def people(self) -> list[dict[str, Any]]:
        """The rows that are filled in, as the service takes them."""
        found = []
        for row in range(1, self.rows + 1):
            texts = {
                name: self[f"{name}_{row}"].data for name in ("first_name", "last_name", "email")
            }
            if any(texts.values()):
                mode = self[f"mode_{row}"].data if self.modes else None
                told = {"answers": self._answers(row)} if self.asked else {}
                found.append(
                    texts
                    | told
                    | {
                        "role_kind": RoleKind(self[f"role_{row}"].data or RoleKind.OTHER),
                        "mode": Mode(mode) if mode else None,
                        "row": row,
                    }
                )
        return found

    def validate(self, extra_validators: Any = None) -> bool:
        """A row is filled in or left empty; half a person is told what is missing.

        The event's own questions are asked about those who are named now, not about those who
        stood there before: what these have answered is theirs.
        """
        super().validate(extra_validators)
        if any(field.errors for field in self if field.name.startswith(("role_", "mode_"))):
            return False  # `people` can read only what is on the lists
        wanted = {
            "first_name": _("Skriv förnamnet, eller töm raden."),
            "last_name": _("Skriv efternamnet, eller töm raden."),
            "email": _("Skriv en egen e-postadress: personen får ett eget mejl."),
        }
        answering = set()
        for person in self.people():
            found = keys(*(person[name] or "" for name in ("first_name", "last_name", "email")))
            if (found["email_key"], found["name_key"]) not in self.named:
                answering.add(person["row"])
            for name, sentence in wanted.items():
                field = self[f"{name}_{person['row']}"]
                if not field.data and not field.errors:
                    field.errors = [sentence]
        for row in range(1, self.rows + 1):
            if row in answering:
                questions.sift(self, self.asked, suffix=f"_{row}", **self._whose(row))
                continue
            for one in self.asked:
                self[f"{one.field}_{row}"].errors = []
        if questions.stale(self, request.form):
            self.form_errors.append(questions.changed())
        return not self.errors

    def asks(self, row: int) -> bool:
        """Whether the questions are shown in a row: a new one, or one that has to answer."""
        wrong = any(self[f"{one.field}_{row}"].errors for one in self.asked)
        return bool(self.asked) and (wrong or row > len(self.named))

    def _answers(self, row: int) -> dict[int, Value]:
        return questions.given(self, self.asked, suffix=f"_{row}", **self._whose(row))

    def _whose(self, row: int) -> dict[str, str]:
        """By what it is known which questions concern the person."""
        mode = self[f"mode_{row}"].data if self.modes else self.usual_mode
        return {"mode": mode or "", "sector": self.sector}


def answer_form(
    rows: int,
    modes: tuple[Mode, ...],
    data: dict[str, Any] | None = None,
    *,
    asked: tuple[Asked, ...] = (),
    sector: str = "",
    named: frozenset[WhoKey] = frozenset(),
) -> AnswerForm:
    """A form with `rows` rows; a way to take part is asked for where there is more than one.

    `asked` are the event's own questions, `sector` the organisation's, `named` those who stand
    there already.
    """
    several = modes if len(modes) > 1 else ()
    fields: dict[str, Any] = {
        "rows": rows, "modes": several, "asked": asked, "sector": sector, "named": named,
        "usual_mode": modes[0].value if len(modes) == 1 else "",
    }  # fmt: skip
    roles = [(role.value, ROLE_KIND[role]) for role in RoleKind]
    for row in range(1, rows + 1):
        fields[f"first_name_{row}"] = Line(
            _l("Förnamn"), length=100,
            validators=[NoAddress(_l("Skriv förnamnet, eller töm raden."))],
        )  # fmt: skip
        fields[f"last_name_{row}"] = Line(
            _l("Efternamn"), length=100,
            validators=[NoAddress(_l("Skriv efternamnet, eller töm raden."))],
        )  # fmt: skip
        fields[f"email_{row}"] = Email(_l("E-post"))
        fields[f"role_{row}"] = Choice(_l("Roll"), choices=roles, default=RoleKind.OTHER.value)
        if several:
            fields[f"mode_{row}"] = Choice(
                _l("Deltar"),
                choices=[(m.value, MODE[m]) for m in several],
                default=several[0].value,
            )
        fields |= questions.fields_for(asked, suffix=f"_{row}")
    made = type("AnswerFormOfRows", (AnswerForm,), fields)
    return cast(AnswerForm, made(data=data))
