"""What collides, and why a line cannot be read, in words."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from events.editing.rules import Clash, Conflict, Why
from events.editing.templates import Template

CLASH = {
    Clash.ROOM: _l("%(what)s är upptagen samtidigt: ”%(other)s”."),
    Clash.PLENARY: _l(
        "Samtidigt med ”%(other)s”, och ingen av dem har ett rum. Skriv rum eller spår."
    ),
    Clash.PERSON: _l("%(what)s är samtidigt med i ”%(other)s”."),
    Clash.MODERATOR: _l("Moderatorn %(what)s är samtidigt med i ”%(other)s”."),
    Clash.CHOSEN: _l("%(what)s har %(seats)s platser, men %(people)s har valt punkten."),
    Clash.OFFERED: _l("%(what)s har %(seats)s platser, men punkten erbjuder %(people)s."),
    Clash.OUTSIDE: _l("Ligger utanför evenemangets tid, som står under Inställningar."),
}
WHY = {
    Why.NO_TIME: _l("Raden har inget klockslag."),
    Why.BAD_TIME: _l("Klockslaget finns inte. Skriv till exempel 09.30–10.00."),
    Why.BACKWARDS: _l("Punkten slutar innan den börjar."),
    Why.NO_TITLE: _l("Raden har ett klockslag men ingen rubrik."),
    Why.BAD_DAY: _l("Dagen finns inte."),
    Why.TOO_MANY: _l("Högst 200 punkter åt gången."),
}
TEMPLATE = {
    Template.MORNING: _l("En halv dag"),
    Template.DAY: _l("En dag"),
    Template.TWO_DAYS: _l("Två dagar"),
    Template.COUNCIL: _l("Sakråd: läget hos varje myndighet, sedan en runda"),
}
ACTION = {"rooms.changed": _l("Ändrade rummen")}


def told(conflict: Conflict) -> str:
    """One thing that collides, as a sentence."""
    return str(CLASH[conflict.clash]) % {
        "what": conflict.what or _("Rummet"), "other": conflict.other, "seats": conflict.seats,
        "people": conflict.people,
    }  # fmt: skip
