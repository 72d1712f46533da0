"""Forms of mailings: to whom, what, when; reminders; a corrected address."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import ValidationError

from core.forms import (
    Choice,
    Email,
    Form,
    Line,
    Moment,
    Number,
    Prose,
    Radio,
    Required,
    Several,
    Version,
    Yes,
)
from core.reference import SECTOR_WORDS, Sector, counties
from events.rules import Mode
from events.words import MODE
from registrations.mailings.queries import Audience
from registrations.mailings.rules import (
    BODY,
    DAYS,
    IN_SUBJECT,
    MOST_DAYS,
    SUBJECT,
    Occasion,
    Placeholder,
    Purpose,
    unknown,
)
from registrations.mailings.words import PURPOSE
from registrations.rules import Status
from registrations.words import STATUS

CAME: dict[str, bool] = {"ja": True, "nej": False}
UNCHOSEN = "utan:"  # before the name of a group in which nothing was chosen, as in the list
PICKED = re.compile(r"[1-9][0-9]{0,8}(,[1-9][0-9]{0,8}){0,499}")
TEXTS = ("subject", "body", "subject_en", "body_en")
TOGETHER = _l("Skriv både ämne och text på engelska, eller inget av dem.")


class Known:
    """Every placeholder in the text is one that there is."""

    def __init__(self, allowed: frozenset[Placeholder] = frozenset(Placeholder)) -> None:
        self.allowed = allowed

    def __call__(self, _form: Any, field: Any) -> None:
        """Name the strange ones, and those that there are."""
        wrong = unknown(field.data or "", self.allowed)
        if wrong:
            raise ValidationError(
                _(
                    "%(marks)s går inte att fylla i. Här kan du skriva %(known)s.",
                    marks=", ".join(wrong),
                    known=", ".join(
                        f"{{{one.value}}}" for one in Placeholder if one in self.allowed
                    ),
                )
            )


class MailingForm(Form):
    """To whom and what. `picked`: the numbers of those who were ticked in the list."""

    version = Version()
    picked = HiddenField()
    statuses = Several(
        _l("Status"),
        choices=[(status.value, words) for status, words in STATUS.items()],
        default=[Status.CONFIRMED.value],
        validators=[Required(_l("Välj minst en status."))],
    )
    mode = Choice(
        _l("Deltar"),
        blank=_l("Alla"),
        whole=True,
        choices=[(mode.value, MODE[mode]) for mode in Mode],
    )
    sector = Choice(
        _l("Sektor"),
        blank=_l("Alla"),
        whole=True,
        choices=[(sector.value, words) for sector, words in SECTOR_WORDS.items()],
    )
    county = Choice(
        _l("Län"),
        blank=_l("Alla"),
        whole=True,
        choices=[(county.code, county.name) for county in counties().values()],
    )
    item = Choice(_l("Har valt"), blank=_l("Alla"), whole=True, choices=[])
    came = Choice(
        _l("Kom"),
        blank=_l("Alla"),
        whole=True,
        choices=[("ja", _l("Har kommit")), ("nej", _l("Har inte kommit"))],
    )
    purpose = Radio(
        _l("Vad utskicket handlar om"),
        choices=[(purpose.value, words) for purpose, words in PURPOSE.items()],
        default=Purpose.PLACE.value,
        required=_l("Välj vad utskicket handlar om."),
    )
    subject = Line(
        _l("Ämne"), required=_l("Skriv ett ämne."), length=SUBJECT, validators=[Known(IN_SUBJECT)]
    )
    body = Prose(
        _l("Text"), required=_l("Skriv en text."), length=BODY, validators=[Known()],
        description=_l("En tom rad börjar ett nytt stycke."),
    )  # fmt: skip
    subject_en = Line(_l("Ämne på engelska"), length=SUBJECT, validators=[Known(IN_SUBJECT)])
    body_en = Prose(_l("Text på engelska"), length=BODY, validators=[Known()])

    def offer(self, choices: Mapping[str, Sequence[tuple[int, str]]]) -> None:
        """Which items can have been chosen, by group, and the groups where nothing has been."""
        self.item.choices = [
            line
            for group, items in choices.items()
            for line in (
                *((str(id_), title) for id_, title in items),
                (f"{UNCHOSEN}{group}", _("inget i %(group)s", group=group)),
            )
        ]

    def validate_picked(self, field: Any) -> None:
        """Only numbers, as the list sends them."""
        if field.data and not PICKED.fullmatch(field.data):
            raise ValidationError(_("Gå tillbaka till listan och kryssa för mottagarna igen."))

    @property
    def ids(self) -> tuple[int, ...]:
        """Those who were ticked; nobody for nonsense."""
        text = self.picked.data or ""
        return tuple(map(int, text.split(","))) if PICKED.fullmatch(text) else ()

    def validate(self, extra_validators: Any = None) -> bool:
        """English is written whole or not at all."""
        good = bool(super().validate(extra_validators))
        if bool(self.subject_en.data) != bool(self.body_en.data):
            empty = self.body_en if self.subject_en.data else self.subject_en
            empty.errors = [*empty.errors, str(TOGETHER)]
            return False
        return good

    def facts(self) -> dict[str, Any]:
        """What the form says, as the services take it."""
        item = self.item.data or ""
        audience = Audience(
            statuses=tuple(Status(value) for value in self.statuses.data or ()),
            mode=Mode(self.mode.data) if self.mode.data else None,
            sector=Sector(self.sector.data) if self.sector.data else None,
            county=self.county.data or "",
            item=int(item) if item and not item.startswith(UNCHOSEN) else None,
            unchosen=item.removeprefix(UNCHOSEN) if item.startswith(UNCHOSEN) else "",
            came=CAME.get(self.came.data),
            ids=self.ids,
        )
        return {
            "audience": audience.stored(),
            "purpose": Purpose(self.purpose.data),
            **{name: self[name].data for name in TEXTS},
        }


def present(thing: Any) -> dict[str, Any]:
    """What a mailing holds, as the form shows it."""
    kept: Mapping[str, Any] = thing.audience
    unchosen = UNCHOSEN + kept["unchosen"] if kept.get("unchosen") else ""
    came: dict[bool | None, str] = {value: name for name, value in CAME.items()}
    return {
        "statuses": kept.get("statuses"), "mode": kept.get("mode") or "",
        "sector": kept.get("sector") or "", "county": kept.get("county") or "",
        "picked": ",".join(map(str, kept.get("ids") or ())),
        "item": str(kept.get("item") or unchosen), "came": came.get(kept.get("came"), ""),
        "purpose": thing.purpose.value, "version": thing.version,
        **{name: getattr(thing, name) for name in TEXTS},
    }  # fmt: skip


class SendForm(Form):
    """Now, or at a time."""

    version = Version()
    when = Radio(
        _l("När ska det skickas?"),
        choices=[("now", _l("Nu")), ("later", _l("Vid en viss tid"))],
        default="now",
        required=_l("Välj när utskicket ska gå."),
    )
    send_at = Moment(_l("Dag och tid"), description=_l("Gäller bara om du har valt en viss tid."))

    def validate(self, extra_validators: Any = None) -> bool:
        """A time is given where one is chosen."""
        good = bool(super().validate(extra_validators))
        if good and self.when.data == "later" and self.send_at.data is None:
            self.send_at.errors = [_("Skriv när utskicket ska gå.")]
            return False
        return good


class AddressForm(Form):
    """Where somebody is reached instead."""

    email = Email(_l("Rätt adress"), required=_l("Skriv adressen som mejlet ska gå till."))
    reason = Line(
        _l("Varför"),
        required=_l("Skriv varför adressen ändras."),
        length=200,
        description=_l("Står i loggen. Skriv inga personuppgifter."),
    )


class RemindersForm(Form):
    """The three reminders of an event, each with its own switch, days and words."""

    before_on = Yes(_l("Påminn dem som har plats"))
    before_days = Number(_l("Dagar före evenemanget"), low=1, high=MOST_DAYS)
    before_subject = Line(_l("Ämne"), length=SUBJECT, validators=[Known(IN_SUBJECT)])
    before_body = Prose(_l("Text"), length=BODY, validators=[Known()])
    before_subject_en = Line(_l("Ämne på engelska"), length=SUBJECT, validators=[Known(IN_SUBJECT)])
    before_body_en = Prose(_l("Text på engelska"), length=BODY, validators=[Known()])
    unanswered_on = Yes(_l("Påminn inbjudna organisationer som inte har svarat"))
    unanswered_days = Number(_l("Dagar före sista dagen att svara"), low=1, high=MOST_DAYS)
    after_on = Yes(_l("Tacka dem som kom"))
    after_days = Number(_l("Dagar efter evenemanget"), low=1, high=MOST_DAYS)
    after_waits = Yes(
        _l("Vänta tills dokumentationen är publicerad"),
        description=_l("Då kan länken till den vara med i mejlet."),
    )
    after_subject = Line(_l("Ämne"), length=SUBJECT, validators=[Known(IN_SUBJECT)])
    after_body = Prose(_l("Text"), length=BODY, validators=[Known()])
    after_subject_en = Line(_l("Ämne på engelska"), length=SUBJECT, validators=[Known(IN_SUBJECT)])
    after_body_en = Prose(_l("Text på engelska"), length=BODY, validators=[Known()])

    def validate(self, extra_validators: Any = None) -> bool:
        """What is switched on has days and words."""
        good = bool(super().validate(extra_validators))
        for occasion in (Occasion.BEFORE, Occasion.UNANSWERED, Occasion.AFTER):
            if not self[f"{occasion.value}_on"].data:
                continue
            days = self[f"{occasion.value}_days"]
            if days.data is None and not days.errors:
                days.errors = [_("Skriv hur många dagar.")]
                good = False
            for name in ("subject", "body"):
                field = self._fields.get(f"{occasion.value}_{name}")
                if field is not None and not field.data:
                    field.errors = [_("Skriv något här, eller slå av påminnelsen.")]
                    good = False
            english = [self._fields.get(f"{occasion.value}_{name}_en") for name in TEXTS[:2]]
            if sum(bool(field and field.data) for field in english) == 1:
                empty = next(field for field in english if field and not field.data)
                empty.errors = [str(TOGETHER)]
                good = False
        return good

    def facts(self, occasion: Occasion) -> dict[str, Any]:
        """What the form says of one reminder, as the service takes it."""
        own = occasion.value
        texts: dict[str, Any] = {
            name: self[f"{own}_{name}"].data for name in TEXTS if f"{own}_{name}" in self._fields
        }
        if occasion is Occasion.AFTER:
            texts["waits"] = self.after_waits.data
        return {
            "is_on": self[f"{own}_on"].data,
            "days": self[f"{own}_days"].data or DAYS[occasion],
            **texts,
        }
