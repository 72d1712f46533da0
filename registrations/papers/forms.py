"""Which list, and how the badges are to look. The form of the badges is also read from addresses,
so that a sheet can be looked at before it is made.
"""

from collections.abc import Iterable
from typing import Any

import wtforms
from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.forms import Choice, Form, Line, Number, Radio, Several, Yes
from core.reference import SECTOR_WORDS, counties
from events.models import ProgrammeItem
from registrations.papers.rules import (
    MOST_BLANKS,
    SHEETS,
    Format,
    Hidden,
    Level,
    Order,
    Part,
    Wanted,
    WantedList,
    Who,
)
from registrations.papers.words import HIDDEN, ORDER, PART, SHEET, WHO

WHOSE = ("vilka", "q", "sektor", "lan", "val", "kom")


class ListForm(Form):
    """Which list, in what order and as what kind of file."""

    level = wtforms.HiddenField(default=Level.PARTICIPANTS.value)
    order = Choice(
        _l("Ordning"),
        choices=[(order.value, words) for order, words in ORDER.items()],
        default=Order.NAME.value,
    )
    everyone = Yes(_l("Ta med reserver, avanmälda och andra utan plats"))
    contact = Yes(_l("Ta med e-post och telefon"))
    format = Choice(choices=[(one.value, one.value) for one in Format], default=Format.PDF.value)

    def wanted(self, level: Level) -> WantedList:
        """What a form that has been found good asks for."""
        return WantedList(
            level=level,
            format=Format(self.format.data or Format.PDF),
            order=Order(self.order.data or Order.NAME),
            everyone=bool(self.everyone.data),
            contact=bool(self.contact.data),
        )


class BadgeForm(Form):
    """How the badges are to look, and whose. Bound to the address where that says something."""

    ark = Radio(
        _l("Ark"), choices=list(SHEET.items()), default="90x54",
        required=_l("Välj hur arket ser ut."),
    )  # fmt: skip
    vilka = Radio(
        _l("Vilka"), choices=[(who.value, words) for who, words in WHO.items()],
        default=Who.ALL.value, required=_l("Välj vilka brickor som ska göras."),
    )  # fmt: skip
    q = Line(_l("Namn, organisation eller kommun"), length=100)
    sektor = Choice(
        _l("Sektor"), blank=_l("Alla"), whole=True,
        choices=[(sector.value, words) for sector, words in SECTOR_WORDS.items()],
    )  # fmt: skip
    lan = Choice(
        _l("Län"), blank=_l("Alla"), whole=True,
        choices=[(county.code, county.name) for county in counties().values()],
    )  # fmt: skip
    val = Choice(_l("Har valt"), blank=_l("Alla"), whole=True)
    kom = Choice(
        _l("Kom"), blank=_l("Alla"), whole=True,
        choices=[("ja", _l("Har kommit")), ("nej", _l("Har inte kommit"))],
    )  # fmt: skip
    antal = Number(_l("Antal tomma"), low=1, high=MOST_BLANKS, default=10)
    med = Several(
        _l("Utöver namnet står"), choices=[(part.value, words) for part, words in PART.items()],
        default=[Part.ORGANISATION.value, Part.CODE.value],
    )  # fmt: skip
    skyddade = Radio(
        _l("Personer med skyddade uppgifter får"),
        choices=[(hidden.value, words) for hidden, words in HIDDEN.items()],
        default=Hidden.BLANK.value,
        description=_l("Aldrig namnet. Numret är det som personen har fått av er."),
    )
    start = Number(
        _l("Börja på plats"), low=1, high=10, default=1,
        description=_l("Om ett ark redan är delvis använt. Räkna från vänster, rad för rad."),
    )  # fmt: skip
    linjer = Yes(_l("Rita linjer att skära efter"), default=True)

    def __init__(self, items: Iterable[ProgrammeItem], ids: tuple[int, ...]) -> None:
        asked = request.form if request.method == "POST" else request.args
        wtforms.Form.__init__(self, formdata=asked if "ark" in asked else None)
        if "ark" not in asked:
            self._begin(asked)
        self.val.choices = [wtforms.SelectChoice(str(item.id), item.title) for item in items]
        self.ids = ids

    def _begin(self, asked: Any) -> None:
        """A link may say whose badges, as the list of participants does; the look is as usual."""
        for name in WHOSE:
            if name in asked:
                self[name].process_formdata([asked[name]])

    def validate(self, extra_validators: Any = None) -> bool:
        """The place to begin must be on the sheet."""
        good = bool(super().validate(extra_validators))
        places = SHEETS[self.ark.data].places if self.ark.data in SHEETS else 0
        if good and (self.start.data or 1) > places:
            self.start.errors = [
                _("Ett sådant ark har %(n)s platser. Skriv ett tal från 1 till %(n)s.", n=places)
            ]
            return False
        return good

    def wanted(self) -> Wanted:
        """What a form that has been found good asks for."""
        who = Who(self.vilka.data)
        return Wanted(
            sheet=self.ark.data,
            who=who,
            parts=frozenset(Part(part) for part in self.med.data or ()),
            hidden=Hidden(self.skyddade.data or Hidden.BLANK),
            start=self.start.data or 1,
            lines=bool(self.linjer.data),
            blanks=self.antal.data or 1,
            **(self._chosen() if who is Who.SOME else {}),
        )

    def _chosen(self) -> dict[str, Any]:
        return {
            "text": self.q.data or "",
            "sector": self.sektor.data or "",
            "county": self.lan.data or "",
            "item": int(self.val.data) if self.val.data else None,
            "came": {"ja": True, "nej": False}.get(self.kom.data),
            "ids": self.ids,
        }


def asked(wanted: Wanted) -> dict[str, Any]:
    """The address parts by which `BadgeForm` reads `wanted` again."""
    return {
        "ark": wanted.sheet,
        "vilka": wanted.who.value,
        "q": wanted.text,
        "sektor": wanted.sector,
        "lan": wanted.county,
        "val": str(wanted.item or ""),
        "kom": {True: "ja", False: "nej", None: ""}[wanted.came],
        "antal": str(wanted.blanks),
        "med": [part.value for part in Part if part in wanted.parts],
        "skyddade": wanted.hidden.value,
        "start": str(wanted.start),
        **({"linjer": "y"} if wanted.lines else {}),
        "vald": [str(id_) for id_ in wanted.ids],
    }
