"""What things of seminars are called for people."""

from flask_babel import lazy_gettext as _l

from registrations.placement.rules import How, Outcome

HOW = {
    How.FIRST_COME: _l("Först till kvarn: platsen tas när någon anmäler sig"),
    How.PLACED: _l("Fördelas efter sista anmälningsdagen: alla önskar i första och andra hand"),
}
SHORT_HOW = {
    How.FIRST_COME: _l("Först till kvarn"),
    How.PLACED: _l("Fördelas efter önskemål"),
}
OUTCOME = {
    Outcome.FIRST: _l("Förstahandsval"),
    Outcome.SECOND: _l("Andrahandsval"),
    Outcome.ROOM: _l("Där det fanns plats"),
    Outcome.NONE: _l("Ingen plats"),
    Outcome.BY_HAND: _l("Flyttad av arrangören"),
}
DONE = {
    "placement.wished": _l("Ändrade sina önskemål om seminarier"),
    "placement.moved": _l("Flyttad mellan seminarier"),
}
ACTION = {
    "placement.wished": _l("Ändrade önskemål om seminarier"),
    "placement.moved": _l("Flyttade någon mellan seminarier"),
    "placement.settings": _l("Ändrade hur seminarieplatser fördelas"),
    "placement.applied": _l("Fördelade seminarieplatser"),
}
