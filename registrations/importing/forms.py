"""What is sent, how it is to be read, and that it is to be taken in."""

import contextlib
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms import FileField

from core.forms import Choice, Form, Prose, Radio, Yes
from core.reference import SECTOR_WORDS, Sector
from events.rules import Mode
from events.words import MODE
from registrations.importing.checking import Layout, missing
from registrations.importing.extras import Extra
from registrations.importing.rules import PASTED, Field, Surplus
from registrations.importing.words import FIELD, SURPLUS


class SendForm(Form):
    """A file, or a text that was copied."""

    file = FileField(_l("Fil"), description=_l("XLSX eller CSV, högst 5 MB och 5 000 rader."))
    text = Prose(
        _l("Eller klistra in en lista"),
        length=PASTED,
        description=_l(
            "Ur ett mejl eller ett kalkylark: en person på varje rad, till exempel "
            "”Åsa Öberg, Tranås kommun, asa@example.se”."
        ),
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.file.flags.required = self.text.flags.required = True  # one of them is

    def sent_file(self) -> tuple[str, bytes]:
        """The name and the bytes of the file; nothing where none was chosen."""
        file = self.file.data
        if not isinstance(file, FileStorage) or not file.filename:
            return "", b""
        with contextlib.closing(file):
            return file.filename, file.read()


class LayoutForm(Form):
    """What each column holds, and what is taken where a row says nothing."""

    headings = Yes(_l("Första raden är rubriker"))
    sector = Choice(
        _l("Sektor där filen inte säger något"),
        description=_l("Vi gissar på organisationens namn först."),
        choices=[(sector.value, words) for sector, words in SECTOR_WORDS.items()],
    )
    mode = Choice(_l("Deltar, där filen inte säger något"))
    width = 0
    extras: tuple[Extra, ...] = ()

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse a field that two columns hold, and a table without names."""
        good = bool(super().validate(extra_validators))
        chosen = [kind for kind in self.fields() if kind]
        for kind in set(chosen):
            if chosen.count(kind) > 1:
                self.form_errors.append(
                    _("Två kolumner är valda som %(name)s. Välj en.", name=str(FIELD[kind]))
                )
        own = list(self.own().values())
        for extra in self.extras:
            if own.count(extra) > 1:
                self.form_errors.append(
                    _("Två kolumner är valda som %(name)s. Välj en.", name=extra.label)
                )
        if good and missing(self.fields()):
            self.form_errors.append(_("Välj vilken kolumn som har namnet."))
        return good and not self.form_errors

    def fields(self) -> list[Field | None]:
        """What each column holds."""
        sent = [self[f"column_{place}"].data for place in range(self.width)]
        return [Field(name) if name in set(Field) else None for name in sent]

    def own(self) -> dict[int, Extra]:
        """The columns with the event's own questions and seminars."""
        by_key = {extra.key: extra for extra in self.extras}
        sent = {place: self[f"column_{place}"].data for place in range(self.width)}
        return {place: by_key[name] for place, name in sent.items() if name in by_key}

    def layout(self, modes: Sequence[Mode], *, guarded: bool) -> Layout:
        """How the table is to be read."""
        return Layout(
            fields=self.fields(),
            headings=self.headings.data,
            modes=modes,
            mode=Mode(self.mode.data) if self.mode.data else modes[0],
            sector=Sector(self.sector.data or Sector.OTHER),
            guarded=guarded,
            extras=self.own(),
        )


def layout_form(
    width: int, names: Sequence[str], modes: Sequence[Mode], extras: tuple[Extra, ...]
) -> type[LayoutForm]:
    """The form with one field for each column."""
    own = [(extra.key, _called(extra)) for extra in extras]
    columns = {
        f"column_{place}": Choice(
            names[place],
            blank=_l("Läs inte"),
            choices=[*((kind.value, words) for kind, words in FIELD.items()), *own],
        )
        for place in range(width)
    }
    mode = Choice(
        _l("Deltar, där filen inte säger något"),
        choices=[(mode.value, MODE[mode]) for mode in modes],
    )
    return type(
        "LayoutFormOfTable",
        (LayoutForm,),
        columns | {"mode": mode, "width": width, "extras": extras},
    )


def _called(extra: Extra) -> Any:
    if extra.second:
        return extra.label
    if extra.slot:
        return _l("Seminarium: %(name)s", name=extra.label)
    return _l("Fråga: %(name)s", name=extra.label[:80])


class BeginForm(Form):
    """Take them in: what becomes of the surplus, and whether they get a letter."""

    surplus = Radio(
        _l("Om platserna inte räcker"),
        default=Surplus.REFUSE.value,
        choices=[(kind.value, words) for kind, words in SURPLUS.items()],
    )
    mail = Yes(
        _l("Mejla en bekräftelse till var och en"),
        description=_l("Med kalenderfil och en länk där de kan ändra eller avanmäla sig."),
    )
