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
            "inom parentes. Dagar som egna rader, till exempel ”Dag 2” eller ”tisdag 9 mars”."
        ),
    )
    parallel = Radio(
        _l("Punkter som har exakt samma tid"),
        default="choice",
        choices=[
            ("choice", _l("Deltagaren väljer en av dem när man anmäler sig")),
            ("side", _l("De går bara samtidigt, utan val")),
        ],
    )
    with_people = Yes(
        _l("Lägg till medverkande i registret"),
        default=True,
        description=_l("Namnen visas för andra först när personen har sagt ja."),
    )
    do = Line(length=20)
