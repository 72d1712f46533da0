"""What the log tells of registrations that are to be confirmed."""

from flask_babel import lazy_gettext as _l

DONE = {
    "registration.held": _l("Väntar på bekräftelse via mejl"),
    "registration.proved": _l("Bekräftade via mejl"),
    "registration.hold_ended": _l("Bekräftade inte via mejl i tid"),
}
