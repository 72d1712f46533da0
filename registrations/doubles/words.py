"""Doubles in words."""

from flask_babel import lazy_gettext as _l

from registrations.doubles.rules import Why

WHY = {
    Why.NAME: _l("Samma namn, olika adress"),
    Why.ADDRESS: _l("Samma adress, liknande namn"),
    Why.PHONE: _l("Samma telefon"),
}
DONE = {
    "registration.merged": _l("Sammanslagen"),
    "registration.two_persons": _l("Inte samma person som en annan"),
}
FIELD = {
    "first_name": _l("Förnamn"),
    "last_name": _l("Efternamn"),
    "email": _l("E-post"),
    "phone": _l("Telefon"),
    "organisation": _l("Organisation"),
    "sector": _l("Sektor"),
    "municipality": _l("Kommun"),
    "role_kind": _l("Roll"),
    "list_consent": _l("Deltagarlista"),
}
