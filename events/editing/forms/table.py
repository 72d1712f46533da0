"""The table of the programme as one form."""

import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.errors import Refusal
from core.forms import Choice, Form, Line, Number, Rows, Version
from core.i18n import day as day_words
from events.editing.cells import cells_of, facts_of
from events.editing.rules import CELLS, Collision, Placed, read_span, span_text
from events.editing.services import Collided, SentRow
from events.models import ProgrammeItem
from events.rules import ItemKind
from events.words import ITEM_KIND

MOST, SHOWN = 400, 200  # rows that are read, and items that are shown
FIRST, LAST = date(1990, 1, 1), date(2200, 1, 1)  # days that something may be held
BLANKS = 2  # empty rows at the end of each day


class Span(Line):
    """Both times of an item in one cell: "09.30–10.00"; as data that text in one form."""

    def pre_validate(self, _form: Any) -> None:
        """Say what times look like when these are none."""
        if not self.data:
            return
        times = read_span(self.data)
        if times is None:
            raise wtforms.validators.StopValidation(
                _("Skriv när punkten börjar och slutar, till exempel 09.30–10.00.")
            )
        if times[1] <= times[0]:
            raise wtforms.validators.StopValidation(_("Sluttiden måste vara senare än starttiden."))
        self.data = span_text(*times)


class RowForm(wtforms.Form):
    """One item in a row. `id` is empty for a new one; `was` is what the row showed when opened."""

    id = Version()
    was = wtforms.HiddenField()
    day = Choice(_l("Dag"))
    when = Span(_l("Tid"), length=40)
    title = Line(_l("Rubrik"))
    kind = Choice(_l("Vad"), choices=[(kind.value, words) for kind, words in ITEM_KIND.items()])
    room = Line(_l("Rum"), length=100)
    track = Line(_l("Spår"), length=60)
    group = Line(_l("Pass"), length=40)
    capacity = Number(_l("Platser"), low=1)
    place = 0  # its number in the table

    @property
    def is_new(self) -> bool:
        """Whether it is an empty row to write in."""
        return not self.id.data

    @property
    def typed(self) -> bool:
        """Whether anything stands in a new row that makes it an item."""
        return any(self[name].data for name in ("when", "title", "room", "track", "group"))

    def cells(self) -> dict[str, str]:
        """What stands in the row, in the form of `cells_of`."""
        cells = {name: str(self[name].data or "") for name in CELLS}
        return cells | {"kind": cells["kind"] or ItemKind.TALK.value}

    def before(self) -> dict[str, str]:
        """What the row showed when it was opened; nothing where that cannot be read."""
        try:
            told = json.loads(self.was.data or "{}")
            day = date.fromisoformat(told["day"])
        except (ValueError, TypeError, KeyError, RecursionError):
            return {}
        if not FIRST <= day <= LAST:
            return {}
        return {name: told[name] for name in CELLS if isinstance(told.get(name), str)}

    def placed(self, key: int, saved: Placed | None) -> Placed | None:
        """The item as the row tells of it, or as it was saved; None where there is none."""
        if self.title.data and self.when.data:
            with contextlib.suppress(Refusal, ValueError, OverflowError):
                facts = facts_of(self.cells())
                if facts["ends"] > facts["starts"]:
                    return Placed(
                        key, facts["title"], facts["starts"], facts["ends"], facts["room"],
                        facts["group"], facts["track"], saved.people if saved else (),
                        facts["capacity"], saved.chosen if saved else 0,
                    )  # fmt: skip
        return replace(saved, key=key) if saved else None

    def check(self) -> None:
        """A row that holds anything needs time and title, at a time that exists."""
        if self.is_new and not self.typed:
            return
        if not self.title.data and not self.title.errors:
            self.title.errors = [_("Skriv en rubrik.")]
        if not self.when.data and not self.when.errors:
            self.when.errors = [_("Skriv när punkten börjar och slutar, till exempel 09.30–10.00.")]
        if not any(field.errors for field in self):
            try:
                facts_of(self.cells())
            except Refusal as refusal:
                self.when.errors = [str(refusal)]


