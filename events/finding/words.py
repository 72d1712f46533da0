"""What the kinds of documents are called for people."""

from flask_babel import lazy_gettext as _l

from events.finding.rules import DocumentKind

DOCUMENT_KIND = {
    DocumentKind.EVENT: _l("Evenemang"),
    DocumentKind.ITEM: _l("Programpunkt"),
    DocumentKind.SPEAKER: _l("Medverkande"),
    DocumentKind.MINUTES: _l("Dokumentation"),
    DocumentKind.FILE: _l("Fil"),
}
