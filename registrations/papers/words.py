"""What lists and badges are called for people."""

from flask_babel import lazy_gettext as _l

from registrations.papers.rules import Hidden, Level, Order, Part, Who

LEVEL = {
    Level.PARTICIPANTS: _l("Deltagarlista"),
    Level.INTERNAL: _l("Intern deltagarlista"),
    Level.REGISTER: _l("Utdrag ur anmälningarna"),
}
ORDER = {
    Order.NAME: _l("Efternamn"),
    Order.ORGANISATION: _l("Organisation"),
}
WHO = {
    Who.ALL: _l("Alla som har plats i salen"),
    Who.NEW: _l("Bara nya och ändrade sedan sist"),
    Who.SOME: _l("Ett urval"),
    Who.BLANK: _l("Tomma brickor att skriva på"),
}
PART = {
    Part.ORGANISATION: _l("Organisation"),
    Part.MUNICIPALITY: _l("Kommun"),
    Part.ROLE: _l("Roll (tjänsteperson, förtroendevald)"),
    Part.CHOICES: _l("Valda seminarier"),
    Part.CODE: _l("QR-kod för avprickning i dörren"),
}
HIDDEN = {
    Hidden.BLANK: _l("Tom rad att skriva på"),
    Hidden.NUMBER: _l("”Deltagare” och numret"),
}
SHEET = {
    "90x54": _l("90 × 54 mm, 10 på ett A4"),
    "85x55": _l("85 × 55 mm, 10 på ett A4 med mellanrum"),
    "60x90": _l("60 × 90 mm, stående i band, 9 på ett A4"),
    "a6": _l("A6, stående i band, 4 på ett A4"),
    "62": _l("62 × 100 mm, en i taget på rulle"),
}
ACTION = {
    "papers.list": _l("Hämtade en deltagarlista"),
    "papers.register": _l("Hämtade ett utdrag ur anmälningarna att lämna ut"),
    "papers.door": _l("Hämtade avprickningslistan"),
    "papers.needs": _l("Hämtade listan över behov"),
    "papers.badges": _l("Gjorde namnbrickor"),
}
