"""What the enums of registrations are called for people."""

from flask_babel import lazy_gettext as _l

from registrations.rules import SEATLESS, Answer, DataKind, RoleKind, Source, Status

STATUS = {
    Status.CONFIRMED: _l("Plats"),
    Status.OFFERED: _l("Erbjuden plats"),
    Status.UNPROVEN: _l("Väntar på bekräftelse via mejl"),
    Status.WAITING: _l("Reserv"),
    Status.PENDING: _l("Väntar på besked"),
    Status.DECLINED: _l("Fick inte plats"),
    Status.CANCELLED: _l("Avanmäld"),
}
CAME_WITHOUT_SEAT = _l("Kom utan plats")
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
    Source.GROUP: _l("Grupp"),
    Source.TRANSFER: _l("Övertagen plats"),
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
    DataKind.ANSWERS: _l("Svar på egna frågor"),
    DataKind.SPEAKER_NEEDS: _l("Medverkandes behov i rummet och meddelanden"),
    DataKind.SPEAKER_CONTACT: _l("Medverkandes e-postadresser och länkar"),
}
DONE = {
    "registration.made": _l("Anmäld"),
    "registration.revived": _l("Anmäld på nytt"),
    "registration.changed": _l("Ändrad"),
    "registration.cancelled": _l("Avanmäld"),
    "registration.promoted": _l("Fick plats från reservlistan"),
    "registration.put_first": _l("Flyttad först på reservlistan"),
    "registration.answered": _l("Svarade på frågor"),
    "registration.approved": _l("Godkänd"),
    "registration.declined": _l("Fick nej"),
    "registration.offered": _l("Erbjöds en plats från reservlistan"),
    "registration.offer_accepted": _l("Tackade ja till platsen"),
    "registration.offer_ended": _l("Svarade inte i tid på erbjudandet"),
    "registration.transferred": _l("Platsen överlåten"),
    "registration.took_over": _l("Tog över en plats"),
    "registration.untold": _l("Inget mejl skickat: adressen har fått för många"),
    "need.read": _l("Behov visade"),
    "door.in": _l("Avprickad"),
    "door.out": _l("Gick"),
    "door.undo": _l("Avprickning ångrad"),
    "door.corrected.in": _l("Närvaron rättad: var där"),
    "door.corrected.out": _l("Närvaron rättad: gick"),
    "door.corrected.undo": _l("Närvaron rättad: avprickningen gäller inte"),
}
# What the log of the authority tells besides.
ACTION = DONE | {
    "registration.made": _l("Tog emot en anmälan"),
    "registration.changed": _l("Ändrade en anmälan"),
    "registration.cancelled": _l("Avanmälde någon"),
    "registration.put_first": _l("Satte någon först på reservlistan"),
    "registration.approved": _l("Godkände en anmälan"),
    "registration.declined": _l("Svarade nej på en anmälan"),
    "registration.offered": _l("Erbjöd en plats från reservlistan"),
    "places.changed": _l("Ändrade platser och kvoter"),
    "places.released": _l("Släppte kvoterade platser"),
    "registration.transferred": _l("Överlät en plats"),
    "registration.took_over": _l("Satte någon på en överlåten plats"),
    "party.made": _l("Tog emot en gruppanmälan"),
    "party.untold": _l("Kunde inte mejla den som anmälde en grupp"),
    "need.read": _l("Läste behov av kost och tillgänglighet"),
    "door.in": _l("Prickade av någon"),
    "door.out": _l("Noterade att någon gick"),
    "door.undo": _l("Ångrade en avprickning"),
    "disposal.rule": _l("Ändrade en regel för gallring"),
    "disposal.run": _l("Gallrade"),
    "organisation.added": _l("Lade till en organisation"),
    "organisation.changed": _l("Ändrade en organisation"),
    "invitation.added": _l("Satte upp en organisation på listan"),
    "invitation.changed": _l("Ändrade en inbjudan"),
    "invitation.removed": _l("Tog bort en inbjudan"),
    "invitation.sent": _l("Skickade en inbjudan"),
    "invitation.reminded": _l("Påminde om en inbjudan"),
    "invitation.readdressed": _l("Rättade adressen till en inbjudan"),
    "invitation.accepted": _l("Organisationen tackade ja"),
    "invitation.declined": _l("Organisationen tackade nej"),
}


def stands_as(status: Status, came: object) -> str:
    """What somebody is called who has that status and came, or did not (None)."""
    return str(CAME_WITHOUT_SEAT if came and status in SEATLESS else STATUS[status])
