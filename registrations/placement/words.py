"""What things of seminars are called for people."""

from flask_babel import lazy_gettext as _l

from registrations.placement.rules import How, Rule

HOW = {
    How.FIRST_COME: _l("Först till kvarn: platsen tas när någon anmäler sig"),
    How.PLACED: _l("Fördelas efter sista anmälningsdagen: alla önskar i första och andra hand"),
}
SHORT_HOW = {
    How.FIRST_COME: _l("Först till kvarn"),
    How.PLACED: _l("Fördelas efter önskemål"),
}
RULE = {
    Rule.MOST: _l("Så många som möjligt får något av sina val"),
    Rule.EARLIEST: _l("De som anmälde sig först får platserna"),
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