class TableForm(Form):
    """The whole programme.

    `do` is what is to be done besides saving, e.g. "up:12"; `here` the row that is written in.
    """

    rows = Rows(wtforms.FormField(RowForm), max_entries=MOST)
    do = Line(length=60)
    here = Line(length=4)

    def __init__(self, days: Sequence[date], items: Sequence[ProgrammeItem]) -> None:
        super().__init__(data={"rows": rows_of(days, items)})
        self.days = list(days)
        self.theirs: dict[str, Collision] = {}
        for place, row in enumerate(self.row_forms):
            self._offer(row, place)

    def _offer(self, row: RowForm, place: int) -> None:
        row.place = place
        row.day.choices = [(one.isoformat(), day_words(one)) for one in self.days]
        kept = {one.isoformat() for one in self.days}
        told = row.before().get("day", "")
        if told and told not in kept:  # an item outside the event stays where it is
            row.day.choices.append((told, day_words(date.fromisoformat(told))))
        if not row.day.raw_data:  # not asked where the event has one day
            only = self.days[0].isoformat() if len(self.days) == 1 else row.day.data
            row.day.data = told or only or self.days[0].isoformat()

    @property
    def row_forms(self) -> list[RowForm]:
        """The rows."""
        return [entry.form for entry in self.rows]

    def by_day(self) -> list[tuple[date, list[RowForm]]]:
        """The rows under the day they were opened in."""
        found: dict[str, list[RowForm]] = {one.isoformat(): [] for one in self.days}
        for row in self.row_forms:
            day = row.before().get("day") or row.day.data
            known = [value for value, _words in row.day.choices]
            found.setdefault(day if day in known else known[0], []).append(row)
        return [(date.fromisoformat(day), rows) for day, rows in sorted(found.items())]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each row as a whole too."""
        fine = bool(super().validate(extra_validators))
        for row in self.row_forms:
            row.check()
        return fine and not any(field.errors for row in self.row_forms for field in row)

    def refuse(self, refusal: Refusal) -> None:
        """Show a rule's sentence at the cell it is about, or above the table."""
        for row in self.row_forms:
            for field in row:
                if field.name == refusal.field:
                    field.errors = [*field.errors, str(refusal)]
                    return
        super().refuse(refusal)

    @property
    def mistakes(self) -> list[tuple[str, str]]:
        """(field id, sentence) for the summary, cell by cell."""
        return [("", str(sentence)) for sentence in self.form_errors] + [
            (field.id, f"{row.title.data or _('Ny rad')}: {sentence}")
            for row in self.row_forms
            for field in row
            for sentence in field.errors
        ]

    def sent(self) -> list[SentRow]:
        """The rows to save: those that are there, and new ones in which something stands."""
        return [
            SentRow(place, row.id.data or None, row.before(), row.cells())
            for place, row in enumerate(self.row_forms)
            if row.id.data or row.typed
        ]

    def written_in(self) -> int | None:
        """The place of the row that is written in, where the page says so."""
        told = self.here.data or ""
        return int(told) if told.isdecimal() else None

    def placed(self, saved: Sequence[Placed]) -> list[Placed]:
        """The items as they would be with what is typed; what cannot be read is as it was saved.

        Each is known by the place of its row; people and chosen seats are those of the saved item.
        """
        there = {one.key: one for one in saved}
        return [
            placed
            for place, row in enumerate(self.row_forms)
            if (placed := row.placed(place, there.get(row.id.data or 0))) is not None
        ]

    def collide(self, error: Collided, items: Mapping[int, ProgrammeItem]) -> None:
        """Show what somebody else has saved meanwhile; the next save knows of it.

        A cell that both changed keeps what was typed, with the other's text beside it.
        """
        for place, row in enumerate(self.row_forms):
            item = items.get(row.id.data or 0)
            if row.is_new:
                continue
            if item is None:
                self._forget(row, gone=place in error.gone)
                continue
            before, theirs = row.before(), cells_of(item)
            for name in CELLS:
                if str(row[name].data or "") == before.get(name):
                    row[name].raw_data = None
                    row[name].data = theirs[name] or None
            row.was.data = json.dumps(theirs, ensure_ascii=False)
            for collision in error.rows.get(place, []):
                self.theirs[row[collision.cell].id] = collision
        self._add_unseen(items)

    def _forget(self, row: RowForm, *, gone: bool) -> None:
        """A row whose item was removed: what was changed in it becomes a new one."""
        row.id.data = 0
        row.was.data = ""
        if gone:
            self.form_errors.append(
                _(
                    "”%(title)s” har tagits bort av någon annan. Din rad finns kvar och blir en ny "
                    "punkt om du sparar; töm den annars.",
                    title=row.title.data or "",
                )
            )
            return
        for name in ("when", "title", "room", "track", "group", "capacity"):
            row[name].raw_data = None
            row[name].data = None

    def _add_unseen(self, items: Mapping[int, ProgrammeItem]) -> None:
        seen = {row.id.data for row in self.row_forms}
        for id_, item in items.items():
            if id_ not in seen and len(self.rows) < MOST:
                self.rows.append_entry(row_of(item))
                self._offer(self.row_forms[-1], len(self.rows) - 1)


def row_of(item: ProgrammeItem) -> dict[str, Any]:
    """What the row of an item holds."""
    cells = cells_of(item)
    return cells | {
        "id": item.id, "was": json.dumps(cells, ensure_ascii=False), "capacity": item.capacity,
    }  # fmt: skip


def rows_of(days: Sequence[date], items: Sequence[ProgrammeItem]) -> list[dict[str, Any]]:
    """All rows, each day's with empty ones at its end."""
    blank = {"id": 0, "was": "", "kind": ItemKind.TALK.value}
    rows = [row_of(item) for item in items[:SHOWN]]
    return rows + [blank | {"day": day.isoformat()} for day in days for _n in range(BLANKS)]
