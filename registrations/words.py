"""What the enums of registrations are called for people."""

from flask_babel import lazy_gettext as _l

from registrations.rules import Answer, DataKind, RoleKind, Source, Status

STATUS = {
    Status.CONFIRMED: _l("Plats"),
    Status.WAITING: _l("Reserv"),
    Status.PENDING: _l("Väntar på besked"),
    Status.DECLINED: _l("Fick inte plats"),
    Status.CANCELLED: _l("Avanmäld"),
}
ROLE_KIND = {
    RoleKind.OFFICIAL: _l("Tjänsteperson"),
    RoleKind.ELECTED: _l("Förtroendevald"),
    RoleKind.OTHER: _l("Annan roll"),
}
SOURCE = {
    Source.WEB: _l("Webben"),
    Source.STAFF: _l("Inlagd av handläggare"),
    Source.INVITATION: _l("Inbjudan"),
    Source.IMPORT: _l("Import"),
}
ANSWER = {
    Answer.DRAFT: _l("Inte skickad"),
    Answer.SENT: _l("Inget svar än"),
    Answer.ACCEPTED: _l("Tackat ja"),
    Answer.DECLINED: _l("Tackat nej"),
}
DATA_KIND = {
    DataKind.NEEDS: _l("Kost och behov"),
    DataKind.WAITING_LIST: _l("Reservlista och oavslutade anmälningar"),
    DataKind.CONTACT: _l("Deltagarnas kontaktuppgifter"),
}
DONE = {
    "registration.made": _l("Anmäld"),
    "registration.revived": _l("Anmäld på nytt"),
    "registration.changed": _l("Ändrad"),
    "registration.cancelled": _l("Avanmäld"),
    "registration.promoted": _l("Fick plats från reservlistan"),
    "registration.put_first": _l("Flyttad först på reservlistan"),
    "need.read": _l("Behov visade"),
    "door.in": _l("Avprickad"),
    "door.undo": _l("Avprickning ångrad"),
}
