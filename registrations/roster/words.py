"""What the list's columns are called for people."""

from flask_babel import lazy_gettext as _l

from registrations.roster.rules import Column

COLUMN = {
    Column.STATUS: _l("Status"),
    Column.CAME: _l("Kom"),
    Column.ORGANISATION: _l("Organisation"),
    Column.SECTOR: _l("Sektor"),
    Column.MUNICIPALITY: _l("Kommun"),
    Column.COUNTY: _l("Län"),
    Column.ROLE: _l("Roll"),
    Column.MODE: _l("Deltar"),
    Column.CHOICES: _l("Val"),
    Column.TIME: _l("Anmäld"),
    Column.SOURCE: _l("Anmäld via"),
    Column.CONSENT: _l("Deltagarlista"),
}
