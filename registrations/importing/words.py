"""What columns are called for people."""

from flask_babel import lazy_gettext as _l

from registrations.importing.rules import Field, Surplus

FIELD = {
    Field.FIRST_NAME: _l("Förnamn"),
    Field.LAST_NAME: _l("Efternamn"),
    Field.NAME: _l("Hela namnet"),
    Field.EMAIL: _l("E-post"),
    Field.PHONE: _l("Telefon"),
    Field.ORGANISATION: _l("Organisation"),
    Field.SECTOR: _l("Sektor"),
    Field.MUNICIPALITY: _l("Kommun"),
    Field.ROLE_KIND: _l("Roll"),
    Field.MODE: _l("Deltar"),
    Field.LIST_CONSENT: _l("Deltagarlista"),
    Field.PROTECTED: _l("Skyddade personuppgifter"),
}
SURPLUS = {
    Surplus.REFUSE: _l("Lägg inte in någon"),
    Surplus.QUEUE: _l("Lägg in så många som får plats, och sätt resten på reservlistan"),
}
EXAMPLE = (
    Field.FIRST_NAME, Field.LAST_NAME, Field.EMAIL, Field.PHONE, Field.ORGANISATION, Field.SECTOR,
    Field.MUNICIPALITY, Field.ROLE_KIND, Field.MODE,
)  # fmt: skip
ACTION = {"registration.imported": _l("Lade in deltagare från en fil")}
