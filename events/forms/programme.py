"""A line of the programme, with those who appear in it."""

from datetime import date, datetime, time
from typing import Any

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.forms import Choice, Form, Line, Number, Prose, Rows, Version, Yes
from core.i18n import day as day_words
from events.forms.fields import Clock, together
from events.models import ProgrammeItem, Speaker
from events.rules import ItemKind, SpeakerRole
from events.times import wall
from events.words import ITEM_KIND, SPEAKER_ROLE

MOST = 20  # people in one item
BLANKS = 2  # empty lines to add people in
ROLES = [(role.value, words) for role, words in SPEAKER_ROLE.items()]


class PersonForm(wtforms.Form):
    """One who appears: somebody in the register, and in which role."""

    speaker = Choice(_l("Medverkande"), blank=_l("Ingen"))
    role = Choice(_l("Roll"), choices=ROLES)


class ItemForm(Form):
    """When, what, where and who. A new speaker is added to the register in the same step."""

    version = Version()
    kind = Choice(_l("Vad är det?"), choices=[(k.value, w) for k, w in ITEM_KIND.items()],
                  required=_l("Välj vad det är."))  # fmt: skip
    day = Choice(_l("Dag"), required=_l("Välj dag."))
    begins = Clock(_l("Börjar kl."), required=_l("Skriv när punkten börjar."))
    stops = Clock(_l("Slutar kl."), required=_l("Skriv när punkten slutar."))
    title = Line(_l("Rubrik"), required=_l("Skriv en rubrik."))
    text = Prose(_l("Beskrivning"))
    room = Line(_l("Rum"), length=100, description=_l("Tomt: i den stora salen."))
    group = Line(
        _l("Parallellt pass"), length=40,
        description=_l(
            "Bara om flera punkter går samtidigt och deltagaren ska välja en av dem. Skriv samma "
            "namn på passet i varje punkt, till exempel ”Pass 1”."
        ),
    )  # fmt: skip
    track = Line(
        _l("Spår"), length=60,
        description=_l("Bara om dagen har spår, till exempel ”Spår Bostad”. Inget väljs med det."),
    )  # fmt: skip
    capacity = Number(
        _l("Platser"), low=1, description=_l("Bara för parallella punkter. Tomt: ingen gräns.")
    )
    people = Rows(wtforms.FormField(PersonForm), max_entries=MOST)
    new_name = Line(_l("Namn"))
    new_title = Line(_l("Titel"))
    new_organisation = Line(_l("Organisation"))
    new_role = Choice(_l("Roll"), choices=ROLES)
    new_consent = Yes(_l("Har sagt ja till att namn, titel och organisation publiceras"))

    starts: datetime | None = None
    ends: datetime | None = None

    def __init__(self, days: list[date], register: list[Speaker], data: dict[str, Any]) -> None:
        super().__init__(data=data)
        self.day.choices = [(one.isoformat(), day_words(one)) for one in days]
        self.days = days
        if len(days) == 1:
            del self["day"]
        self.register = {str(speaker.id): speaker for speaker in register}
        known = [
            (id_, f"{speaker.name}, {speaker.by}" if speaker.by else speaker.name)
            for id_, speaker in self.register.items()
        ]
        for line in self.people:
            line.form.speaker.choices = known

    def validate(self, extra_validators: Any = None) -> bool:
        """Check day and clocks together too."""
        fine = bool(super().validate(extra_validators))
        chosen = date.fromisoformat(self["day"].data) if "day" in self and fine else self.days[0]
        self.starts = together(chosen, self.begins)
        self.ends = together(chosen, self.stops)
        if self.starts and self.ends and self.ends <= self.starts:
            self.stops.errors = [_("Sluttiden måste vara senare än starttiden.")]
        return fine and not self.errors

    def facts(self) -> dict[str, Any]:
        """The facts of the item."""
        return {
            "kind": ItemKind(self.kind.data),
            "starts": self.starts,
            "ends": self.ends,
            "title": self.title.data,
            "text": self.text.data,
            "room": self.room.data,
            "group": self.group.data,
            "track": self.track.data,
            "capacity": self.capacity.data,
        }

    def chosen(self) -> list[tuple[int, SpeakerRole]]:
        """Those of the register who appear, with their roles."""
        return [
            (int(line.form.speaker.data), SpeakerRole(line.form.role.data or "speaker"))
            for line in self.people
            if line.form.speaker.data
        ]

    def new_speaker(self) -> dict[str, Any] | None:
        """The facts of somebody to add to the register, if a name was written."""
        if not self.new_name.data:
            return None
        return {
            "name": self.new_name.data,
            "title": self.new_title.data,
            "organisation": self.new_organisation.data,
            "consent": self.new_consent.data,
        }


def values_of(item: ProgrammeItem) -> dict[str, Any]:
    """What the form shows of `item`, with empty lines for more people."""
    people = [{"speaker": str(one.speaker_id), "role": one.role.value} for one in item.appearances]
    return {
        "version": item.version,
        "kind": item.kind.value,
        "day": wall(item.starts).date().isoformat(),
        "begins": wall(item.starts).time(),
        "stops": wall(item.ends).time(),
        "title": item.title,
        "text": item.text,
        "room": item.room,
        "group": item.group,
        "track": item.track,
        "capacity": item.capacity,
        "people": (people + blank_people())[:MOST],
    }


def values_of_new(begins: datetime, stops: datetime) -> dict[str, Any]:
    """What the form shows for a new item."""
    return {
        "kind": ItemKind.TALK.value,
        "day": wall(begins).date().isoformat(),
        "begins": time(wall(begins).hour, wall(begins).minute),
        "stops": time(wall(stops).hour, wall(stops).minute),
        "people": blank_people(),
    }


def blank_people() -> list[dict[str, str]]:
    """Empty lines to choose people in."""
    return [{"speaker": "", "role": SpeakerRole.SPEAKER.value}] * BLANKS
