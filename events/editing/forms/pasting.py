"""A programme as text."""

from flask_babel import lazy_gettext as _l

from core.forms import Form, Line, Prose, Radio, Yes

PASTED = 20_000  # characters


class PasteForm(Form):
    """A programme as text; `do` says whether it is only to be looked at."""

    text = Prose(
        _l("Programmet som text"),
        required=_l("Klistra in eller skriv programmet."),
        length=PASTED,
        description=_l(
            "En punkt på varje rad: tid, rubrik och gärna medverkande efter ett tankstreck eller "
            "inom parentes. Dagar och spår som egna rader: ”Dag 2”, ”tisdag 9 mars”, ”Spår A”."
        ),
    )
    parallel = Radio(
        _l("Punkter som har exakt samma tid"),
        default="choice",
        choices=[
            ("choice", _l("Deltagaren väljer en av dem i anmälan")),
            ("side", _l("De går bara samtidigt, utan val")),
        ],
    )
    with_people = Yes(
        _l("Lägg till medverkande i registret"),
        default=True,
        description=_l("Namnen visas för andra först när personen har sagt ja."),
    )
    instead = Yes(_l("Ersätt det som står i programmet nu"))
    do = Line(length=20)
