"""What the enums of parties are called for people."""

from flask_babel import lazy_gettext as _l

from registrations.parties.rules import How

HOW = {
    How.ALL: _l("Alla eller ingen"),
    How.QUEUE: _l("Så många som får plats, resten på reservlistan"),
    How.FIT: _l("Så många som får plats, resten anmäls inte"),
}
HOW_NOTES = {
    How.ALL: _l("Får inte alla plats blir ingen anmäld, och vi säger hur många platser som finns."),
    How.QUEUE: _l("I den ordning ni står här. Blir en plats ledig får nästa den, och ett mejl."),
    How.FIT: _l("I den ordning ni står här. Du får veta vilka som inte kom med."),
}
