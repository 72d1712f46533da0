"""The rooms of an event as one form."""

from collections.abc import Sequence
from typing import Any

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.forms import Form, Line, Number, Rows, Version, Yes
from events.editing.models import Room
from events.editing.services.rooms import FACTS as ROOM_FACTS

ROOMS, NEW_ROOMS = 40, 3


class RoomForm(wtforms.Form):
    """One room in a row; `id` is empty for a new one."""

    id = Version()
    version = Version()
    name = Line(_l("Rum"), length=100)
    seats = Number(_l("Platser"), low=1)
    step_free = Yes(_l("Utan trappsteg"))
    hearing_loop = Yes(_l("Hörslinga"))
    note = Line(_l("Bra att veta"))

    def sent(self) -> tuple[int | None, int, dict[str, Any]]:
        """Id, version and facts, as the service takes them."""
        facts = {name: self[name].data for name in ROOM_FACTS}
        return self.id.data or None, self.version.data or 0, facts


class RoomsForm(Form):
    """All rooms of an event."""

    rooms = Rows(wtforms.FormField(RoomForm), max_entries=ROOMS)

    def __init__(self, rooms: Sequence[Room], unknown: Sequence[str]) -> None:
        rows = [{name: getattr(room, name) for name in ("id", "version", *ROOM_FACTS)}
                for room in rooms]  # fmt: skip
        rows += [{"id": 0, "version": 0, "name": name} for name in unknown]
        rows += [{"id": 0, "version": 0}] * NEW_ROOMS
        super().__init__(data={"rooms": rows[:ROOMS]})

    @property
    def row_forms(self) -> list[RoomForm]:
        """The rows."""
        return [entry.form for entry in self.rooms]

    @property
    def mistakes(self) -> list[tuple[str, str]]:
        """(field id, sentence) for the summary, cell by cell."""
        return [("", str(sentence)) for sentence in self.form_errors] + [
            (field.id, f"{row['name'].data or _('Nytt rum')}: {sentence}")
            for row in self.row_forms
            for field in row
            for sentence in field.errors
        ]
