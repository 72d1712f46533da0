"""What files are called for people."""

from flask_babel import lazy_gettext as _l

from events.attachments.rules import Access, FileKind, Lacking, Visibility

VISIBILITY = {
    Visibility.PUBLIC: _l("Alla"),
    Visibility.REGISTERED: _l("De som har en plats"),
    Visibility.STAFF: _l("Bara vi som arbetar här"),
}
VISIBILITY_NOTE = {
    Visibility.PUBLIC: _l("på evenemangets sida och i dokumentationen"),
    Visibility.REGISTERED: _l("på deras egen sida"),
    Visibility.STAFF: "",
}
ACCESS = {
    Access.UNKNOWN: _l("Vet inte än"),
    Access.ACCESSIBLE: _l("Filen är tillgänglig"),
    Access.ELSEWHERE: _l("Det finns en tillgänglig version på en annan adress"),
    Access.EXEMPT: _l("Filen är inte tillgänglig, av ett skäl som lagen godtar"),
}
KIND = {
    FileKind.PDF: "PDF",
    FileKind.PPTX: _l("presentation, PPTX"),
    FileKind.DOCX: _l("dokument, DOCX"),
    FileKind.ODT: _l("dokument, ODT"),
    FileKind.ODP: _l("presentation, ODP"),
    FileKind.JPEG: _l("bild, JPEG"),
    FileKind.PNG: _l("bild, PNG"),
}
LACKING = {
    Lacking.ALTERNATIVE: _l("Beskriv bilden i ord, så att den som inte ser den får veta detsamma."),
    Lacking.ACCESS: _l("Säg om filen är tillgänglig innan den visas för alla."),
    Lacking.ADDRESS: _l("Skriv adressen till den tillgängliga versionen."),
    Lacking.REASON: _l("Skriv skälet. Det visas för den som inte kan läsa filen."),
}
LACKING_FIELD = {
    Lacking.ALTERNATIVE: "alternative",
    Lacking.ACCESS: "access",
    Lacking.ADDRESS: "access_url",
    Lacking.REASON: "access_reason",
}
ACTION = {
    "attachment.added": _l("Lade till en handling"),
    "attachment.changed": _l("Ändrade en handling"),
    "attachment.replaced": _l("Bytte fil i en handling"),
    "attachment.removed": _l("Tog bort en handling"),
}
