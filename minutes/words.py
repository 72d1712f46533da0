"""What the enums of minutes are called for people."""

from flask_babel import lazy_gettext as _l

from minutes.rules import Form, Odd, Part, State

STATE = {State.DRAFT: _l("Utkast"), State.PUBLISHED: _l("Publicerade")}
FORM = {Form.NOTES: _l("Minnesanteckningar"), Form.REPORT: _l("Sammanfattande rapport")}
HEADING = {
    Part.INTRODUCTION: _l("Inledning"),
    Part.PARTICIPANTS: _l("Deltagare"),
    Part.CONCLUSIONS: _l("Sammanfattande slutsatser"),
    Part.CLOSING: _l("Avslutande kommentarer"),
}
# In notes from a sakråd three parts have other names (domain.md, section 3).
COUNCIL_HEADING = HEADING | {
    Part.INTRODUCTION: _l("Inledning och syfte"),
    Part.PARTICIPANTS: _l("Närvarande"),
    Part.CONCLUSIONS: _l("Sammanfattning"),
    Part.CLOSING: _l("Avslutning"),
}
COUNCIL_SECTIONS = (
    _l("Presentationsrunda"),
    _l("Lägesbild från myndigheterna"),
    _l("Frågeställningar"),
    _l("Synpunkter och medskick från organisationerna"),
    _l("Diskussion"),
)
FOLLOW_UP = _l("Fortsatt arbete och återkoppling")
HINT = {
    Part.INTRODUCTION: _l("Varför ni möttes, vem som ordnade dagen och hur den var upplagd."),
    Part.PARTICIPANTS: _l(
        "Siffrorna hämtas från anmälan och dörren. Skriv bara det de inte säger, "
        "till exempel vilka som anmält förhinder. Nämn inga deltagare vid namn."
    ),
    Part.ITEM: _l("Det viktigaste som sades, och vem som svarade för vad."),
    Part.CONCLUSIONS: _l("En punkt för varje slutsats: vad, vem som ansvarar och till när."),
    Part.CLOSING: _l("Ett stycke för var och en: **Namn, organisation:** vad personen sade."),
}
ODD = {
    Odd.NOT_OVER: _l("Evenemanget är inte slut än."),
    Odd.NO_CASE_NUMBER: _l("Diarienummer saknas."),
    Odd.UNUSUAL_CASE_NUMBER: _l("Diarienumret ser inte ut som diarienummer brukar."),
    Odd.NO_CHAIR: _l("Ordförande saknas."),
    Odd.NO_NOTE_TAKER: _l("Det står inte vem som har fört anteckningarna."),
    Odd.NO_INTRODUCTION: _l("Inledningen är tom."),
    Odd.NO_SECTIONS: _l("Det finns inget avsnitt om vad som sades."),
    Odd.EMPTY_SECTION: _l("Tomt avsnitt, kommer inte med"),
    Odd.NO_CONCLUSIONS: _l("Slutsatserna är tomma."),
    Odd.NOBODY_CAME: _l("Ingen är avprickad i dörren, så hur många som kom står inte med."),
}
ACTION = {
    "minutes.started": _l("Började på minnesanteckningarna"),
    "minutes.changed": _l("Ändrade i minnesanteckningarna"),
    "minutes.section_added": _l("Lade till ett avsnitt i minnesanteckningarna"),
    "minutes.section_changed": _l("Skrev i ett avsnitt i minnesanteckningarna"),
    "minutes.section_moved": _l("Flyttade ett avsnitt i minnesanteckningarna"),
    "minutes.section_removed": _l("Tog bort ett avsnitt i minnesanteckningarna"),
    "minutes.published": _l("Publicerade minnesanteckningarna"),
    "minutes.addendum": _l("Lade till ett tillägg till minnesanteckningarna"),
}
FIELD = {"chair": _l("Ordförande"), "note_taker": _l("Antecknare"), "heading": _l("Rubrik")}
