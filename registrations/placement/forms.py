"""What is asked about slots: of participants, and of the organiser."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from core.forms import Choice, Form, Line, Radio, Several, Yes
from events.rules import Mode
from registrations.placement.queries import Choosable
from registrations.placement.rules import How, Pick
from registrations.placement.words import HOW
from registrations.queries.public import Group

LATER = "0"  # the choice of nothing yet


def slot_fields(groups: Iterable[Group], *, short: bool = False) -> dict[str, Any]:
    """The fields of a form for these slots: a first and a second choice in each.

    `short`: lists instead of all choices on view, for the organiser.
    """
    fields: dict[str, Any] = {}
    for group in groups:
        lines = [(str(option.id), option.title) for option in group.options]
        fields[group.field] = (
            Choice(_first_label(group, short=True), blank=_l("Inget val"), choices=lines)
            if short
            else Radio(
                _first_label(group),
                default=LATER,
                choices=[
                    *lines,
                    (LATER, _l("Inget önskemål") if group.placed else _l("Jag väljer senare")),
                ],
            )
        )
        fields[f"validate_{group.field}"] = not_online(group)
        if len(group.options) > 1:
            fields[group.second] = Choice(
                _l("Andrahandsval: %(group)s", group=group.name),
                blank=_l("Inget andrahandsval"),
                choices=lines,
                description=""
                if group.placed
                else _l("Används bara om förstahandsvalet hinner bli fullt."),
            )
            fields[f"validate_{group.second}"] = another(group)
    return fields


def _first_label(group: Group, *, short: bool = False) -> Any:
    if group.placed:
        return _l("Önska seminarium: %(group)s", group=group.name)
    return group.name if short else _l("Välj ett pass: %(group)s", group=group.name)


def picks_of(form: Any, groups: Iterable[Group]) -> list[Pick]:
    """What a form with `slot_fields` says of each slot."""
    return [
        Pick(group.field, group.name, _id(form, group.field), _id(form, group.second), group.placed)
        for group in groups
    ]


def as_wished(
    groups: Iterable[Group], wished: dict[str, tuple[int | None, int | None]]
) -> dict[str, str]:
    """What the fields of slots that are placed show at first."""
    data = {}
    for group in groups:
        if group.placed and group.name in wished:
            first, second = wished[group.name]
            data[group.field] = str(first) if first else LATER
            data[group.second] = str(second) if second else ""
    return data


def _id(form: Any, name: str) -> int | None:
    value = form[name].data if name in form else None
    return int(value) if value and value != LATER else None


def not_online(group: Group, suffix: str = "") -> Callable[[Any, Any], None]:
    """A check that nobody online chooses what is held in the room only."""

    def check(form: Any, field: Any) -> None:
        mode = f"mode{suffix}"
        online = mode in form and form[mode].data == Mode.ONLINE
        if online and (field.data or LATER) != LATER and int(field.data) in group.in_room:
            raise StopValidation(
                _("Det hålls bara på plats. Välj ett annat, eller delta på plats.")
            )

    return check


def another(group: Group, suffix: str = "") -> Callable[[Any, Any], None]:
    """A check of the second choice: another than the first, which there must be."""
    in_room = not_online(group, suffix)

    def check(form: Any, field: Any) -> None:
        if not field.data:
            return
        first = form[group.field + suffix].data
        if not first or first == LATER:
            raise StopValidation(_("Välj ett förstahandsval också."))
        if first == field.data:
            raise StopValidation(_("Välj ett annat andrahandsval än förstahandsvalet."))
        in_room(form, field)

    return check


class SlotsForm(Form):
    """How the seats of each slot are given."""

    names: tuple[str, ...] = ()

    def how(self) -> dict[str, How]:
        """What was said of each slot."""
        return {name: How(self[f"how_{place}"].data) for place, name in enumerate(self.names)}

    def for_online(self) -> list[int]:
        """The items that are for those online too."""
        return [int(id_) for id_ in self["online"].data or []] if "online" in self else []


def slots_form(groups: Mapping[str, Sequence[Choosable]], *, hybrid: bool) -> type[SlotsForm]:
    """The form of one event; with a box for each item where some take part online."""
    fields: dict[str, Any] = {"names": tuple(groups)}
    for place, name in enumerate(groups):
        fields[f"how_{place}"] = Radio(
            _l("Så fördelas platserna: %(group)s", group=name),
            required=_l("Välj hur platserna fördelas."),
            choices=[(how.value, words) for how, words in HOW.items()],
        )
    if hybrid:
        fields["online"] = Several(
            _l("Också för dem som deltar på nätet"),
            description=_l(
                "Gäller när platserna fördelas. Andra seminarier är bara för dem som är på plats."
            ),
            choices=[
                (str(item.id), f"{item.group}: {item.title}")
                for items in groups.values()
                for item in items
            ],
        )
    return type("SlotsOfEvent", (SlotsForm,), fields)


class ApplyForm(Form):
    """Carry out what was previewed."""

    seen = wtforms.HiddenField()
    since = wtforms.HiddenField()
    fill = wtforms.HiddenField()
    anew = wtforms.HiddenField()
    rule = wtforms.HiddenField()
    letters = Yes(
        _l("Mejla var och en sina platser"),
        description=_l("Ett mejl till varje person, med platserna och varför det blev så."),
        default=True,
    )


class MoveForm(Form):
    """Move somebody between the items of a slot."""

    to = Radio(_l("Plats på"), required=_l("Välj vart personen flyttas."))
    reason = Line(
        _l("Anledning"),
        required=_l("Skriv varför, till exempel ”Bad om att få byta”."),
        length=300,
        description=_l("Syns i historiken, inte för deltagaren. Skriv inget om hälsa."),
    )
